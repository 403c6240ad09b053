"""Carries out a run until its input ends.

python -m memory.ledger.program_living HOME RUN
"""

import os
import sys
from pathlib import Path

from aipipe.memory.ledger.liveness import living

if __name__ == "__main__":
    with living(Path(sys.argv[1]), sys.argv[2]):
        os.write(1, b"alive\n")
        sys.stdin.read()

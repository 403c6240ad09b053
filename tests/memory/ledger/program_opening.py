"""Opens a ledger as an aipipe would that knows one version more, and closes it.

python -m memory.ledger.program_opening HOME
"""

import sys
from pathlib import Path

from memory.ledger.keeping import newer, world

from aipipe.memory.ledger.writer import Writer

if __name__ == "__main__":
    Writer(newer(Path(sys.argv[1])), world()).close()

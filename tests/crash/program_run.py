"""Carries out the run in a folder: `program_run.py FOLDER [OUT]`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crash.running import carry_out

if __name__ == "__main__":
    sys.exit(carry_out(Path(sys.argv[1]), *sys.argv[2:]))

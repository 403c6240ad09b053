"""Memory while large results are downloaded, against small ones.

python benchmarks/downloads.py [FILES] [MEGABYTES]

Each run is a process of its own; its peak is what the system counted.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from calls import by_aipipe, served

AT_ONCE = 16
FILM = "{type: text_to_video, model: hailuo_2_3_t2v}"


def peak(count: int, size: int) -> float:
    """Megabytes that a process takes at most."""
    command = [sys.executable, __file__, "run", str(count), str(size)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run(count: int, size: int) -> None:
    """One run, and its peak in megabytes."""
    with tempfile.TemporaryDirectory() as place, served(size) as base:
        by_aipipe(base, count, AT_ONCE, Path(place), FILM)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(count: int, megabytes: int) -> None:
    """Compare."""
    small, large = peak(count, 2_000), peak(count, megabytes << 20)
    print(f"{count} files of 2 kB      {small:7.1f} MB at most")
    print(f"{count} files of {megabytes} MB     {large:7.1f} MB at most")
    print(f"difference            {large - small:7.1f} MB, of {count * megabytes} MB downloaded")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*(int(each) for each in [*sys.argv[1:], "100", "20"][:2]))

"""What lies in the store and among the raw answers: names, bytes, and when each was last used."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file as it was found. `used` is its last use, in nanoseconds since 1970."""

    path: Path
    bytes: int
    used: int

    @property
    def name(self) -> str:
        """As the ledger knows it: `<sha256>.<extension>`."""
        return self.path.name


def stored_files(root: Path) -> Iterator[Stored]:
    """Every whole file of the store below `root`, in no order; nothing where there is no store."""
    with suppress(FileNotFoundError):
        for folder in root.iterdir():
            if len(folder.name) == 2:  # noqa: PLR2004 (the beginning of a hash)
                yield from (each for each in _files(folder) if _NAME.fullmatch(each.name))


def raw_answers(folder: Path) -> Iterator[Stored]:
    """Every file below the folder of raw answers; nothing where there is none."""
    for path in folder.rglob("*") if folder.is_dir() else ():
        if (found := _found(path)) is not None:
            yield found


def _files(folder: Path) -> Iterator[Stored]:
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in folder.iterdir():
            if (found := _found(path)) is not None:
                yield found


def _found(path: Path) -> Stored | None:
    """None where it went meanwhile, or is no file."""
    with suppress(FileNotFoundError):
        facts = path.lstat()
        if path.is_file() and not path.is_symlink():
            return Stored(path=path, bytes=facts.st_size, used=facts.st_mtime_ns)
    return None

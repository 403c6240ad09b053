"""The file system as planning looks at it."""

import glob
from pathlib import Path
from typing import Literal

from aipipe.app import typed
from aipipe.contracts.media import Medium
from aipipe.contracts.registry import Registry

_TEXT_LIMIT = 64 << 20
"""Bytes of the largest text that is read as one."""


class DiskFiles:
    """Files of this machine."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What stands at a path; None: nothing."""
        found = Path(path)
        if found.is_dir():
            return "folder"
        return "file" if found.exists() else None

    def medium(self, path: str) -> Medium | None:
        """The medium of a file by its extension, else by its content; None: unknown."""
        by_name = self._registry.medium_of_extension(Path(path).suffix[1:])
        if by_name is not None:
            return by_name
        from aipipe.media.probe import identify  # noqa: PLC0415 (heavy, and rarely needed)

        extension = identify(Path(path))
        return self._registry.medium_of_extension(extension) if extension else None

    def text(self, path: str) -> str:
        """A file's text, without a byte order mark."""
        from aipipe.media.texts import decoded  # noqa: PLC0415 (rarely needed)

        found = Path(path)
        if found.stat().st_size > _TEXT_LIMIT:
            raise OSError(0, f"larger than {_TEXT_LIMIT >> 20} MB")
        return decoded(found.read_bytes())

    def glob(self, pattern: str) -> list[str]:
        """The files that match, sorted."""
        found = glob.glob(pattern, recursive=True)  # noqa: PTH207 (absolute patterns)
        return sorted(path for path in found if Path(path).is_file())

    def stdin(self) -> str:
        """All of standard input."""
        return typed.text()

    def piped(self) -> str | None:
        """The file in which standard input was put, where it is no text."""
        return typed.kept()

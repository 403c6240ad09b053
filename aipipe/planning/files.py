"""The files that a plan looks at: an argument, so that planning stays pure."""

from typing import Literal, Protocol

from aipipe.contracts.media import Medium


class Files(Protocol):
    """Read-only looks at the file system; every path is absolute."""

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What stands at a path; None: nothing."""
        ...

    def medium(self, path: str) -> Medium | None:
        """The medium of a file by its content, else by its extension; None: unknown."""
        ...

    def text(self, path: str) -> str:
        """A file's text.

        Raises:
            OSError: it can't be read.
            UnicodeDecodeError: it is not UTF-8.
        """
        ...

    def glob(self, pattern: str) -> list[str]:
        """The files that match, sorted."""
        ...

    def stdin(self) -> str:
        """All of standard input.

        Raises:
            UnicodeDecodeError: it is no text.
        """
        ...

    def piped(self) -> str | None:
        """The file in which standard input was put, where it is media; None: it is a text."""
        ...

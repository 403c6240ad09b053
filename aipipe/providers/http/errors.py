"""What goes wrong with a request that costs nothing. No message holds credentials.

HttpError
├── UnreachedError    it did not get through: ask again
├── CutOffError       the body ended too early: download again
├── GoneError         404 or 410: the result is not there any more
├── TooLargeError     more than was allowed
└── UnreadableError   an answer that can't be used
"""

from typing import ClassVar

from aipipe.errors import StepError


class HttpError(StepError):
    """A request that costs nothing came to nothing."""

    word: ClassVar[str] = "http"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"http.{self.word}", message, hint=hint)


class UnreachedError(HttpError):
    """It did not get through: asking again may help."""

    word = "unreached"


class CutOffError(HttpError):
    """The body ended before it was whole: downloading again may help."""

    word = "cut_off"


class GoneError(HttpError):
    """What is asked for is not there (404, 410)."""

    word = "gone"


class TooLargeError(HttpError):
    """The body has more bytes than was allowed."""

    word = "too_large"


class UnreadableError(HttpError):
    """An answer came that can't be used."""

    word = "unreadable"

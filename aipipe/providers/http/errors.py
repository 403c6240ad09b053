"""What goes wrong with a request that costs nothing. No message holds credentials.

HttpError
├── UnreachedError    it did not get through: ask again
├── CutOffError       the body ended too early: download again
├── GoneError         404 or 410: it is not there
│   └── ExpiredError  the same of a result, which was there
├── TooLargeError     more than was allowed
└── UnreadableError   an answer that can't be used
"""

from aipipe.errors import StepError


class HttpError(StepError):
    """A request that costs nothing came to nothing."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(code or self.code, message)


class UnreachedError(HttpError):
    """It did not get through: asking again may help."""

    code = "unreached"


class CutOffError(HttpError):
    """The body ended before it was whole: downloading again may help."""

    code = "download_broken"


class GoneError(HttpError):
    """What is asked for is not there (404, 410)."""

    code = "not_found"


class ExpiredError(GoneError):
    """A result is not there any more (404, 410)."""

    code = "result.expired"


class TooLargeError(HttpError):
    """The body has more bytes than was allowed."""

    code = "answer_unreadable"


class UnreadableError(HttpError):
    """An answer came that can't be used."""

    code = "answer_unreadable"

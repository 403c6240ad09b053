"""What the standard streams can do: terminals, colours, encodings, and Rich's console on one."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from aipipe.errors import AipipeError, ExitCode

if TYPE_CHECKING:
    from rich.console import Console


def is_lively(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a display that redraws itself works here: a terminal that can move its cursor."""
    if environment.get("CI") and environment["CI"].lower() not in {"0", "false"}:
        return False
    return stream.isatty() and environment.get("TERM", "") != "dumb"


def has_unicode(stream: TextIO) -> bool:
    """Whether bars and check marks can be written."""
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("_", "-")
    return encoding.startswith("utf")


def rich_console(stream: TextIO, *, coloured: bool, environment: Mapping[str, str]) -> "Console":
    """Rich's console on a terminal, which neither wraps nor marks up what it is given."""
    from rich.console import Console  # noqa: PLC0415 (50 ms that a validation need not pay)

    return Console(
        file=stream,
        force_terminal=True,
        force_interactive=True,
        color_system="auto" if coloured else None,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=True,
        _environ=_without_colour_words(environment) if coloured else environment,
    )


def _without_colour_words(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, in which `--color always` has already been weighed against NO_COLOR."""
    return {key: value for key, value in environment.items() if key != "NO_COLOR"}


class ResultsLostError(AipipeError):
    """Results that can't be written: what reads them must not take them for whole."""

    exit_code = ExitCode.STEPS_FAILED
    code = "results_lost"


def write(stream: TextIO, text: str) -> None:
    """Write what the stream's encoding can hold of a text, at once.

    Progress that nobody can read any more (a broken pipe, a closed stream) is no reason to
    end a run.
    """
    with suppress(OSError):
        _put(stream, text)


def write_results(stream: TextIO, text: str) -> None:
    """Write as `write` does; a reader that went away has what it wanted.

    Raises:
        ResultsLostError: the disk is full, or whatever else keeps them from arriving.
    """
    try:
        _put(stream, text)
    except BrokenPipeError:
        return
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ResultsLostError(f"can't write the results: {why}") from error


def _put(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:
        stream.write(plain(text, stream.encoding or "ascii"))
    stream.flush()


def plain(text: str, encoding: str = "ascii") -> str:
    """The text as near as an encoding can hold it."""
    return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)


_PLAIN = str.maketrans("\u00b7\u2026\u2713\u2717\u00d7\u2014", "-~+xx-")
"""Middle dot, ellipsis, marks, times, dash."""

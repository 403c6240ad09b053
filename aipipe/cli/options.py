"""What the command line says, read once: amounts, times, texts, `NAME=VALUE`."""

import re
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from aipipe.errors import UsageError
from aipipe.media.texts import decoded

_DURATION = re.compile(
    r"(?:(?P<h>\d+(?:\.\d+)?)h)?(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s?)?"
)
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0}


def amount(option: str, text: str | None) -> Decimal | None:
    """USD: `2.50` or `$2.50`.

    Raises:
        UsageError: it is no amount.
    """
    if text is None:
        return None
    try:
        value = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        raise UsageError(f"{option} takes an amount in USD, such as 2.50, and not '{text}'")
    return value


def seconds(option: str, text: str | None) -> float | None:
    """`90`, `90s`, `10m`, `1h30m`.

    Raises:
        UsageError: it is no length of time.
    """
    if text is None:
        return None
    found = _DURATION.fullmatch(text.strip())
    parts = {unit: float(n) for unit, n in found.groupdict().items() if n} if found else {}
    total = sum(number * _SECONDS[unit] for unit, number in parts.items())
    if total <= 0:
        raise UsageError(f"{option} takes a time, such as 90s, 10m or 1h30m, and not '{text}'")
    return total


def whole(option: str, text: str | None) -> int | None:
    """A whole number from 1.

    Raises:
        UsageError: it is none.
    """
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UsageError(f"{option} takes a whole number from 1, and not '{text}'")
    return int(text)


def choice(option: str, text: str, known: Sequence[str]) -> str:
    """One of the known words.

    Raises:
        UsageError: it is another.
    """
    if text not in known:
        raise UsageError(f"{option} is one of {', '.join(known)}, and not '{text}'")
    return text


def variables(pairs: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE`, each name once.

    Raises:
        UsageError: one has no `=`, no name, or a name that came before.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--var takes NAME=VALUE, and not '{pair}'")
        if name in found:
            raise UsageError(f"--var {name} is given twice")
        found[name.strip()] = value
    return found


def text(option: str, given: str | None) -> str | None:
    """The words themselves, of a file (`@FILE`), or of standard input (`-`).

    `@@` stands for a text's own first `@`. A file's last line end is not part of its text.

    Raises:
        UsageError: there is no text, or the file can't be read as UTF-8.
    """
    if given is None:
        return None
    found = _read(option, given) if given == "-" or _names_a_file(given) else given
    if not found.strip():
        source = _source(given) if found is not given else "the text"
        raise UsageError(f"{option}: {source} is empty")
    return found[1:] if found.startswith("@@") and found is given else found


def _names_a_file(given: str) -> bool:
    return given.startswith("@") and not given.startswith("@@")


def _source(given: str) -> str:
    return "standard input" if given == "-" else f"'{given[1:]}'"


def _read(option: str, given: str) -> str:
    name = _source(given)
    try:
        data = sys.stdin.buffer.read() if given == "-" else Path(given[1:]).read_bytes()
        return decoded(data).removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise UsageError(f"{option}: {name} is not UTF-8 text (byte {error.start + 1})") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        hints = ("a text that begins with @ is written  --prompt @@text",) if given != "-" else ()
        raise UsageError(f"{option} can't read {name}: {why}", hints=hints) from error

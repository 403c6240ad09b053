"""The variables that a command goes by: the process's own, and the keys of a `.env` beside them."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TYPE_CHECKING

from aipipe.errors import UsageError
from aipipe.language.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:  # help goes without what is only needed where there is a file
    from dotenv.parser import Original

    from aipipe.contracts.provider import Provider
    from aipipe.contracts.registry import Registry

DESCRIBED = "AIPIPE_KEY_"
"""How the variables begin that hold keys of services which users describe."""
BESIDE = ".env"
"""Read where it lies in the working directory."""
MOST_BYTES = 100_000
"""The parser takes the square of a long line's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Variables, where they come from, and what the user should know of the file."""

    variables: Mapping[str, str] = field(repr=False)
    file: str | None = None
    """The file in which keys may stand too, as the user knows it; None: none is looked for."""
    is_read: bool = False
    """It was there, and could be read."""
    from_file: frozenset[str] = frozenset()
    """The keys that came from it."""
    notices: tuple[Diagnostic, ...] = ()

    def source(self, variable: str) -> str | None:
        """`environment`, or the file's name; None: it is not set."""
        if variable in self.from_file:
            return self.file
        return "environment" if is_set(self.variables.get(variable)) else None


def beside(world: Mapping[str, str], registry: "Callable[[], Registry]") -> Environment:
    """The world, and the keys of the working directory's `.env`, if there is one.

    A file that can't be read is told in `notices`. A folder of that name is somebody's virtual
    environment. `registry` is only asked for where there is a file.
    """
    found = Environment(variables=world, file=BESIDE)
    if os.path.isdir(BESIDE) or not os.path.exists(BESIDE):  # noqa: PTH110, PTH112 (they never raise)
        return found
    if not os.path.isfile(BESIDE):  # noqa: PTH113 (it never raises)
        message = f"'{BESIDE}' is no plain file, so only --env-file {BESIDE} reads it"
        return replace(found, notices=(_warning(message, BESIDE),))
    try:
        text = _text(BESIDE)
    except UsageError as error:
        return replace(found, notices=(_warning(error.message, BESIDE),))
    return _with_keys(found, text, registry())


def named(world: Mapping[str, str], file: str, registry: "Callable[[], Registry]") -> Environment:
    """The world, and the keys of a file.

    Raises:
        UsageError: it can't be read.
    """
    return _with_keys(Environment(variables=world, file=file), _text(file), registry())


def _text(file: str) -> str:
    """What a file says.

    Raises:
        UsageError: it can't be read, or is not text.
    """
    hints = ("it should hold keys, one NAME=VALUE a line",)
    try:
        with open(file, "rb") as source:  # noqa: PTH123 (it may be a pipe, such as /dev/fd/63)
            data = source.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise UsageError(f"can't read '{file}': it is larger than 100 kB", hints=hints)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"can't read '{file}': it is not UTF-8 text (byte {error.start + 1})"
        raise UsageError(message, hints=hints) from None  # the cause would quote the file
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"can't read '{file}': {why}", hints=hints) from error


def _with_keys(found: Environment, text: str, registry: "Registry") -> Environment:
    """The same, with the keys that the text sets and the world doesn't."""
    from dotenv.parser import parse_stream  # noqa: PLC0415 (only where there is a file)

    world, file = found.variables, str(found.file)
    addresses = address_variables(registry)
    lines = list(parse_stream(StringIO(text)))
    said = {line.key: line.value or "" for line in lines if line.key}
    described = {name for name in said if name.startswith(DESCRIBED)}
    names = (_open_keys(world, registry) | described) - addresses
    new = {n: v for n, v in said.items() if v.strip() and not is_set(world.get(n))}
    keys = {name: value for name, value in new.items() if name in names}
    lacking = {name for name in names - keys.keys() if not is_set(world.get(name))}
    unread = [line.original for line in lines if line.error]
    return replace(
        found,
        variables={**world, **keys} if keys else world,
        is_read=True,
        from_file=frozenset(keys),
        notices=(
            *_ignored(sorted(addresses & new.keys()), file),
            *(_unread(each, file) for each in unread if any(n in each.string for n in lacking)),
        ),
    )


def is_set(value: str | None) -> bool:
    """Whether a variable holds anything; blanks are nothing."""
    return bool(value and value.strip())


def key_variables(registry: "Registry") -> frozenset[str]:
    """The variables that hold keys, of all providers."""
    return frozenset(key for each in registry.providers.values() for key in keys_of(each))


def keys_of(provider: "Provider") -> tuple[str, ...]:
    """The variables that may hold a provider's key."""
    return (*provider.keys, *provider.optional_keys)


def _open_keys(world: Mapping[str, str], registry: "Registry") -> frozenset[str]:
    """The keys of the providers of which the world has none: a file overrides no account."""
    return frozenset(
        key
        for provider in registry.providers.values()
        if not any(is_set(world.get(each)) for each in keys_of(provider))
        for key in keys_of(provider)
    )


def address_variables(registry: "Registry") -> frozenset[str]:
    """The variables that move base addresses, of all providers."""
    found = (address for each in registry.providers.values() for address in each.addresses.values())
    return frozenset(name for address in found for name in address.variables)


def _ignored(names: Sequence[str], file: str) -> Iterator[Diagnostic]:
    if names:
        message = (
            f"{' and '.join(names)} in '{file}' {'is' if len(names) == 1 else 'are'} not used: "
            "keys are sent to an address, so only the environment may move it"
        )
        yield _warning(message, file)


def _unread(found: "Original", file: str) -> Diagnostic:
    blank = len(found.string) - len(found.string.lstrip())
    line = found.line + found.string.count("\n", 0, blank)
    message = f"line {line} of '{file}' names a key and is not understood: it should be NAME=VALUE"
    return _warning(message, file)


def _warning(message: str, file: str) -> Diagnostic:
    return Diagnostic(severity=Severity.WARNING, code="env_file", message=message, file=file)

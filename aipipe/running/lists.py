"""Lists of values: nested ones flat, single ones as lists."""

from collections.abc import Iterator, Sequence

from aipipe.contracts.artefact import Value
from aipipe.running.results import Results


def flatten(value: "Value | None") -> Iterator[Value]:
    """The single values of nested lists, depth first, gaps left out."""
    if isinstance(value, tuple | list | Results):
        for each in value:
            yield from flatten(each)
    elif value is not None:
        yield value


def places(value: "Value | None") -> "Iterator[Value | None]":
    """The same with the gaps, where places belong together."""
    if isinstance(value, tuple | list | Results):
        for each in value:
            yield from places(each)
    else:
        yield value


def list_of(value: Value) -> "Sequence[Value | None]":
    """The places of a list."""
    return value if isinstance(value, tuple | list | Results) else (value,)


def as_tuple(value: Value) -> Value:
    """A list as plain data, wherever its places lie."""
    return tuple(value) if isinstance(value, list | Results) else value

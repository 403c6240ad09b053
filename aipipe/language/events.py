"""The events of a YAML text, from the C parser where there is one."""

from collections.abc import Iterator
from typing import Protocol, cast

from aipipe.language.source import Mark


class Place(Protocol):
    """A mark of the parser's. Both count from 0, in characters."""

    line: int
    column: int


class Event(Protocol):
    """What the parser's events have between them; each kind has some of it."""

    start_mark: Place
    end_mark: Place
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    implicit: tuple[bool, bool]


MERGE = "<<"
"""The key that adds the entries of other mappings."""


def events(text: str) -> Iterator[Event]:
    """What the parser finds, in the order of the text.

    Raises:
        yaml.YAMLError: where the text is no YAML.
    """
    import yaml  # noqa: PLC0415 (takes 20 ms, and many commands read no pipeline)

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return cast("Iterator[Event]", yaml.parse(text, Loader=loader))


def kind(event: Event) -> str:
    """What it is: `ScalarEvent`, `MappingStartEvent`."""
    return type(event).__name__


def merges(event: Event) -> bool:
    """Whether a key adds other mappings' entries: `<<`, not in quotes."""
    return event.value == MERGE and not event.style


def start(event: Event) -> Mark:
    """Where it begins."""
    return Mark(event.start_mark.line, event.start_mark.column)


def end(event: Event) -> Mark:
    """Behind its last character."""
    return Mark(event.end_mark.line, event.end_mark.column)

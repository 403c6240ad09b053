"""The scopes of a pipeline while it is being planned, and what flows through them.

Mutable on purpose, and never seen outside `planning`: a scope learns its steps' values one
after the other, in the order in which they can be planned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from aipipe.contracts.artefact import Value
from aipipe.contracts.media import TEXT, Medium
from aipipe.language.spec import StepSpec
from aipipe.planning.plan import (
    Binding,
    Const,
    FromItem,
    FromStep,
    Item,
    ListOf,
    Many,
    One,
    StepRef,
    ValueType,
)


@dataclass(slots=True)
class Scope:
    """A chain, a group or a batch; `here` is the child that is being planned."""

    kind: Literal["chain", "group", "batch"]
    parent: "Scope | None"
    path: str
    steps: tuple[StepSpec, ...] = ()
    ids: tuple[str, ...] = ()
    names: dict[str, int] = field(default_factory=dict)
    """Ids that can be referenced."""
    automatic: frozenset[str] = frozenset()
    """Ids that were made up, and slugs that stand for two steps."""
    values: "dict[int, Output]" = field(default_factory=dict)
    streams: "dict[int, Stream]" = field(default_factory=dict)
    """What a step that follows child N receives."""
    here: int = -1
    as_name: str | None = None
    item: "ValueType | None" = None
    """For a batch: what one item is."""
    items: "Sequence[Item] | None" = None
    """For a batch: its items, where they are known."""

    def climb(self, target: "Scope") -> int:
        """How many scopes upwards `target` is."""
        scope: Scope | None = self
        steps = 0
        while scope is not target:
            steps += 1
            scope = scope.parent if scope is not None else None
        return steps


@dataclass(frozen=True, slots=True)
class Output:
    """The value of a planned step: its type, and the value itself where it is known already."""

    type: ValueType
    known: Value = None


@dataclass(frozen=True, slots=True, eq=False)
class StepSource:
    """The output of a step."""

    scope: Scope
    index: int
    type: ValueType
    known: Value = None

    @property
    def words(self) -> str:
        """What to call it."""
        return f"'{self.scope.ids[self.index]}'"


@dataclass(frozen=True, slots=True, eq=False)
class ItemSource:
    """The item of a batch."""

    scope: Scope
    type: ValueType
    known: Value = None

    @property
    def words(self) -> str:
        """What to call it."""
        return "the item"


@dataclass(frozen=True, slots=True, eq=False)
class GivenSource:
    """The run's own prompt or input."""

    known: Value
    type: ValueType
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class ListSource:
    """The outputs of several steps (`needs: [a, b]`)."""

    parts: tuple[StepSource, ...]
    type: ValueType
    known: Value = None

    @property
    def words(self) -> str:
        """What to call it."""
        return " and ".join(part.words for part in self.parts)


Source: TypeAlias = StepSource | ItemSource | GivenSource | ListSource


@dataclass(frozen=True, slots=True)
class Stream:
    """What reaches a step: the arriving value, and what is carried along by medium."""

    arriving: Source | None
    carried: Mapping[Medium, Source]


def after(stream: Stream, output: Source) -> Stream:
    """What reaches the step after one with this output.

    Text is carried past every step, other media only past steps whose output is text.
    """
    passes = medium_of(output.type) == TEXT
    carried = {m: s for m, s in stream.carried.items() if passes or m == TEXT}
    before = stream.arriving
    if before is not None and isinstance(before.type, One) and before.type.medium is not None:
        medium = before.type.medium
        if passes or medium == TEXT:
            carried[medium] = before
    return Stream(output, carried)


def inside(stream: Stream, source: Source) -> Stream:
    """What reaches the first step of an item: the item itself, and the text carried so far."""
    return replace(after(stream, source), arriving=source)


def medium_of(value: ValueType) -> Medium | None:
    """The medium of a value, or of what a list holds in the end."""
    while isinstance(value, Many):
        value = value.of
    return value.medium


def binding_at(source: Source, scope: Scope) -> Binding:
    """How a step that stands in `scope` reads a source."""
    match source:
        case GivenSource():
            return Const(source.known)
        case StepSource():
            return FromStep(StepRef(scope.climb(source.scope), source.index))
        case ItemSource():
            return FromItem(batches_between(scope, source.scope), "value")
        case ListSource(parts):
            return ListOf(tuple(binding_at(part, scope) for part in parts))


def batches_between(scope: Scope, batch: Scope) -> int:
    """How many batches lie between a scope and an enclosing batch."""
    count = 0
    current: Scope | None = scope
    while current is not None and current is not batch:
        count += current.kind == "batch"
        current = current.parent
    return count

"""The scopes of a pipeline while it is being planned, and what flows through them.

Mutable on purpose, and never seen outside `planning`: a scope learns its steps' values one
after the other, in the order in which they can be planned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Literal, TypeAlias

from aipipe.contracts.artefact import Value
from aipipe.contracts.media import Medium
from aipipe.language.spec import StepSpec
from aipipe.planning.bindings import Binding, Const, Item, ValueType
from aipipe.planning.value_types import medium_of


@dataclass(slots=True)
class Scope:
    """A chain, a group, a matrix or a batch; `here` is the child that is being planned."""

    kind: Literal["chain", "group", "matrix", "batch"]
    parent: "Scope | None"
    path: str
    steps: tuple[StepSpec, ...] = ()
    ids: tuple[str, ...] = ()
    names: dict[str, int] = field(default_factory=dict)
    """Ids that can be referenced."""
    automatic: frozenset[str] = frozenset()
    """Ids that were made up, and slugs that stand for two steps."""
    written: tuple[StepSpec, ...] = ()
    """All its steps, those too that are switched off."""
    values: "dict[int, Output]" = field(default_factory=dict)
    streams: "dict[int, Stream]" = field(default_factory=dict)
    """What a step that follows child N receives."""
    here: int = -1
    as_name: str | None = None
    item: "ValueType | None" = None
    """For a batch: what one item is."""
    items: "Sequence[Item] | None" = None
    """For a batch: its items, where they are known."""
    axes: tuple[str, ...] = ()
    """For a matrix: the names that references may use."""
    part: str | None = None
    """For a used pipeline: the absolute path of its file; what is inside sees nothing outside."""
    named: "dict[int, Mapping[str, NamedOutput]]" = field(default_factory=dict)
    """The outputs that used pipelines name, by child."""

    @property
    def around(self) -> "Scope | None":
        """The scope around it whose names can be seen from it."""
        return None if self.part is not None else self.parent

    @property
    def home(self) -> "Scope":
        """The outermost scope of the file that it is written in."""
        return list(seen_from(self))[-1]

    def climb(self, target: "Scope") -> int:
        """How many scopes upwards `target` is."""
        steps = 0
        scope: Scope = self
        while scope is not target:
            assert scope.parent is not None  # noqa: S101 (targets are enclosing scopes)
            scope, steps = scope.parent, steps + 1
        return steps


@dataclass(frozen=True, slots=True)
class Output:
    """The value of a planned step: its type, and the value itself where it is known already."""

    type: ValueType
    known: Value = None
    media: frozenset[Medium] = frozenset()
    """All that lies in a list whose places differ; empty: the type tells."""
    broken: bool = False
    """The step is at fault: nothing more is said of those who use it."""


@dataclass(frozen=True, slots=True)
class NamedOutput:
    """An output that a pipeline names: a child of its steps, or children of children."""

    inside: tuple[int, ...]
    output: Output


@dataclass(frozen=True, slots=True, eq=False)
class StepSource:
    """The output of a step."""

    scope: Scope
    index: int

    @property
    def output(self) -> Output:
        """What the step gives."""
        return self.scope.values[self.index]

    @property
    def type(self) -> ValueType:
        """What the step's value is."""
        return self.output.type

    @property
    def known(self) -> Value:
        """The step's value, where it is known already."""
        return self.output.known

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


@dataclass(frozen=True, slots=True, eq=False)
class WrittenSource:
    """What `input:` of a group or chain names; `binding` is as seen from `scope`."""

    scope: Scope
    binding: Binding
    type: ValueType
    media: frozenset[Medium]
    words: str

    @property
    def known(self) -> Value:
        """The value, where it is known already."""
        return self.binding.value if isinstance(self.binding, Const) else None


Source: TypeAlias = StepSource | ItemSource | GivenSource | ListSource | WrittenSource


@dataclass(frozen=True, slots=True)
class Stream:
    """What reaches a step: the arriving value, and what is carried along by medium."""

    arriving: Source | None
    carried: Mapping[Medium, Source]
    doubtful: bool = False
    """A step before is at fault, so what is missing here may be its fault."""


def media_of(output: Output) -> frozenset[Medium]:
    """Every medium that is known to lie in a step's value."""
    medium = medium_of(output.type)
    return output.media if medium is None else frozenset({medium})


def batches_between(scope: Scope, batch: Scope) -> int:
    """How many batches lie between a scope and an enclosing batch."""
    between = takewhile(lambda each: each is not batch, outwards(scope))
    return sum(each.kind == "batch" for each in between)


def outwards(scope: Scope | None) -> Iterator[Scope]:
    """A scope and all that are around it, the innermost first."""
    while scope is not None:
        yield scope
        scope = scope.parent


def seen_from(scope: Scope | None) -> Iterator[Scope]:
    """Of those, the ones whose names can be seen from it: of its own file."""
    while scope is not None:
        yield scope
        scope = scope.around

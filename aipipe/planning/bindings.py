"""What values are and where they come from: types, the sources of a task's inputs, items.

Steps find each other by `StepRef`: climb some scopes, take a child.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aipipe.contracts.artefact import Json, Value
from aipipe.contracts.media import Medium

# --- types of values


@dataclass(frozen=True, slots=True)
class One:
    """A single value of a medium; None: nothing, or plain data that fills no slot."""

    medium: Medium | None


@dataclass(frozen=True, slots=True)
class Many:
    """A list; `count` None: known only when it runs."""

    of: "ValueType"
    count: int | None


ValueType: TypeAlias = One | Many

# --- where a value comes from when a task is about to start


@dataclass(frozen=True, slots=True)
class StepRef:
    """The step that is child `index` of the scope reached by climbing `up` scopes.

    A scope is a chain, a group or a batch (whose only children are an item's steps);
    `up` 0 is the scope in which the reader itself stands.
    """

    up: int
    index: int
    inside: tuple[int, ...] = ()
    """Where from there a used pipeline's named output is: children of children."""


@dataclass(frozen=True, slots=True)
class Const:
    """A value known when planning."""

    value: Value


@dataclass(frozen=True, slots=True)
class FromStep:
    """A field of a step that has ended."""

    ref: StepRef
    field: Literal["output", "path", "label", "status", "cost"] = "output"


@dataclass(frozen=True, slots=True)
class FromItem:
    """A field of the item of the batch that is `up` batches outwards (0: the innermost)."""

    up: int
    field: Literal["value", "index", "key", "column"]
    column: str = ""


@dataclass(frozen=True, slots=True)
class FileOf:
    """The file that a column of an item names, relative to where its row was written."""

    column: FromItem
    medium: Medium


@dataclass(frozen=True, slots=True)
class FromRun:
    """A fact of the run: `id`."""

    field: Literal["id"]


@dataclass(frozen=True, slots=True)
class Joined:
    """A text made of others."""

    parts: "tuple[Binding, ...]"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values."""

    items: "tuple[Binding, ...]"


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping of values."""

    entries: "Mapping[str, Binding]"


Binding: TypeAlias = Const | FromStep | FromItem | FileOf | FromRun | Joined | ListOf | MapOf

# --- items of a batch


@dataclass(frozen=True, slots=True)
class Item:
    """One item: `key` is unique among its siblings; a row has `columns`."""

    key: str
    value: Value
    columns: Mapping[str, Json] = field(default_factory=dict)
    folder: str = field(default="", compare=False)
    """Absolute: what the files that a row names are relative to."""


@dataclass(frozen=True, slots=True)
class Items:
    """Known items, and the type of one."""

    items: Sequence[Item]
    type: ValueType
    whole: str | None = None
    """The text that they are the lines of, to whom takes no list."""

"""A pipeline with everything decided that can be decided before it runs: a tree of templates.

A template stands for one task, or for as many as its enclosing batches have items. Steps find
each other by `StepRef`: climb some scopes, take a child. So a plan of 100,000 items is as
small as a plan of one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from aipipe.catalog.price import PriceEstimate
from aipipe.catalog.wiring import Endpoint
from aipipe.contracts.in_flight import Running
from aipipe.contracts.media import Medium
from aipipe.contracts.service import Service
from aipipe.contracts.workflow import Workflow
from aipipe.language.conditions.tree import Condition
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.spec import Limits, OnError, Retry
from aipipe.planning.bindings import Binding, Item, StepRef, ValueType


@dataclass(frozen=True, slots=True)
class Need:
    """An edge: the step must have ended. `reads` says that its value is used too."""

    ref: StepRef
    reads: bool
    tested: bool = False
    """A condition asks how it ended, so that a failure of it stops nothing."""
    gathered: bool = False
    """A merge takes it among others: where a condition leaves it out, the others are merged."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a step waits to be true, and where the names in it come from."""

    condition: Condition
    values: Mapping[tuple[str, ...], Binding]
    is_false: bool = False
    """That is known when planning: the step is skipped, with all that is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSource:
    """Where a slot is filled from, in words: `the step before, hero` or `the run's prompt`."""

    slot: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What every template has."""

    number: int
    """Its place in `Plan.templates`."""
    id: str
    """In its scope: as written, slugged from the name, or automatic (`text_to_image_1`, `3`)."""
    path: str
    """From the top, with `[]` for the items of a batch: `voices[].clip`."""
    label: str
    """What a row of a table is called: the name, else what differs among siblings."""
    at: Path
    file: str = ""
    """Absolute: the file of the used pipeline that it is written in; nothing: the run's own."""
    needs: tuple[Need, ...]
    on_error: OnError
    produces: ValueType
    depth: int = 0
    """Longest chain of tasks from here to the end of its item, itself included."""
    guard: Guard | None = None
    """It is skipped unless this holds."""
    approve: str | None = None
    """What a person is asked before it begins, or nothing but its name; None: nobody is."""

    @property
    def is_skipped(self) -> bool:
        """Whether it is known when planning that it will not run."""
        return self.guard is not None and self.guard.is_false


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputName:
    """Where a task's output goes inside the output folder. `stem` has no extension."""

    stem: Binding
    extension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Header):
    """One call: to a model, a merge or a split."""

    type: str
    caption: str = ""
    """What its outputs are called, where the label names a model that was shut down."""
    plugin: str
    """As in `Call.plugin`."""
    asked: str
    """The model as written, the merge strategy or the split mode."""
    model: str
    """As resolved: the catalogue's name; with `--mock` still the model whose place is taken."""
    provider: str
    """Who runs it: `local`, or a provider's name."""
    endpoint: str = ""
    known: Endpoint | None = None
    """The endpoint in the catalogue's words; None: it has none, or nothing is sent."""
    service: Service | None = None
    """What the endpoint's file describes; None: it is no file, or nothing is sent."""
    workflow: Workflow | None = None
    """The graph in the endpoint's file; None: it is no such file, or nothing is sent."""
    mock: bool = False
    params: Mapping[str, Binding] = field(default_factory=dict)
    raw: Mapping[str, Binding] = field(default_factory=dict)
    inputs: Mapping[str, Binding] = field(default_factory=dict)
    """By slot. Merges and splits have the one slot `input`."""
    sources: tuple[SlotSource, ...] = ()
    medium: Medium | None
    """What one of its outputs is."""
    count: int = 1
    """Outputs of one call; above 1 the task's value is a list."""
    output: OutputName | None = None
    """None: its outputs are not published (splits, `collect`)."""
    published: bool = True
    """False: they have a name and format, but stay in the store (`save_intermediates: false`)."""
    estimate: PriceEstimate
    """For one call; among the items of a batch, for the dearest."""
    total: PriceEstimate
    """For all its calls together."""
    by_length: Mapping[int, PriceEstimate] = field(default_factory=dict)
    """Of one call, by the characters of its text, where that is what differs."""
    text_slot: str | None = None
    """The slot of that text."""
    times: int | None = 1
    """How many calls that is; None: an unknown number of items."""
    retry: Retry
    timeout: float | None = None
    heavy: bool = False
    pairs: bool = False
    """A merge whose parts go in pairs: gaps are passed on to it."""
    cache: bool = True
    fallbacks: "tuple[Task, ...]" = ()
    """What takes its place where it fails, in this order; its estimate is the dearest's at most."""
    occurrence: int = 1
    """Which of equal calls to models it is, in the order written; items of a batch count once."""

    @property
    def endings(self) -> int | None:
        """How often one will be told of that has ended, if only as skipped; None: unknown."""
        return 1 if self.times == 0 and "[]" not in self.path else self.times

    @property
    def is_remote(self) -> bool:
        """Whether a provider carries it out, for money."""
        return self.plugin.startswith("provider:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Header):
    """Steps one after the other (and wherever `needs` says otherwise); the value is the last's."""

    children: "tuple[Template, ...]"
    result: tuple[int, ...] = ()
    """Where the value is instead, for a used pipeline: a child, or children of children."""
    budget: Decimal | None = None
    uses: str = ""
    """The file of the used pipeline that it is, as messages call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Header):
    """Branches side by side; the value is a list with one place per child."""

    children: "tuple[Template, ...]"
    axes: tuple[str, ...] = ()
    """What varies among them, where they are the cells of a matrix: their ids are `[seed=7]`."""
    race: Running | None = None
    """What becomes of the others in flight once one branch has succeeded; its value is the
    group's then. None: all branches count."""
    max_workers: int | None = None
    max_failures: int | str | None = None
    min_success: int | None = None
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Header):
    """One chain per item; the value is a list with one place per item.

    `items` is known when planning, or else `source` gives the list when it runs. The item's
    steps are `body`, a chain whose `up` counts as one scope of its own.
    """

    body: Chain
    items: Sequence[Item] | None = None
    source: Binding | None = None
    window: int
    max_failures: int | str | None = None
    min_success: int | None = None
    budget: Decimal | None = None


Template: TypeAlias = Task | Chain | Group | Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a run needs to know before it starts."""

    name: str
    file: str
    root: Chain
    templates: tuple[Template, ...]
    """By `number`, in the order written, containers before what they hold."""
    notices: tuple[Fault, ...] = ()
    """Warnings and notes: retired models, assumptions that the user should see."""
    budget: Decimal | None = None
    limits: Limits
    mock: bool = False
    tags: bool = True
    output_dir: str
    """As given, relative to the working directory."""
    unproven: frozenset[int] = frozenset()
    """Numbers of the tasks whose file names are known only when they run."""
    outputs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Where the outputs are that the file names, from the root: children of children."""
    only: frozenset[int] | None = None
    """Numbers of the tasks to run (`--only`, with all that they need); None: all."""

    @property
    def tasks(self) -> Iterator[Task]:
        """Every task template, in the order written."""
        return (t for t in self.templates if isinstance(t, Task) and self.runs(t.number))

    def runs(self, number: int) -> bool:
        """Whether a task is part of this run."""
        return self.only is None or number in self.only

    def touches(self, template: Template) -> bool:
        """Whether a task, or one inside a container, is part of this run."""
        if isinstance(template, Task):
            return self.runs(template.number)
        inner = (template.body,) if isinstance(template, Batch) else template.children
        return any(self.touches(each) for each in inner)

"""The tasks and containers that are alive in a run: one cell for each instance of a template."""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from aipipe.contracts.artefact import Value
from aipipe.contracts.call import Call, Job
from aipipe.contracts.event import Published
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.language.spec import OnError
from aipipe.planning.bindings import Item
from aipipe.planning.plan import Batch, Chain, Group, Need, Task, Template
from aipipe.running import passed_over
from aipipe.running.budget import Purse
from aipipe.running.limits import Limit
from aipipe.running.results import Results


class Phase(Enum):
    """Where a cell is in its life. It only ever moves down this list, but for retries."""

    WAITING = auto()
    HELD = auto()
    """Waiting for a person to agree."""
    READY = auto()
    PARKED = auto()
    """Waiting for calls in flight to leave room under the cap."""
    COMMITTING = auto()
    RUNNING = auto()
    RETRYING = auto()
    PUBLISHING = auto()
    ENDED = auto()


class Cell:
    """One instance of a template. `order` is its place: child indices from the top."""

    __slots__ = (
        "behind",
        "doomed",
        "index",
        "order",
        "parent",
        "passes",
        "path",
        "phase",
        "problem",
        "status",
        "template",
        "value",
        "waiters",
        "waits",
    )

    def __init__(
        self, template: Template, parent: "Container | None", index: int, path: str
    ) -> None:
        self.template = template
        self.parent = parent
        self.index = index
        self.path = path
        self.order: tuple[int, ...] = (*parent.order, index) if parent is not None else ()
        self.phase = Phase.WAITING
        self.status: Status | None = None
        self.value: Value = None
        self.problem: Problem | None = None
        self.waits = 0
        self.waiters: list[tuple[Cell, Need]] = []
        self.doomed: Problem | None = None
        self.behind: Problem | None = None
        """Why it waits for a person, as something that it needs does."""
        self.passes = False
        """What follows goes on without its value, whatever its policy."""

    @property
    def ended(self) -> bool:
        """Whether it is over, once and for all."""
        return self.phase is Phase.ENDED

    @property
    def on_error(self) -> OnError:
        """What its failure does to what follows."""
        return OnError.CONTINUE if self.passes else self.template.on_error

    @property
    def succeeded(self) -> bool:
        """Whether it has a value."""
        return self.status is Status.DONE or self.status is Status.REUSED

    @property
    def is_passed_over(self) -> bool:
        """Whether a condition left it out, or what it needs: no failure."""
        if self.status is not Status.SKIPPED or self.problem is None:
            return False
        return self.problem.code in passed_over.CODES


class TaskCell(Cell):
    """One call."""

    __slots__ = (
        "attempts",
        "billed",
        "billed_known",
        "call",
        "generation",
        "has_switched",
        "held",
        "job",
        "job_since",
        "label",
        "limits",
        "made",
        "note",
        "outputs",
        "paid",
        "poll_after",
        "refused",
        "reused",
        "started_at",
        "ticket",
        "vain",
    )

    template: Task

    def __init__(self, template: Task, parent: "Container", index: int, path: str) -> None:
        super().__init__(template, parent, index, path)
        self.label = ""
        self.ticket = -1
        self.attempts = self.generation = 0
        self.has_switched = False
        """Its template is a fallback of the one that was planned."""
        self.started_at: float | None = None
        self.call: Call | None = None
        self.job: Job | None = None
        self.job_since = 0.0
        """When the job began, or was taken over: seconds since the run began."""
        self.reused = False
        """An earlier result stands in for its call."""
        self.poll_after: float | None = None
        """Seconds until the job is asked for, once it is safe that it is known."""
        self.held: int | None = None
        self.refused: Problem | None = None
        """Why there is no room for its call under a cap."""
        self.made: Job | None = None
        """Where the provider's result lies."""
        self.note = ""
        """What the user should know of how its outputs came about."""
        self.vain = 0
        """How often in a row its job was asked for, or its result fetched, in vain."""
        self.paid: int | None = None
        """What the provider said its present call has cost; None: it has not said yet."""
        self.billed, self.billed_known = 0, True
        self.limits: tuple[Limit, ...] | None = None
        """Those whose slots it holds; None: it holds none."""
        self.outputs: tuple[Published, ...] = ()

    def begin_anew(self) -> None:
        """Forget the call that has ended: another one follows."""
        self.job = self.made = self.paid = None
        self.vain = 0
        self.generation += 1

    @property
    def scope(self) -> "Container":
        """What it stands in."""
        if self.parent is None:
            raise ValueError(f"task '{self.path}' stands nowhere")
        return self.parent


class Container(Cell):
    """A chain, a group, or the steps of one item."""

    __slots__ = (
        "billed",
        "children",
        "closed",
        "failures",
        "item",
        "item_order",
        "limit_key",
        "limits",
        "open",
        "opened_at",
        "passed_over",
        "purses",
        "successes",
        "winner",
    )

    template: Chain | Group | Batch

    def __init__(
        self,
        template: "Chain | Group | Batch",
        parent: "Container | None",
        index: int,
        path: str,
        item: Item | None = None,
    ) -> None:
        super().__init__(template, parent, index, path)
        self.item = item
        self.children: list[Cell] = []
        self.open = 0
        self.successes = 0
        self.failures = 0
        self.passed_over = 0
        """Children that a condition left out."""
        self.billed = 0
        """By all that has ended inside, in nano-dollars."""
        self.closed: Problem | None = None
        """Why nothing new starts inside."""
        self.winner: Cell | None = None
        """In a race, the branch that was first."""
        self.opened_at = 0.0
        self.limits: tuple[Limit, ...] = parent.limits if parent is not None else ()
        self.limit_key: int = parent.limit_key if parent is not None else 0
        self.purses: tuple[Purse, ...] = parent.purses if parent is not None else ()
        self.item_order: int = parent.item_order if parent is not None else 0


class BatchCell(Container):
    """A batch: it opens items as others end, and keeps what they made in order."""

    __slots__ = ("gaps_fail", "items", "live", "next", "results")

    template: Batch

    def __init__(self, template: Batch, parent: Container, index: int, path: str) -> None:
        super().__init__(template, parent, index, path)
        self.items: Sequence[Item] | _Lazy = ()
        self.live: dict[int, Container] = {}
        """The items that are open, by their place."""
        self.next = 0
        self.gaps_fail = True
        """A gap among its items comes from a failure, as far as is known."""
        self.results: Results | None = None


def within(cell: Cell, places: Sequence[int]) -> Cell | None:
    """A child of a container, or a child of children; None: it never came to be."""
    found = cell
    for place in places:
        if not isinstance(found, Container) or not 0 <= place < len(found.children):
            return None
        found = found.children[place]
    return found


def result_of(cell: Container, template: Chain) -> Cell | None:
    """The step whose value is a chain's; None: it never came to be."""
    return within(cell, template.result or (len(cell.children) - 1,))


class _Lazy:
    """Items that are made one by one from the values of a list."""

    def __init__(self, values: "Sequence[Value | None]", make: Callable[[int], Item]) -> None:
        self._values = values
        self._make = make

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> Item:
        return self._make(index)


lazily = _Lazy
"""Items made when they are asked for."""

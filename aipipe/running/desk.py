"""What all parts of the machine share: the time, what is asked of the world, what is alive."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from aipipe.contracts.call import Call
from aipipe.contracts.event import RunEvent
from aipipe.contracts.in_flight import Running
from aipipe.planning.plan import Plan, Task, Template
from aipipe.running.cells import Cell, Container, TaskCell
from aipipe.running.instructions import Instruction, StopRequested, Tell
from aipipe.running.tally import Tally
from aipipe.running.values import NANO, Binder


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run is allowed, and what it is told of the world. Amounts in nano-dollars."""

    run: str
    max_workers: int
    encoders: int = 2
    concurrency: Callable[[str], int]
    """Jobs in flight that a provider takes."""
    poll_every: Callable[[str], float] = lambda _provider: 0.5
    """Seconds that must lie between two polls of a provider's job."""
    cap: int | None = None
    hold_of: Callable[[Task, Call], int | None]
    """The worst case of a call; None: unknown."""
    likely_of: Callable[[Task, Call], int | None]
    """What a call costs by the price list, for when the provider reports nothing; None: unknown."""
    random: Callable[[], float]
    """From 0 to 1, for the jitter of retries."""
    strict: bool = False
    spent: int = 0
    """What earlier processes of this run have spent under the cap."""
    skips_doubtful: bool = False
    """What follows a call that may have been paid for goes on without it."""
    stops_losers: bool = True
    """False, for forecasts: a race is over for what follows, and its other branches go on."""
    anew: Callable[[Task, str], bool] = lambda _task, _path: False
    """Whether only a result of this very run will do for a task, by its path."""
    approved: Callable[[Template], bool] = lambda _template: False
    """Whether somebody has agreed already to a step that asks for that."""
    asks: bool = False
    """Somebody is there to be asked, and will answer each `StepWaiting`."""
    foresees: bool = False
    """Nothing is carried out: conditions that can't be known yet count as true."""


@dataclass(slots=True)
class Desk:
    """One run's shared state. `now` is in seconds since the run began."""

    plan: Plan
    terms: Terms
    binder: Binder
    now: float = 0.0
    out: list[Instruction] = field(default_factory=list)
    agenda: deque[tuple[Callable[[Cell], None], Cell]] = field(default_factory=deque)
    """What follows from what happened, one after the other instead of one inside the other."""
    tickets: dict[int, TaskCell] = field(default_factory=dict)
    """The tasks that have begun and not ended."""
    stop: StopRequested | None = None
    tally: Tally = field(default_factory=Tally)
    trailing: int = 0
    """Branches that have not ended of races that have."""
    won: deque[Container] = field(default_factory=deque)
    """Races that have a winner, and whose other branches are still to be stopped."""

    @property
    def leaves(self) -> bool:
        """Whether remote jobs are left to themselves from here on."""
        return self.stop is not None and self.stop.running is Running.LEAVE

    def tell(self, event: RunEvent) -> None:
        """Tell the listeners."""
        self.out.append(Tell(event))

    def ask(self, instruction: Instruction) -> None:
        """Ask something of the world."""
        self.out.append(instruction)

    def follow(self) -> None:
        """Go through all that follows."""
        while self.agenda:
            act, cell = self.agenda.popleft()
            act(cell)

    def alive(self, ticket: int) -> TaskCell | None:
        """The task of a ticket, if it has not ended."""
        cell = self.tickets.get(ticket)
        return None if cell is None or cell.ended else cell


def nano(amount: Decimal) -> int:
    """USD in nano-dollars, rounded up."""
    return int((amount * NANO).to_integral_value(ROUND_CEILING))

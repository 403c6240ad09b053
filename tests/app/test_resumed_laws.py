"""Random plans, failures, kills, interrupts and clocks that jump: the laws of money hold.

The machine, the ledger and what joins them are the real ones; the provider and the time are not.
A kill is a process that stops between any two of its acts: what it had not told the ledger by
then, the ledger never hears.
"""

import heapq
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import SimpleQueue

import pytest
from support.plans import batch, chain, group, plan, task
from support.running import made

from aipipe.app.asked import Choices
from aipipe.app.asking import Desk
from aipipe.app.earlier import Earlier
from aipipe.app.hashed_files import HashedFiles, unseen
from aipipe.app.keeping import Keeper
from aipipe.contracts.call import Call, Job, Produced, Receipt
from aipipe.contracts.event import RunEnded, StepEnded
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    FetchOutcome,
    Finished,
    Made,
    NotSent,
    Pending,
    PollOutcome,
    Problem,
    Rejected,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
)
from aipipe.contracts.provider import Candidate, Provider
from aipipe.language.spec import OnError, Retry
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.opening import open_ledger
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.reading import reading
from aipipe.memory.ledger.records import OpenRun, of_run, of_today
from aipipe.memory.ledger.states import IN_FLIGHT, Money, Work
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.memory.store import Store
from aipipe.planning.bindings import Const
from aipipe.planning.plan import Plan, Template
from aipipe.running.desk import Terms
from aipipe.running.instructions import (
    Cancel,
    Commit,
    Fetch,
    Fetched,
    Instruction,
    News,
    Poll,
    Polled,
    Publish,
    PublishEnded,
    StopRequested,
    Submit,
    Submitted,
    Tell,
    Wake,
    Woken,
    is_waited_for,
)
from aipipe.running.machine import Machine
from aipipe.running.values import Binder

HOLD, PRICE = 10, 7
BROKEN = Problem(code="cloud.broken", message="it broke")


class KilledError(Exception):
    """The process is gone."""


@dataclass
class Cloud:
    """A provider that charges, and outlives everybody."""

    chance: random.Random
    charged: Counter[str] = field(default_factory=Counter)
    """By the body of a call."""
    waste: int = 0
    """Charged for calls that it said had failed."""
    jobs: dict[str, str] = field(default_factory=dict)
    lagging: bool = True

    @property
    def account(self) -> int:
        return PRICE * self.charged.total() + self.waste

    def submit(self, call: Call) -> SubmitOutcome:  # noqa: PLR0911 (a case for each answer)
        body = str(call.raw["body"])
        draw = self.chance.random()
        if draw < 0.08:
            return NotSent(problem=BROKEN)
        if draw < 0.16:
            return Rejected(problem=BROKEN, throttled=True, retry_after=1.0)
        if draw < 0.20:
            self.waste += 3
            return Failed(problem=BROKEN, retryable=True, billed_nano_usd=3)
        if draw < 0.26:
            return Unconfirmed(problem=BROKEN)
        self.charged[body] += 1
        if draw < 0.32:
            self.jobs[f"job {len(self.jobs)}"] = body
            return Unconfirmed(problem=BROKEN)
        if draw < 0.6:
            receipt = Receipt(nano_usd=PRICE)
            return Finished(produced=Produced(artefacts=(made(body),), receipt=receipt))
        name = f"job {len(self.jobs)}"
        self.jobs[name] = body
        return Accepted(job=Job(provider="cloud", id=name))

    def poll(self, job: Job) -> PollOutcome:
        draw = self.chance.random()
        if draw < 0.4:
            return Pending()
        if draw < 0.5:
            return NotSent(problem=BROKEN)
        if draw < 0.55:
            return Unreadable(problem=BROKEN)
        told = Receipt(nano_usd=PRICE) if self.chance.random() < 0.5 else None
        return Made(result=Job(provider="cloud", id=job.id, data={"url": job.id}), receipt=told)

    def fetch(self, result: Job) -> FetchOutcome:
        draw = self.chance.random()
        if draw < 0.3:
            return NotSent(problem=BROKEN)
        if draw < 0.35:
            return Unreadable(problem=BROKEN)
        receipt = Receipt(nano_usd=PRICE)
        body = self.jobs[result.id]
        return Finished(produced=Produced(artefacts=(made(body),), receipt=receipt))

    def find(self, call: Call, _since: float) -> list[Candidate]:
        body = str(call.raw["body"])
        shown = [] if self.lagging else [n for n, b in self.jobs.items() if b == body]
        return [Candidate(job=Job(provider="cloud", id=n), created=1e15) for n in shown]


@dataclass
class Clock:
    """Seconds; the wall's jumps, the run's own does not."""

    chance: random.Random
    wall: float = 1.8e9

    def now(self) -> float:
        self.wall += self.chance.choice([0.1, 1.0, -3600.0, 3700.0])
        return self.wall


class Process:
    """One process that carries out a run, from its beginning to its end or its kill."""

    def __init__(self, machine: Machine, desk: Desk, cloud: Cloud, acts: int) -> None:
        self.events: list[StepEnded | RunEnded] = []
        self._machine = machine
        self._desk = desk
        self._cloud = cloud
        self._acts = acts
        self._inbox: SimpleQueue[News] = SimpleQueue()
        self._queue: list[tuple[float, int, News | Submit | Poll | Fetch]] = []
        self._order = count()
        self._now = 0.0
        self._waited = 0

    def later(self, at: float, what: "News | Submit | Poll | Fetch") -> None:
        heapq.heappush(self._queue, (at, next(self._order), what))

    def run(self) -> None:
        self._carry_out(self._machine.begin(0.0))
        while not self._machine.over:
            while self._waited:
                self.later(self._now, self._inbox.get(timeout=10))
                self._waited -= 1
            assert self._queue, "the run waits for nothing"
            self._now, _, what = heapq.heappop(self._queue)
            self._act()
            news = self._news(what)
            self._act()  # between what the cloud did and what the process makes of it
            self._carry_out(self._machine.handle(news, self._now))

    def _act(self) -> None:
        self._acts -= 1
        if self._acts == 0:
            raise KilledError

    def _news(self, what: "News | Submit | Poll | Fetch") -> News:
        match what:
            case Submit():
                return Submitted(what.ticket, self._cloud.submit(what.call))
            case Poll():
                return Polled(what.ticket, self._cloud.poll(what.job))
            case Fetch():
                return Fetched(what.ticket, self._cloud.fetch(what.result))
            case _:
                return what

    def _carry_out(  # noqa: C901 (a case for each instruction)
        self, instructions: list[Instruction]
    ) -> None:
        for each in instructions:
            match each:
                case Tell(event=StepEnded() | RunEnded() as event):
                    self.events.append(event)
                case Submit():
                    self.later(self._now + 0.1, each)
                case Poll(at=at) | Fetch(at=at):
                    self.later(at, each)
                case Wake():
                    self.later(each.at, Woken(each.alarm, each.ticket, each.generation))
                case Publish():
                    self.later(self._now, PublishEnded(each.ticket, ()))
                case Commit(records):
                    self._waited += sum(is_waited_for(record) for record in records)
                    self._desk.commit(records, self._inbox)
                case Cancel() | Tell():
                    pass


@contextmanager
def process(
    home: Path, made_plan: Plan, cloud: Cloud, clock: Clock, acts: int, cap: int | None
) -> Iterator[Process]:
    """A process, from the ledger as it stands."""
    place = Place(home=home)
    holder: list[Keeper] = []

    def attends(run: str, call: int) -> bool:
        return run == "r" and bool(holder) and (holder[0].carries(call) or holder[0].is_busy)

    world = World(now=clock.now, is_alive=lambda run: run == "r", attends=attends)
    with Writer(place, world) as writer, reading(place) as reader:
        assert reader is not None
        holder.append(Keeper(writer, lambda _path: None))
        store = Store(root=home / "store", probe=unseen)
        provider = Provider(name="cloud", title="Cloud", poll=lambda _j, _c, _t: Pending())
        earlier = Earlier(
            run="r",
            reader=reader,
            files=HashedFiles(),
            store=store,
            providers=lambda _name: provider,
            is_alive=lambda run: run == "r",
            use=lambda _artefact: None,
            find=cloud.find,
        )
        scopes = (of_run("r", cap=cap), of_today())
        desk = Desk("r", holder[0], earlier, scopes, Choices())
        spent = reader.total("run:r").spent
        terms = Terms(
            run="r",
            max_workers=6,
            concurrency=lambda _name: 4,
            cap=cap,
            spent=spent,
            hold_of=lambda _t, _c: HOLD,
            likely_of=lambda _t, _c: PRICE,
            random=cloud.chance.random,
        )
        binder = Binder(run="r", pipeline="laws", read_text=str)
        with closing(desk):
            yield Process(Machine(made_plan, terms, binder), desk, cloud, acts)


# --- plans


def invented(chance: random.Random) -> Plan:
    """A plan of paid calls, most with a body of their own."""
    numbers = count()

    def paid() -> Template:
        body = next(numbers) if chance.random() < 0.8 else 0
        return task(
            f"t{next(numbers)}",
            plugin="provider:cloud",
            raw={"body": Const(f"b{body}")},
            retry=Retry(max_attempts=chance.randint(1, 3), delay=0.5),
            on_error=chance.choice(list(OnError)),
        )

    def inner(depth: int) -> Template:
        kind = chance.choice(["task", "task", "group", "chain", "batch"]) if depth else "task"
        if kind == "task":
            return paid()
        name = f"{kind[0]}{next(numbers)}"
        parts = [inner(depth - 1) for _ in range(chance.randint(1, 3))]
        policy = chance.choice(list(OnError))
        if kind == "batch":
            return batch(parts, chance.randint(1, 3), id=name, on_error=policy, window=2)
        make = group if kind == "group" else chain
        return make(*parts, id=name, on_error=policy)

    return plan(*(inner(2) for _ in range(chance.randint(1, 4))))


# --- the laws


def all_calls(home: Path) -> tuple[PastCall, ...]:
    with reading(Place(home=home)) as reader:
        found = None if reader is None else reader.run("r")
        return () if found is None else found[1]


def covered(calls: tuple[PastCall, ...]) -> int:
    """What the ledger holds, or has as billed."""
    billed = sum(c.billed or 0 for c in calls if c.state.money is Money.BILLED)
    return billed + sum(c.held for c in calls if c.state.money is Money.HELD)


def check_money(home: Path, cloud: Cloud, cap: int | None) -> None:
    calls = all_calls(home)
    assert covered(calls) >= cloud.account
    assert max(cloud.charged.values(), default=0) <= 1
    assert cap is None or covered(calls) <= cap


def live(home: Path, made_plan: Plan, cloud: Cloud, clock: Clock, cap: int | None) -> Process:
    """A process that is killed at some time, or interrupted, or comes to its end."""
    chance = cloud.chance
    acts = chance.randint(1, 40) if chance.random() < 0.7 else -1
    with process(home, made_plan, cloud, clock, acts, cap) as alive:
        if chance.random() < 0.2:
            how = chance.choice(list(Running))
            alive.later(chance.random() * 3, StopRequested("SIGINT", how))
        with suppress(KilledError):
            alive.run()
        return alive


def check(home: Path, seed: int) -> None:
    chance = random.Random(seed)
    made_plan, cloud, clock = invented(chance), Cloud(chance), Clock(chance)
    cap = chance.choice([None, None, 25, 60, 1_000])
    open_ledger(Place(home=home)).close()
    begin(home)
    for _ in range(chance.randint(1, 6)):
        live(home, made_plan, cloud, clock, cap)
        check_money(home, cloud, cap)
    cloud.lagging = False
    for _ in range(60):
        last = live(home, made_plan, cloud, clock, cap)
        check_money(home, cloud, cap)
        if last.events and isinstance(last.events[-1], RunEnded) and not is_left(home):
            break
    check_results(home, cloud)


def begin(home: Path) -> None:
    """The run is known to the ledger."""
    told: SimpleQueue[Reply] = SimpleQueue()
    opened = OpenRun(
        run="r",
        pipeline="laws",
        file="/laws.yaml",
        file_key="f",
        inputs_key="i",
        command="",
        folder="/out",
    )
    with Writer(Place(home=home), World(now=lambda: 0.0, is_alive=lambda _: True)) as writer:
        writer.put((opened,), told.put)
    assert not isinstance(told.get(), Exception)


def is_left(home: Path) -> bool:
    """Whether something is under way that another process would still bring to its end."""
    return any(call.state.work in IN_FLIGHT for call in all_calls(home))


def check_results(home: Path, cloud: Cloud) -> None:
    """Whatever was charged is here, or is known to be in doubt; nothing is here twice."""
    calls = all_calls(home)
    done = Counter(str(c.outputs[0]["text"]) for c in calls if c.state.work is Work.DONE)  # type: ignore[index,call-overload]
    assert max(done.values(), default=0) <= 1
    doubtful = sum(c.state.work is Work.UNCONFIRMED for c in calls)
    assert cloud.charged.total() <= done.total() + doubtful + sum(
        c.state.work in IN_FLIGHT for c in calls
    )


@pytest.mark.parametrize("seed", range(40))
def test_no_kill_and_no_failure_breaks_the_laws_of_money(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(1_000, 5_000))
def test_no_kill_and_no_failure_breaks_the_laws_of_money_in_many_runs(
    tmp_path: Path, seed: int
) -> None:
    check(tmp_path, seed)

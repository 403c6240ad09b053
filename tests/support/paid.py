"""A provider that answers at once, counts its calls, and wants a dollar for each."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aipipe.app import discover
from aipipe.app.setting import Setting, setting_of
from aipipe.contracts.call import Call, Job, Produced, Receipt
from aipipe.contracts.outcome import (
    Accepted,
    FetchOutcome,
    Finished,
    Made,
    PollOutcome,
    SubmitOutcome,
)
from aipipe.contracts.provider import Candidate, Provider
from aipipe.contracts.tools import Tools

KEY = "SHOP_KEY"
DOLLAR = 1_000_000_000


@dataclass
class Shop:
    """Sells texts. `charged` is in nano-dollars."""

    price: int = DOLLAR
    calls: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The jobs that were asked for, each as often as it was."""
    charged: int = 0
    has_jobs: bool = False
    """Calls become jobs that are done when they are first asked for."""
    look: Callable[[str], None] = lambda _task: None
    """Called with the task when a call arrives, and with `poll TASK` (`fetch`, `body`) later."""
    answers: dict[str, SubmitOutcome] = field(default_factory=dict)
    """What to answer instead, by task."""
    saying: str = "made"
    """What its texts begin with."""
    never_the_same: bool = False
    """No two of its texts are equal."""
    leaves_results: bool = False
    """A job's text is made before it is fetched."""
    fetches: list[FetchOutcome] = field(default_factory=list)
    """What to answer to the next downloads instead."""
    known: list[Candidate] = field(default_factory=list)
    """What it says that it has made, when it is asked for a call whose answer never came."""
    polls: list[PollOutcome] = field(default_factory=list)
    """What to answer first when a job is asked for."""
    keeps: bool = False
    """Calls answer at once with a raw answer, from which the text is fetched."""
    stores: bool = False
    """Jobs answer with where their text lies, from which it is fetched."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sell(self, call: Call, tools: Tools) -> SubmitOutcome:
        """A text, charged for; or a job that makes one."""
        self.look(call.task)
        with self._lock:
            self.calls.append(call.task)
        if call.task in self.answers:
            return self.answers[call.task]
        with self._lock:
            self.charged += self.price
        if self.keeps:
            job, receipt = Job(provider="shop", id=f"job-{call.task}"), Receipt(nano_usd=self.price)
            result = tools.answered(job, receipt, self._body(call.task))
            return Made(result=result, receipt=receipt)
        if self.has_jobs:
            return Accepted(job=Job(provider="shop", id=f"job-{call.task}"), poll_after=0.0)
        return self._made(call, tools)

    def ask(self, job: Job, call: Call, tools: Tools) -> PollOutcome:
        """The text that a job made."""
        self.look(f"poll {call.task}")
        self.asked.append(job.id)
        if self.polls:
            return self.polls.pop(0)
        if self.leaves_results:
            result = Job(provider="shop", id=job.id, data={"url": f"/{job.id}"})
            return Made(result=result, receipt=Receipt(nano_usd=self.price))
        assert job.id == f"job-{call.task}"
        if self.stores:
            return Made(result=Job(provider="shop", id=job.id, data={"address": "there"}))
        return self._made(call, tools)

    def fetch(self, result: Job, call: Call, tools: Tools) -> FetchOutcome:
        """The text that was made."""
        self.look(f"fetch {call.task}")
        assert set(result.data) in ({"url"}, {"address"}, {"answer", "sha256"})
        if self.fetches:
            return self.fetches.pop(0)
        if "url" not in result.data:
            return self._made(call, tools)
        made = tools.sink.adopt_text(f"{self.saying} for {call.inputs}")
        return Finished(produced=Produced(artefacts=(made,)))

    def find(self, call: Call, since: float, tools: Tools) -> list[Candidate]:
        """What it has made since."""
        del call, tools
        return [each for each in self.known if each.created >= since]

    def _body(self, task: str) -> Iterator[bytes]:
        self.look(f"body {task}")
        yield self.saying.encode()

    def _made(self, call: Call, tools: Tools) -> Finished:
        nth = f" as number {len(self.calls)} in {call.task}" if self.never_the_same else ""
        made = tools.sink.adopt_text(f"{self.saying} for {call.inputs}{nth}")
        receipt = Receipt(nano_usd=self.price)
        return Finished(produced=Produced(artefacts=(made,), receipt=receipt))

    @property
    def world(self) -> Setting:
        """The package's own world with this provider."""
        shop = Provider(
            name="shop",
            title="the Shop",
            keys=(KEY,),
            poll_every=0.01,
            submit=self.sell,
            poll=None if self.keeps else self.ask,
            fetch=self.fetch,
            find=self.find,
        )
        registry = discover.own_registry().with_plugins([shop])
        return setting_of(registry, discover.catalog())


def texts(*prices: str | None, head: str = "") -> str:
    """A pipeline of a branch for each price (USD a call; None: not said)."""
    steps = "".join(
        f"      - {{type: text_to_text, model: 'shop:text'{f', price: {p}' if p else ''}}}\n"
        for p in prices
    )
    return (
        f"name: texts\nprompt: a fox\n{head}"
        f"steps:\n  - id: texts\n    type: parallel_group\n    parallel_steps:\n{steps}"
    )

"""A run that only thinks: which calls would be bought, given what the ledger knows.

The machine of a real run is led through the plan. Paid calls are looked up and answered from
the ledger; what would be new gives an artefact that nobody has seen before, so that whatever
depends on it is new as well. Local calls are known by their own keys, without being carried out.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from aipipe.app.asked import Choices
from aipipe.app.earlier import Earlier
from aipipe.app.hashed_files import NEW as _NEW
from aipipe.app.outlooks import Outlooks
from aipipe.backends.execution import read_in
from aipipe.catalog.price import UNKNOWN
from aipipe.contracts.artefact import ArtefactRef, InputFile, Value
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.event import Published, StepEnded, StepStarted
from aipipe.contracts.outcome import Failed, Finished, Problem, SubmitOutcome, problem_of
from aipipe.contracts.registry import Registry
from aipipe.errors import StepError
from aipipe.language.spec import Limits
from aipipe.memory import keys
from aipipe.memory.keys import Keys
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.states import Work
from aipipe.planning.forecast import HeldBack
from aipipe.planning.plan import Plan, Task
from aipipe.planning.pricing import price_of
from aipipe.running import passed_over
from aipipe.running.desk import Terms
from aipipe.running.instructions import (
    Commit,
    Instruction,
    Intent,
    News,
    NotTaken,
    Publish,
    PublishEnded,
    Reused,
    Submit,
    Submitted,
    Tell,
)
from aipipe.running.machine import Machine
from aipipe.running.values import Binder

_MANY = 1_000_000_000
_HELD_BACK = Problem(code="not_sent", message="not sent again by itself")
_LOCAL = "local:"
"""Begins the hash of what a local call makes, of things that are there: known by its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a forecast needs to know besides the ledger."""

    plan: Plan
    registry: Registry
    choices: Choices
    anew: Callable[[Task, str], bool]
    file: str
    """The pipeline's, absolute, as the ledger knows it."""


def foresee(question: Question, earlier: Earlier) -> Outlooks:
    """What would become of each paid call of a plan. Calls nobody and writes nothing."""
    thought = _Thought(question, earlier)
    thought.go_through()
    return thought.outlooks


class _Thought:
    def __init__(self, question: Question, earlier: Earlier) -> None:
        self.outlooks = Outlooks()
        self._question = question
        self._earlier = earlier
        self._news: deque[News] = deque()
        self._numbers: dict[str, int] = {}
        plan = replace(question.plan, limits=Limits())
        binder = Binder(run="", pipeline=plan.name, read_text=self._text)
        self._machine = Machine(plan, _terms(question), binder)

    def go_through(self) -> None:
        self._follow(self._machine.begin(0.0))
        while self._news and not self._machine.over:
            self._follow(self._machine.handle(self._news.popleft(), 0.0))

    def _text(self, artefact: ArtefactRef | InputFile) -> str:
        """A text that is known, or one that no text is."""
        if isinstance(artefact, InputFile):
            artefact = self._earlier.files.ingest(artefact.path, artefact.medium)
        if artefact.sha256.startswith(_NEW) or artefact.key is not None:
            return f"\0{artefact.key or artefact.sha256}"
        return self._earlier.store.text_of(artefact)

    def _follow(self, instructions: list[Instruction]) -> None:
        for each in instructions:
            match each:
                case Tell(event=StepStarted() as begun):
                    self._numbers[begun.task] = begun.template
                case Tell(event=StepEnded() as ended):
                    self._numbers.pop(ended.task, None)
                    if ended.problem is not None and ended.problem.code in passed_over.CODES:
                        self.outlooks.pass_over(ended.template)
                case Submit():
                    self._news.append(Submitted(each.ticket, self._worked(each.call)))
                case Publish():
                    self._news.append(_published(each))
                case Commit(records):
                    self._news.extend(self._bought(r) for r in records if isinstance(r, Intent))
                case _:
                    pass

    # --- local calls

    def _worked(self, call: Call) -> SubmitOutcome:
        try:
            stored = replace(call, inputs=read_in(call.inputs, self._earlier.files))
            return Finished(produced=self._made(stored))
        except StepError as error:
            return Failed(problem=problem_of(error))

    def _made(self, call: Call) -> Produced:
        kind, name = call.plugin.split(":", 1)
        if kind == "split":
            return self._parts(call, name)
        merge = self._question.registry.merges.get(name) if kind == "merge" else None
        captions = merge is not None and merge.shows_labels(call.params)
        is_new = _is_new(call.inputs) or _is_new(call.params)
        made = _stand_in(call, "made", kind=_NEW if is_new else _LOCAL)
        produced = Produced(artefacts=(made,))
        return keys.made_locally(call, produced, captions=captions)

    def _parts(self, call: Call, name: str) -> Produced:
        """The parts of a text that is known; of anything else nobody can tell how many."""
        split = self._question.registry.splits[name].text
        whole = call.inputs["input"]
        text = self._text(whole) if isinstance(whole, ArtefactRef) else str(whole)
        if split is None or "\0" in text or call.output.extension is not None:
            return Produced(values=())
        try:
            return Produced(values=split(text, call.params))
        except ValueError:
            return Produced(values=())

    # --- paid calls

    def _bought(self, intent: Intent) -> News:
        """What would become of a paid call."""
        number = self._numbers[intent.task]
        try:
            known = self._earlier.keys(intent.call)
        except StepError as error:
            return NotTaken(intent.ticket, problem_of(error))
        past = self._earlier.final(known.key, intent.call)
        if past is not None and past.state.work is Work.DONE:
            produced = self._earlier.produced(past)
            if produced is not None:
                self.outlooks.reuse(number, past)
                return Reused(intent.ticket, produced, 0)
        if past is not None and self._is_held_back(past):
            is_refused = past.state.work is Work.REFUSED
            self.outlooks.hold_back(number, HeldBack.REFUSED if is_refused else HeldBack.GONE)
            return NotTaken(intent.ticket, _HELD_BACK)
        return self._begun(intent, known, number)

    def _is_held_back(self, past: PastCall) -> bool:
        if past.state.work is Work.REFUSED:
            return not self._question.choices.sends_refused
        return not self._question.choices.buys_again

    def _begun(self, intent: Intent, known: Keys, number: int) -> News:
        """A call that is under way, in doubt, or new."""
        current = self._earlier.begun(known.open_key)
        unknown = Reused(intent.ticket, _unknown(intent.call), 0)
        task = self._question.plan.templates[number]
        price = price_of(task, intent.call) if isinstance(task, Task) else UNKNOWN
        if current is not None and not self._earlier.is_doubtful(current):
            self.outlooks.attach(number, price)
            return unknown
        if current is not None and not self._question.choices.sends_doubtful:
            self.outlooks.hold_back(number, HeldBack.UNCONFIRMED)
            return NotTaken(intent.ticket, _HELD_BACK)
        self.outlooks.buy(number, price)
        self._compare(intent, known, number)
        return unknown

    def _compare(self, intent: Intent, known: Keys, number: int) -> None:
        """Note what has changed since the task's last call, without what follows from others."""
        last = self._earlier.last_of(intent.task, self._question.file)
        parts = () if last is None else keys.changed(last.parts, known.parts)
        if parts:
            call = intent.call
            own = {**call.raw, **call.params, **call.inputs}
            named = tuple(part for part in parts if not _is_new(own.get(part)))
            self.outlooks.change(number, intent.task, named)


def _terms(question: Question) -> Terms:
    return Terms(
        run="",
        max_workers=_MANY,
        encoders=_MANY,
        concurrency=lambda _provider: _MANY,
        hold_of=lambda _task, _call: 0,
        likely_of=lambda _task, _call: 0,
        random=lambda: 0.0,
        stops_losers=False,
        anew=question.anew,
        approved=lambda _template: True,
        foresees=True,
    )


def _published(work: Publish) -> PublishEnded:
    outputs = tuple(
        Published(path=name, artefact=artefact, sha256="", bytes=0)
        for artefact, name in zip(work.artefacts, work.names, strict=True)
    )
    return PublishEnded(work.ticket, outputs)


def _unknown(call: Call) -> Produced:
    """What a call would make that nobody has made yet."""
    count = call.params.get("count")
    many = count if isinstance(count, int) else 1
    return Produced(artefacts=tuple(_stand_in(call, f"{n}", kind=_NEW) for n in range(1, many + 1)))


def _stand_in(call: Call, name: str, *, kind: str) -> ArtefactRef:
    medium = call.output.medium or "data"
    return ArtefactRef(
        sha256=f"{kind}{call.task}:{name}",
        medium=medium,
        extension=call.output.extension or "",
        bytes=0,
    )


def _is_new(value: Value) -> bool:
    """Whether a value has something in it that nobody has made yet."""
    match value:
        case ArtefactRef():
            return value.sha256.startswith(_NEW)
        case str():
            return "\0" in value
        case tuple() | list():
            return any(_is_new(each) for each in value)
        case Mapping():
            return any(_is_new(each) for each in value.values())
        case _:
            return False

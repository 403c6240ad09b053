"""What goes wrong by plan: each fault for the first so many requests of a prompt.

`faults.json` (read at start), or the body of `POST /control` (takes its place; counts begin
anew):

    {"price": "0.10", "key": "...", "lag": 0, "polls": 2,
     "rules": [{"kind": "throttled", "prompt": "fox", "times": 2, "retry_after": "0"}],
     "chance": {"seed": 7, "times": 1, "kinds": {"reset_charged": 0.1, "cut_off": 0.2}}}

A rule is for prompts that contain its `prompt` (none given: all), in its `form` (`jobs`,
`now`; none given: both). Rules come before chance, in the order written; of each stage one
fault happens at a time. Chance depends on the seed, the stage and the prompt alone, never on
the order of requests.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """Which requests a fault is for."""

    SUBMIT = "submit"
    JOB = "job"
    POLL = "poll"
    FILE = "file"


KINDS: Mapping[str, Stage] = {
    "throttled": Stage.SUBMIT,  # 429, not charged; `retry_after`: its header
    "unavailable": Stage.SUBMIT,  # 503 with x-not-accepted: 1, not charged
    "error_before": Stage.SUBMIT,  # 500, not charged
    "error_charged": Stage.SUBMIT,  # 500, charged
    "reset_before": Stage.SUBMIT,  # the connection is reset, not charged
    "reset_charged": Stage.SUBMIT,  # the connection is reset, charged
    "silent_charged": Stage.SUBMIT,  # charged, and no answer until the client goes
    "no_id": Stage.SUBMIT,  # 2xx without an id, charged
    "unreadable": Stage.SUBMIT,  # 2xx with a page of HTML, charged
    "input_refused": Stage.SUBMIT,  # 422, not charged
    "slow": Stage.SUBMIT,  # after `seconds`, else good
    "job_fails": Stage.JOB,  # accepted, fails, not charged
    "job_fails_charged": Stage.JOB,  # accepted, fails, charged
    "output_refused": Stage.JOB,  # accepted, refused, charged
    "poll_error": Stage.POLL,  # 500
    "poll_reset": Stage.POLL,  # the connection is reset
    "gone": Stage.FILE,  # 410
    "cut_off": Stage.FILE,  # half the body, with the whole's Content-Length
    "cut_off_chunked": Stage.FILE,  # half the body, in chunks, without the last
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule of the plan."""

    kind: str
    prompt: str = ""
    form: str | None = None
    times: int = 1
    retry_after: str | None = None
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called '{self.kind}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Faults drawn by lot, each kind with its probability among those of its stage."""

    seed: int = 0
    times: int = 1
    kinds: Mapping[str, float] = field(default_factory=dict)

    def drawn(self, stage: Stage, form: str, prompt: str) -> Iterator[Fault]:
        """The fault that a prompt meets, if it meets one."""
        text = f"{self.seed}/{stage}/{form}/{prompt}".encode()
        lot = int.from_bytes(hashlib.sha256(text).digest()[:8], "big") / 2**64
        for kind, probability in self.kinds.items():
            if KINDS[kind] is not stage:
                continue
            if lot < probability:
                yield Fault(kind=kind, times=self.times)
                return
            lot -= probability


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """A plan."""

    price: str = "0.10"
    """USD a call."""
    key: str = "till-key"
    lag: int = 0
    """Jobs are listed only after so many further requests."""
    polls: int = 2
    """Polls of a job before it is done: the first tells a place in the queue."""
    rules: Sequence[Fault] = ()
    chance: Chance = field(default_factory=Chance)


def orders_of(plain: Mapping[str, object]) -> Orders:
    """A plan as written in JSON."""
    given = dict(plain)
    rules = given.pop("rules", [])
    chance = given.pop("chance", {})
    assert isinstance(rules, list)
    assert isinstance(chance, dict)
    return Orders(
        **given,  # type: ignore[arg-type] # a test's own file
        rules=tuple(Fault(**rule) for rule in rules),
        chance=Chance(**chance),
    )


class Faults:
    """A plan, and how often each of its faults has happened to each prompt."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self._lock = threading.Lock()
        self._happened: Counter[tuple[int, str, str, str]] = Counter()

    def next(self, stage: Stage, form: str, prompt: str) -> Fault | None:
        """What goes wrong with the request that has just come; None: nothing."""
        with self._lock:
            for n, fault in enumerate(self._matching(stage, form, prompt)):
                which = (n, fault.kind, form, prompt)
                if self._happened[which] < fault.times:
                    self._happened[which] += 1
                    return fault
        return None

    def _matching(self, stage: Stage, form: str, prompt: str) -> Iterator[Fault]:
        for rule in self.orders.rules:
            is_meant = rule.form in {None, form} and rule.prompt in prompt
            if is_meant and KINDS[rule.kind] is stage:
                yield rule
        yield from self.orders.chance.drawn(stage, form, prompt)

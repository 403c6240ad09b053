"""Short words that several screens share: times, statuses, what became of a step."""

from collections.abc import Mapping, Sequence

from aipipe.cli.text import clean
from aipipe.contracts.codes.registry import CODES
from aipipe.contracts.event import StepEnded
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.running.groups import FAULTY, ErrorGroup
from aipipe.running.problems import LEFT

STYLES: Mapping[Status | None, str] = {
    Status.DONE: "green",
    Status.REUSED: "cyan",
    Status.FAILED: "red",
    Status.SKIPPED: "yellow",
    Status.UNCONFIRMED: "red",
    Status.REFUSED: "red",
    Status.WAITING: "yellow",
    Status.CANCELLED: "yellow",
    None: "",
}
"""The colour of a status."""

_ORDER = (
    Status.DONE,
    Status.REUSED,
    Status.FAILED,
    Status.UNCONFIRMED,
    Status.REFUSED,
    Status.SKIPPED,
    Status.WAITING,
    Status.CANCELLED,
)
_MINUTE, _HOUR = 60, 3600
_LONGEST_IN_SECONDS = 100.0


def seconds(length: float) -> str:
    """`5.8s`, `2m05s`, `1h02m`."""
    if length < _LONGEST_IN_SECONDS - 0.05:
        return f"{length:.1f}s"
    whole = round(length)
    if whole < _HOUR:
        return f"{whole // _MINUTE}m{whole % _MINUTE:02d}s"
    return f"{whole // _HOUR}h{whole % _HOUR // _MINUTE:02d}m"


def clock(length: float) -> str:
    """`0:06`, `1:02:03`; halves are rounded up."""
    whole = max(0, int(length + 0.5))
    minutes = f"{whole // _MINUTE % _MINUTE}:{whole % _MINUTE:02d}"
    return minutes if whole < _HOUR else f"{whole // _HOUR}:{minutes.rjust(5, '0')}"


def counts(found: Mapping[Status, int], left: int = 0) -> str:
    """`2 done, 1 failed`; `left` of the cancelled go on at their providers."""
    known = {**found, Status.CANCELLED: found.get(Status.CANCELLED, 0) - left}
    parts = [f"{known[each]:,} {each.value}" for each in _ORDER if known.get(each)]
    parts += [f"{left:,} left"] if left else []
    return ", ".join(parts) or "nothing done"


def ended(status: Status, problem: Problem | None) -> str:
    """The word for how a step ended: `done`; `left` where its job goes on."""
    return "left" if is_left(problem) else status.value


def is_left(problem: Problem | None) -> bool:
    """Whether a step was interrupted whose job goes on at its provider."""
    return problem is not None and problem.code == LEFT


def files(paths: Sequence[str]) -> str:
    """`a.png`, `a.png, b.png`, `a_1.png (+49)`, or `-` for none."""
    named = 2
    if len(paths) > named:
        return f"{clean(paths[0])} (+{len(paths) - 1:,})"
    return ", ".join(clean(path) for path in paths) or "-"


def failure(event: StepEnded) -> str | None:
    """`fal.server_error, gave up after 3 attempts`; None: it is no failure."""
    if event.status not in FAULTY:
        return None
    problem = event.problem or Problem(code="unknown", message=event.status.value)
    if event.attempts > 1:
        return f"{clean(problem.code)}, gave up after {event.attempts} attempts"
    return f"{clean(problem.code)}: {clean(problem.message)}"


def advice(group: ErrorGroup) -> tuple[str, ...]:
    """What to do about an error: what its steps were told, else what is said of its code."""
    known = CODES.get(group.code)
    return group.hints or (() if known is None else (known.todo,))

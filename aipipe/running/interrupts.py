"""What is told when a run is interrupted: which calls are in flight, where, at what worst case."""

from collections.abc import Sequence

from aipipe.contracts.event import InterruptRequested
from aipipe.contracts.in_flight import Running
from aipipe.running.cells import Phase, TaskCell
from aipipe.running.desk import Desk


def requested(
    signal: str, then: Running, running: Sequence[TaskCell], desk: Desk
) -> InterruptRequested:
    """The event. `running` are the tasks that have begun and not ended."""
    sent = [cell for cell in running if cell.template.is_remote and cell.phase is Phase.RUNNING]
    jobs = [cell for cell in sent if cell.job is not None or cell.made is not None]
    return InterruptRequested(
        at=desk.now,
        signal=signal,
        running=len(running),
        then=then,
        jobs=len(jobs),
        sending=len(sent) - len(jobs),
        providers=tuple(dict.fromkeys(cell.template.provider for cell in jobs)),
        at_most=_worst(sent, desk),
    )


def _worst(sent: Sequence[TaskCell], desk: Desk) -> int | None:
    """What calls in flight may cost together; what has been told counts as told."""
    total = 0
    for cell in sent:
        worst = cell.paid
        if worst is None and cell.call is not None:
            worst = desk.terms.hold_of(cell.template, cell.call)
        if worst is None:
            return None
        total += worst
    return total

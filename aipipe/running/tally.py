"""What counts for the exit code and the status of a run."""

from collections import Counter
from dataclasses import dataclass, field

from aipipe.contracts.event import RunStatus
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.errors import ExitCode
from aipipe.running.cells import TaskCell
from aipipe.running.instructions import StopRequested

BUG = "bug"
"""The code of a problem that is aipipe's own fault."""
_SIGNALS = {
    "SIGINT": ExitCode.INTERRUPTED,
    "SIGTERM": ExitCode.TERMINATED,
    "SIGHUP": ExitCode.HUNG_UP,
}
_GRAVE = {
    Status.UNCONFIRMED: (RunStatus.UNCONFIRMED, ExitCode.UNCONFIRMED),
    Status.REFUSED: (RunStatus.REFUSED, ExitCode.CAP),
    Status.WAITING: (RunStatus.WAITING, ExitCode.STOPPED),
}
"""What counts more than failures, the gravest first."""


@dataclass(slots=True)
class Tally:
    """Counts of how tasks ended."""

    statuses: Counter[Status] = field(default_factory=Counter)
    counting: int = 0
    """Failures that count."""
    ignored: int = 0
    bugs: int = 0
    billed: int = 0
    saved: int = 0
    """What reused results had cost, in nano-dollars."""

    def add(
        self, cell: TaskCell, status: Status, problem: Problem | None, *, ignored: bool
    ) -> None:
        """Count a task that ended."""
        self.statuses[status] += 1
        self.billed += cell.billed
        if status is Status.FAILED:  # a skipped step follows from a failure that counts, or not
            if ignored:
                self.ignored += 1
            else:
                self.counting += 1
        if problem is not None and problem.code == BUG:
            self.bugs += 1

    def container(self, status: Status, *, ignored: bool) -> None:
        """Count a container that ended so without any task inside it that did."""
        if status is Status.WAITING:
            self.statuses[status] += 1
        elif status is Status.FAILED and not ignored:
            self.counting += 1

    def verdict(self, *, stop: StopRequested | None, strict: bool) -> tuple[RunStatus, ExitCode]:
        """The run's status and its exit code, the gravest first."""
        if stop is not None and stop.signal is not None:
            return RunStatus.INTERRUPTED, _SIGNALS.get(stop.signal, ExitCode.INTERRUPTED)
        if self.bugs:
            return RunStatus.FAILED, ExitCode.BUG
        for status, verdict in _GRAVE.items():
            if self.statuses[status]:
                return verdict
        if stop is not None and self.statuses[Status.CANCELLED]:
            return RunStatus.STOPPED, ExitCode.STOPPED
        return self._of_failures(strict=strict)

    def _of_failures(self, *, strict: bool) -> tuple[RunStatus, ExitCode]:
        if self.counting:
            return RunStatus.FAILED, ExitCode.STEPS_FAILED
        if self.ignored:
            code = ExitCode.STEPS_FAILED if strict else ExitCode.OK
            return RunStatus.DONE_WITH_FAILURES, code
        return RunStatus.DONE, ExitCode.OK

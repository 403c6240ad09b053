"""What can go wrong outside the user's file, with the exit code each one means.

AipipeError
├── UsageError            2   the command line, or a file that can't be read
│   ├── PipelineFaultsError   every fault found in the pipeline's text
│   ├── MissingKeyError       a provider's key is not set
│   ├── OutputInTheWayError   a file that aipipe did not write
│   ├── DeclinedError         the question was answered "no"
│   ├── LedgerError           the ledger can't be used (in `memory.ledger.faults`)
│   └── RunTakenError         another process carries out the run (in `memory.ledger.liveness`)
├── CapError              3   the likely cost is above the cap
└── StepError                 one call failed (its run goes on; exit 1 at the end)

Anything else that is raised is a bug in aipipe: exit 70.
"""

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command, as documented."""

    OK = 0
    STEPS_FAILED = 1
    USAGE = 2
    CAP = 3
    UNCONFIRMED = 4
    STOPPED = 5
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143
    HUNG_UP = 129


class AipipeError(Exception):
    """A failure of the world that ends a command, with a hint at what to do."""

    exit_code: ExitCode = ExitCode.BUG
    code: str

    def __init__(self, message: str, *, hints: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hints = tuple(hints)


class UsageError(AipipeError):
    """The command can't be carried out as it was given."""

    exit_code = ExitCode.USAGE
    code = "usage"


class PipelineFaultsError(UsageError):
    """The pipeline's text has faults; `faults` holds all of them (`language.Diagnostic`)."""

    code = "faults"

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


class MissingKeyError(UsageError):
    """A model's provider has no key."""

    code = "missing_key"


class OutputInTheWayError(UsageError):
    """A file that aipipe did not write stands where an output would go."""

    code = "output_in_the_way"


class DeclinedError(UsageError):
    """The person at the terminal said no; `effect` is what did not happen."""

    code = "declined"

    def __init__(self, message: str, *, effect: str = "nothing ran, nothing spent") -> None:
        super().__init__(message)
        self.effect = effect


class CapError(AipipeError):
    """The likely cost is above the cap, so nothing starts."""

    exit_code = ExitCode.CAP
    code = "cap"


class StepError(AipipeError):
    """One call failed for a reason that the user should read.

    `code` is a stable word such as `local.empty_text`; `retryable` says that the same
    call may succeed when sent again.
    """

    exit_code = ExitCode.STEPS_FAILED

    def __init__(
        self, code: str, message: str, *, hint: str | None = None, retryable: bool = False
    ) -> None:
        super().__init__(message, hints=(hint,) if hint else ())
        self.code = code
        self.hint = hint
        self.retryable = retryable


class CancelledError(StepError):
    """The call was stopped on purpose before it finished."""

    def __init__(self) -> None:
        super().__init__("cancelled", "stopped before it finished")

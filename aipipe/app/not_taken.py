"""Why a call may not be sent, in words for the user."""

from dataclasses import asdict

from aipipe.contracts.artefact import Json
from aipipe.contracts.outcome import Problem
from aipipe.memory.ledger.answers import Answer, MustWait, NoRoomOnDisk, Refused
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.states import Work
from aipipe.running import amounts, problems
from aipipe.running.tally import BUG

REBUY = "--rebuy  buys it again"
_DISK = "the disk is full: what is under way is still kept, nothing new is sent"


def why_not(answer: Answer | Exception, hold: int) -> Problem | None:
    """Why the ledger took no intent; None: there may be room later."""
    match answer:
        case MustWait():
            return None
        case Refused(scope=scope, left=left):
            kind, _, name = scope.partition(":")
            message = f"costs up to ${usd(hold)}, and ${usd(max(0, left))} is left"
            return _refused(kind, name.partition("/")[2], message)
        case NoRoomOnDisk():
            return Problem(code="disk_full", message=_DISK, hint="make room, and run it again")
        case Exception():
            return Problem(code="ledger", message=str(answer))
        case _:
            return Problem(code=BUG, message=f"the ledger answered {asdict(answer)}")


def _refused(kind: str, group: str, message: str) -> Problem:
    if kind == "day":
        hint = "AIPIPE_MAX_COST_PER_DAY  is the cap of a day (UTC), over all runs"
        return Problem(code=problems.CAP, message=f"{message} for today", hint=hint)
    if kind == "group":
        hint = f"budget:  of '{group}' in the file"
        return Problem(code=problems.CAP, message=f"{message} for '{group}'", hint=hint)
    hint = "--max-cost USD"
    return Problem(code=problems.CAP, message=f"{message} under the cap of this run", hint=hint)


def doubt(call: PastCall) -> Problem:
    """Why a call is not sent again that may have been accepted."""
    said = f" ({call.error['message']})" if isinstance(call.error, dict) else ""
    return Problem(
        code=problems.UNCONFIRMED,
        message=f"run {call.run} may have paid for it (up to ${usd(call.held)}){said}",
        hint="aipipe jobs list  shows it; --unconfirmed retry  sends it again",
    )


def final(call: PastCall) -> Problem:
    """Why a call is not sent again that was refused, or whose result is gone."""
    what = error_of(call.error)
    if call.state.work is Work.REFUSED:
        message = f"{what.message} (refused in run {call.run}, and not sent again)"
        return Problem(code=what.code, message=message, hint="--retry-refused  sends it again")
    message = f"paid for in run {call.run}, and its result is gone: {what.message}"
    return Problem(code=what.code, message=message, hint=REBUY)


def missing(call: PastCall) -> Problem:
    """Why a result that was made is neither here nor bought again."""
    message = f"its result of run {call.run} is no longer in the store"
    hint = f"{REBUY} (${usd(call.held)} at most)"
    return Problem(code="store.missing", message=message, hint=hint)


def error_of(kept: Json) -> Problem:
    """An error as the ledger kept it."""
    match kept:
        case {"code": str(code), "message": str(message)}:
            return Problem(code=code, message=message)
        case _:
            return Problem(code="unknown", message="nobody knows why")


def usd(nano: int) -> str:
    """`0.080`."""
    return amounts.written(amounts.usd(nano)) or ""

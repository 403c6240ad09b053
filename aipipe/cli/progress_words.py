"""What is said of an event beside a display: failures, notices, an interrupt."""

from dataclasses import dataclass

from aipipe.cli.money import usd
from aipipe.cli.text import clean, count
from aipipe.cli.words import failure
from aipipe.contracts.event import InterruptRequested, Noticed, RunEvent, StepEnded
from aipipe.contracts.in_flight import Running
from aipipe.running import amounts

_ONCE_MORE = "; once more ends at once"


@dataclass(frozen=True, slots=True)
class Told:
    """A line that stays."""

    text: str
    style: str
    is_failure: bool = False


def told(event: RunEvent) -> Told | None:
    """The line; None: the display shows it all."""
    match event:
        case StepEnded():
            words = failure(event)
            if words is None:
                return None
            return Told(f"{clean(event.label)}  {words}", "red", is_failure=True)
        case Noticed():
            style = "yellow" if event.level == "warning" else "cyan"
            return Told(f"{event.level}: {clean(event.message)}", style)
        case InterruptRequested():
            return Told(stopping(event), "yellow")
        case _:
            return None


def stopping(event: InterruptRequested) -> str:
    """`^C 2 jobs go on at fal (at most $0.970); nothing new starts`."""
    by = "^C" if event.signal == "SIGINT" else f"{clean(event.signal)}:"
    match event.then:
        case Running.LEAVE:
            told = _left(event)
        case Running.FINISH:
            finished = f"{count(event.running, 'step')} under way {_is(event.running)} finished"
            told = [f"{finished}{_stake(event)}"] if event.running else []
        case Running.CANCEL:
            stopped = f"{count(event.running, 'step')} under way {_is(event.running)} asked to stop"
            told = [f"{stopped}{_stake(event)}"] if event.running else []
    waits = "" if event.then is Running.LEAVE and event.running == event.jobs else _ONCE_MORE
    return f"{by} {'; '.join([*told, 'nothing new starts'])}{waits}"


def _left(event: InterruptRequested) -> list[str]:
    """What becomes of what is under way where remote jobs are left to themselves."""
    told = []
    if event.jobs:
        go = "goes" if event.jobs == 1 else "go"
        where = ", ".join(clean(name) for name in event.providers)
        told.append(f"{count(event.jobs, 'job')} {go} on at {where}{_stake(event)}")
    if event.sending:
        stake = "" if event.jobs else _stake(event)
        told.append(
            f"{count(event.sending, 'call')} being sent {_is(event.sending)} awaited{stake}"
        )
    local = event.running - event.jobs - event.sending
    if local:
        told.append(f"{count(local, 'local step')} {_is(local)} stopped")
    return told


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _stake(event: InterruptRequested) -> str:
    if event.jobs + event.sending == 0:
        return ""
    if event.at_most is None:
        return " (at an unknown cost)"
    return f" (at most {usd(amounts.usd(event.at_most))})"

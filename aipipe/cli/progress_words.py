"""What is said of an event beside a display: failures, notices, an interrupt."""

from dataclasses import dataclass

from aipipe.cli.text import clean
from aipipe.cli.words import failure
from aipipe.contracts.event import InterruptRequested, Noticed, RunEvent, StepEnded


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
    """`SIGINT: nothing new starts, 2 running; once more ends at once`."""
    going = f"nothing new starts, {event.running:,} running"
    return f"{clean(event.signal)}: {going}; once more ends at once"

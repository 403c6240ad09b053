"""Words for the jobs that wait in a provider's queue, told when they enter it."""

from collections.abc import Mapping

from aipipe.cli.text import clean
from aipipe.contracts.event import RunEvent, StepEnded, StepProgressed, StepStarted
from aipipe.running.places import Place


class Queue:
    """A fold over a run's events. `moves`: a place that has changed is told too."""

    def __init__(self, places: Mapping[int, Place], *, moves: bool = False) -> None:
        self._places = places
        self._moves = moves
        self._names: dict[str, str] = {}
        self._told: dict[str, int] = {}

    def add(self, event: RunEvent) -> str | None:
        """`pictures.3 seedream, place 4 at fal`; None: it tells nothing new of a queue."""
        match event:
            case StepStarted():
                self._names[event.task] = named(event.task, event.label)
            case StepEnded():
                self._names.pop(event.task, None)
                self._told.pop(event.task, None)
            case StepProgressed(queue_position=None):
                self._told.pop(event.task, None)
            case StepProgressed(queue_position=int() as place):
                return self._waits(event, place)
            case _:
                pass
        return None

    def _waits(self, event: StepProgressed, place: int) -> str | None:
        before = self._told.get(event.task)
        if before is not None and (before == place or not self._moves):
            return None
        self._told[event.task] = place
        provider = self._places[event.template].task.provider
        name = self._names.get(event.task, clean(event.task))
        return f"{name}, place {place} at {clean(provider)}"


def named(task: str, label: str) -> str:
    """A task by its path, and by its label where that says more."""
    return clean(task) if label == task else f"{clean(task)} {clean(label)}"

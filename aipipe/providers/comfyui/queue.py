"""ComfyUI's queue: what runs, and what waits in which place.

`GET /queue` gives `queue_running` and `queue_pending`: lists of [number, id, graph, extra, …], of
which the lowest number is next. `extra.create_time` is in milliseconds since 1970, where there is
one.
"""

from collections.abc import Mapping, Sequence
from time import time
from typing import Any, Final

from aipipe.contracts.artefact import Json
from aipipe.providers.http import json_text
from aipipe.providers.http.asking import ask
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.site import Site

LONGEST: Final = 256 << 20
"""Bytes: every job is there with its whole graph."""
RUNS: Final = 0
_ID, _EXTRA = 1, 3
_MILLISECONDS: Final = 1_000

Entry = Sequence[Any]
Queue = tuple[list[Entry], list[Entry]]
"""What runs, and what waits, the next one first."""


def asked(site: Site) -> Queue:
    """The queue as it is now.

    Raises:
        HttpError: those of `ask`.
    """
    told = json_text.parsed_object(ask(site, "/queue", limit=LONGEST).body)
    waiting = sorted(_entries(told, "queue_pending"), key=lambda each: each[0])
    return _entries(told, "queue_running"), waiting


def place_of(name: str, queue: Queue) -> int | None:
    """Where a job is: `RUNS`, or its place from 1; None: not in the queue."""
    running, waiting = queue
    if any(each[_ID] == name for each in running):
        return RUNS
    places = (place for place, each in enumerate(waiting, start=1) if each[_ID] == name)
    return next(places, None)


def created(name: str, queue: Queue) -> float | None:
    """When a job in the queue was created, in seconds since 1970; None: it is not there."""
    found = next((each for part in queue for each in part if each[_ID] == name), None)
    if found is None:
        return None
    extra = found[_EXTRA] if len(found) > _EXTRA else None
    told = extra.get("create_time") if isinstance(extra, dict) else None
    return told / _MILLISECONDS if isinstance(told, int | float) else time()


def _entries(told: Mapping[str, Json], part: str) -> list[Entry]:
    found = told.get(part)
    if not isinstance(found, list):
        raise UnreadableError(f"the answer has no '{part}'")
    for each in found:
        is_entry = isinstance(each, list) and len(each) > _ID and isinstance(each[0], int | float)
        if not is_entry:
            raise UnreadableError(f"the answer's '{part}' can't be read")
    return [each for each in found if isinstance(each, list)]

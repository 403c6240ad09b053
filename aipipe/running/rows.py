"""One line of a run's result for each of its tasks, and the JSON object that it is written as.

The same object stands in run.json, in `--format json` and in the file to which a long run
spools its rows: `{id, key, label, type, model, provider, status, attempts, reused, seconds,
cost: {estimated, billed, computed}, outputs: [{path, media, sha256, bytes}], ignored,
error: {code, message, hint} | null}`, and `note` where there is one. Money is a string in USD,
or null where it is unknown.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aipipe.contracts.event import StepEnded, StepStarted
from aipipe.contracts.media import Medium
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.running import amounts
from aipipe.running.places import Place

RUNNING = "running"
"""The status in JSON of a step that has begun and not ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOutput:
    """A published file. `path` is relative to the output folder, with `/`."""

    path: str
    medium: Medium
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of a task."""

    id: str
    """The task's path: `voices[17].clip`."""
    key: str | None
    """The key of the innermost item; None outside of batches."""
    label: str
    section: int
    """Its table: a place in `Summary.sections`."""
    position: str
    """Its number in that table: `3`, or `17.2` in the seventeenth item."""
    type: str
    model: str
    provider: str
    status: Status | None
    """None: it has begun and not ended."""
    attempts: int
    seconds: float
    estimated: Decimal | None
    """USD as likely before the run; None: unknown. Among a batch's items it is the mean."""
    billed: Decimal
    computed: bool
    """`billed` comes from the price list; the provider reported nothing."""
    outputs: tuple[RowOutput, ...]
    problem: Problem | None
    ignored: bool
    """It failed, and that does not count."""


_encode = json.JSONEncoder().encode


def text(event: StepEnded | StepStarted, place: Place) -> str:
    """The JSON text of a task that has ended, or has begun."""
    return _encode(_object(event, place))


def _object(event: StepEnded | StepStarted, place: Place) -> dict[str, Any]:
    ended = event if isinstance(event, StepEnded) else None
    problem = ended.problem if ended else None
    task = place.task
    noted = {"note": ended.note} if ended is not None and ended.note else {}
    return {
        "id": event.task,
        "key": place.key_in(event.task),
        "label": event.label,
        "type": task.type,
        "model": (ended.model if ended else "") or task.model,
        "provider": (ended.provider if ended else "") or task.provider,
        "status": ended.status.value if ended else RUNNING,
        "attempts": ended.attempts if ended else 0,
        "reused": ended is not None and ended.status is Status.REUSED,
        "seconds": round(ended.seconds, 3) if ended else None,
        "cost": {
            "estimated": amounts.written(place.estimated),
            "billed": amounts.written(amounts.usd(ended.billed if ended else 0)),
            "computed": ended is not None and not ended.billed_known,
        },
        "outputs": _outputs(ended) if ended else [],
        "ignored": ended.ignored if ended else False,
        "error": _error(problem) if problem else None,
        **noted,
    }


def _outputs(event: StepEnded) -> list[dict[str, Any]]:
    return [
        {"path": o.path, "media": o.artefact.medium, "sha256": o.sha256, "bytes": o.bytes}
        for o in event.outputs
    ]


def _error(problem: Problem) -> dict[str, str | None]:
    return {"code": problem.code, "message": problem.message, "hint": problem.hint}


def row(written: str, place: Place, order: tuple[int, ...]) -> Row:
    """The row that `text` wrote; `order` is the task's."""
    found: dict[str, Any] = json.loads(written)
    error = found["error"]
    status = found["status"]
    return Row(
        id=found["id"],
        key=found["key"],
        label=found["label"],
        section=place.section,
        position=place.position(order),
        type=found["type"],
        model=found["model"],
        provider=found["provider"],
        status=None if status == RUNNING else Status(status),
        attempts=found["attempts"],
        seconds=found["seconds"] or 0.0,
        estimated=place.estimated,
        billed=Decimal(found["cost"]["billed"]),
        computed=found["cost"]["computed"],
        outputs=tuple(
            RowOutput(path=o["path"], medium=o["media"], sha256=o["sha256"], bytes=o["bytes"])
            for o in found["outputs"]
        ),
        problem=None if error is None else Problem(**error),
        ignored=found["ignored"],
    )

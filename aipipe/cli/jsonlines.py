"""Progress for programs: one JSON object a line for every event.

Each has `v`, `event` (`run_started`, `step_ended`, …) and `at`, and what the event has, by the
same names. Money is a string in USD, an output is `{path, media, sha256, bytes}`.
"""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from typing import Any, Self, TextIO

from aipipe.cli.console import write
from aipipe.contracts.event import Published, RunEvent, StepEnded, StepProgressed
from aipipe.contracts.outcome import Problem
from aipipe.running import amounts

_SELDOM = 1.0
"""Seconds between two news of one task in one phase."""
_HIDDEN = frozenset({"order"})
_MONEY = frozenset({"billed", "saved", "at_most"})


class JsonProgress:
    """Writes events as they come; news of running tasks at most once a second each."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told: dict[str, tuple[str, float]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def add(self, event: RunEvent) -> None:
        """Write the event."""
        if isinstance(event, StepProgressed) and not self._is_news(event):
            return
        if isinstance(event, StepEnded):
            self._told.pop(event.task, None)
        write(self._stream, line(event) + "\n")

    def tick(self, now: float) -> None:
        """Nothing."""

    def paused(self) -> AbstractContextManager[None]:
        """Nothing to stop: lines come one after the other."""
        return nullcontext()

    def abort(self) -> None:
        """Nothing to give back."""

    def _is_news(self, event: StepProgressed) -> bool:
        phase, at = self._told.get(event.task, ("", 0.0))
        if event.phase == phase and event.at - at < _SELDOM:
            return False
        self._told[event.task] = (event.phase, event.at)
        return True


def line(event: RunEvent) -> str:
    """The event as JSON text."""
    named = re.sub(r"(?<!^)([A-Z])", r"_\1", type(event).__name__).lower()
    return json.dumps({"v": event.v, "event": named, **_facts(event)})


def _facts(event: RunEvent) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(event):
        if field.name not in _HIDDEN:
            found[field.name] = _plain(field.name, getattr(event, field.name))
    return found


def _plain(name: str, value: Any) -> Any:
    match value:
        case float():
            return round(value, 3)
        case int() if name in _MONEY:
            return amounts.written(amounts.usd(value))
        case Problem():
            return {"code": value.code, "message": value.message, "hint": value.hint}
        case tuple():
            return [_plain(name, each) for each in value]
        case Published():
            return {
                "path": value.path,
                "media": value.artefact.medium,
                "sha256": value.sha256,
                "bytes": value.bytes,
            }
        case _:
            return value

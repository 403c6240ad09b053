"""Whole runs in a folder of their own, with steps that do as a test asks."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import Prepared, prepare
from aipipe.app.run import run
from aipipe.app.setting import Setting, setting_of
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.event import RunEvent
from aipipe.contracts.media import TEXT
from aipipe.contracts.step import Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.running.summary import Summary

PATIENCE = 20
"""Seconds after which a test that hangs fails."""


@dataclass
class Actors:
    """Steps of type `say`, whose text names what it says; `after` makes one wait for another."""

    said: list[str] = field(default_factory=list)
    _done: dict[str, threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def event(self, name: str) -> threading.Event:
        """Set once `name` was said."""
        with self._lock:
            return self._done.setdefault(name, threading.Event())

    def say(self, call: Call, tools: Tools) -> Produced:
        """Say the text, after another if asked so; or fail, or go on until stopped."""
        text = str(call.inputs["text"])
        after = call.params.get("after")
        if isinstance(after, str):
            assert self.event(after).wait(PATIENCE), f"'{after}' was never said"
        if call.params.get("fail"):
            raise StepError("say.hoarse", f"can't say '{text}'", hint="have some tea")
        if call.params.get("forever"):
            self.event("forever").set()
            wait_for(tools.cancelled)
            raise CancelledError
        made = tools.sink.adopt_text(text)
        with self._lock:
            self.said.append(text)
        self.event(text).set()
        return Produced(artefacts=(made,))

    @property
    def step(self) -> StepType:
        """The step type."""
        return StepType(
            name="say",
            summary="Say a text.",
            slots=(Slot(name="text", medium=TEXT, summary="What to say.", words=("prompt",)),),
            produces=TEXT,
            params={
                "after": {"type": "string", "description": "What must have been said before."},
                "fail": {"type": "boolean", "description": "Fail."},
                "forever": {"type": "boolean", "description": "Go on until stopped."},
            },
            local=self.say,
            heavy=False,
        )


def wait_for(question: Callable[[], bool]) -> None:
    """Return once the answer is yes."""
    pause = threading.Event()
    for _ in range(PATIENCE * 100):
        if question():
            return
        pause.wait(0.01)
    raise AssertionError("it never came true")


def world(actors: Actors | None = None) -> Setting:
    """The package's own world, and the actors."""
    own = discover.own_registry()
    registry = own if actors is None else own.with_plugins([actors.step])
    return setting_of(registry, discover.catalog())


def ready(text: str, folder: Path, actors: Actors | None = None, **options: object) -> Prepared:
    """A pipeline's text, prepared; outputs go to `folder/out`."""
    file = folder / "pipeline.yaml"
    file.write_text(text, encoding="utf-8")
    given: dict[str, object] = {
        "file": str(file),
        "output_dir": str(folder / "out"),
        "environment": {"AIPIPE_HOME": str(folder / "home")},
    }
    return prepare(Options(**{**given, **options}), world(actors))  # type: ignore[arg-type]


def ran(
    text: str,
    folder: Path,
    actors: Actors | None = None,
    *,
    listeners: Sequence[Callable[[RunEvent], None]] = (),
    **options: object,
) -> Summary:
    """The summary of running a pipeline's text."""
    return run(ready(text, folder, actors, **options), listeners=listeners)

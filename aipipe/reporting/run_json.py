"""`run.json`: one object that tells what a run has come to, rewritten as its steps end.

    {schema_version, run, pipeline, file, mock,
     status: "done" | … | "running",
     exit_code: 0 | … | null while it runs,
     seconds,
     counts: {done: 2, failed: 1, …, running: 0},
     cost: {estimated: {low, likely, at_most}, billed, saved},
     waiting: [paths of steps that nobody has agreed to],
     steps: [rows, see `running/rows.py`],
     outputs: [{path, media, sha256, bytes}],
     named_outputs: {clip: [path, …]},
     earlier: [{path, sha256}]}

`steps` stand in the order written: those that have ended, and those that have begun, whose
status is `running`; those that have not begun are not in it. `outputs` are the files of the
last step, or those that the file names under `outputs:`; `named_outputs` are these by name, where
it names some. `earlier` are files of earlier runs that this one has not written anew.
Money is a string in USD; null: unknown. Paths are relative to the folder.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from aipipe.contracts.event import RunEnded, RunEvent, StepEnded
from aipipe.reporting.journal import noted
from aipipe.running import amounts
from aipipe.running.summary import Summary, SummaryFold

SCHEMA_VERSION = 1
NAME = "run.json"
_LARGEST = 500_000_000
"""Bytes of an older run.json that is still read."""


def chunks(summary: Summary) -> Iterator[str]:
    """The text of the object, piece by piece, so that a long run's rows are never all in memory."""
    head = json.dumps(_head(summary), indent=2).removesuffix("\n}")
    yield f'{head},\n  "steps": ['
    yield from _listed(summary.lines())
    yield '],\n  "outputs": ['
    yield from _listed(_outputs(summary))
    yield "],\n"
    if summary.named_outputs:
        yield f'  "named_outputs": {json.dumps(_named(summary))},\n'
    yield '  "earlier": ['
    yield from _listed(_earlier(summary))
    yield "]\n}\n"


def _head(summary: Summary) -> dict[str, Any]:
    counts = {status.value: number for status, number in summary.counts.items()}
    return {
        "schema_version": SCHEMA_VERSION,
        "run": summary.run,
        "pipeline": summary.pipeline,
        "file": summary.file,
        "mock": summary.mock,
        "status": summary.status.value if summary.status else "running",
        "exit_code": None if summary.exit_code is None else int(summary.exit_code),
        "seconds": round(summary.seconds, 3),
        "counts": {**counts, "running": summary.running},
        "cost": {
            "estimated": {
                "low": amounts.written(summary.estimated.low),
                "likely": amounts.written(summary.estimated.likely),
                "at_most": amounts.written(summary.estimated.at_most),
            },
            "billed": amounts.written(summary.billed),
            "saved": amounts.written(summary.saved),
        },
        "waiting": list(summary.waiting),
    }


def _listed(lines: Iterator[str]) -> Iterator[str]:
    before = "\n    "
    for line in lines:
        yield before
        yield line
        before = ",\n    "
    if before.startswith(","):
        yield "\n  "


def _outputs(summary: Summary) -> Iterator[str]:
    """The files of the run's outputs, each with its facts, in the order written."""
    wanted = set(summary.outputs)
    if not wanted:
        return
    for row in summary.rows():
        for output in row.outputs:
            if output.path in wanted:
                wanted.discard(output.path)
                facts = {"path": output.path, "media": output.medium}
                yield json.dumps({**facts, "sha256": output.sha256, "bytes": output.bytes})


def _named(summary: Summary) -> dict[str, list[str]]:
    return {name: list(paths) for name, paths in summary.named_outputs.items()}


def _earlier(summary: Summary) -> Iterator[str]:
    if not summary.earlier:
        return
    anew = {output.path for row in summary.rows() for output in row.outputs}
    for path, sha256 in summary.earlier:
        if path not in anew:
            yield json.dumps({"path": path, "sha256": sha256})


def write(summary: Summary, folder: Path) -> None:
    """Put `run.json` into the folder, which is made if need be, whole or not at all.

    Raises:
        OSError: it can't be written; an older one still stands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder, chunks(summary))


def _put(folder: Path, texts: Iterable[str]) -> None:
    fresh = folder / f".{NAME}.{os.getpid()}.tmp"
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(texts)
        fresh.replace(folder / NAME)
    finally:
        fresh.unlink(missing_ok=True)


def remember(files: Iterable[tuple[str, str]], folder: Path) -> None:
    """Let the folder's `run.json`, made if need be, know of more files that are aipipe's own.

    Raises:
        OSError: it can't be written; an older one still stands.
    """
    try:
        found = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        found = None
    told = found if isinstance(found, dict) else {"schema_version": SCHEMA_VERSION, "steps": []}
    earlier = [{"path": path, "sha256": sha256} for path, sha256 in files]
    told["earlier"] = [*_list(told.get("earlier")), *earlier]
    _put(folder, [json.dumps(told, indent=2), "\n"])


class RunJson:
    """A listener that keeps `run.json` up to date at a small share of the run's time.

    It must hear an event after `fold` has; `clock` is seconds, monotonic.
    """

    SHARE = 0.05
    """The most of a run's time that goes into rewriting, the last time excepted."""

    def __init__(
        self, fold: SummaryFold, folder: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fold = fold
        self._folder = folder
        self._clock = clock
        self._began = clock()
        self._spent = 0.0
        self._last = 0.0
        self._stale = False
        self.trouble: OSError | None = None
        """Why the last writing failed; None: it did not."""

    def add(self, event: RunEvent) -> None:
        """Rewrite the file if a step has ended and it is time, or if the run has. Never raises."""
        match event:
            case StepEnded():
                self._stale = True
                self.tick(event.at)
            case RunEnded():
                self._rewrite()
            case _:
                pass

    def tick(self, now: float) -> None:
        """Rewrite the file if a step has ended and it is time. `now` is the run's own time."""
        del now
        elapsed = self._clock() - self._began
        if self._stale and self._spent + self._last <= self.SHARE * elapsed:
            self._rewrite()

    def _rewrite(self) -> None:
        started = self._clock()
        self._stale, self.trouble = False, None
        try:
            write(self._fold.summary(), self._folder)
        except OSError as error:
            self.trouble = error
        self._last = self._clock() - started
        self._spent += self._last


def published_files(folder: Path) -> tuple[tuple[str, str], ...]:
    """Path and SHA-256 of the files that runs published into the folder.

    From run.json and the journal of a run that was killed, which may have two of one path: as
    it was, and as it was about to be. What is damaged or not ours gives nothing.
    """
    return (*dict.fromkeys((*_kept(folder), *noted(folder))),)


def _kept(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        if (folder / NAME).stat().st_size > _LARGEST:
            return
        found = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return
    if not isinstance(found, dict):
        return
    steps = [step.get("outputs") for step in _list(found.get("steps")) if isinstance(step, dict)]
    yield from _published([_list(found.get("earlier")), *map(_list, steps)])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _published(outputs: list[list[Any]]) -> Iterator[tuple[str, str]]:
    for output in chain.from_iterable(outputs):
        match output:
            case {"path": str(path), "sha256": str(sha256)}:
                yield path, sha256
            case _:
                pass

"""Runs whose texts are erased: from the ledger, the store and the raw answers. Money is kept."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aipipe.app.files_of_runs import told_in
from aipipe.app.recording import kept
from aipipe.app.runs import find_run
from aipipe.errors import UsageError
from aipipe.memory import inventory, usage
from aipipe.memory.ledger.answers import Kept
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.moving import rebuild
from aipipe.memory.ledger.past import Call, Run
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.records import ForgetRun
from aipipe.memory.ledger.states import OPEN
from aipipe.memory.ledger.writer import Writer

_BRIEFLY = 5.0
"""Seconds to wait for other processes before the ledger is left as it is."""
_NANO = 1_000_000_000
_SLACK = 60
"""Seconds before its beginning and after its end in which a run may have used its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgettable:
    """A run that may be forgotten, and the files that nothing else needs."""

    run: Run
    files: tuple[Path, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was erased. `backups` are copies of the ledger that may still hold the texts."""

    runs: tuple[str, ...]
    files: int
    backups: tuple[Path, ...]
    is_clean: bool
    """False where another process has the ledger open: old pages of it may still be there."""


def forgettable(home: Path, names: Sequence[str]) -> tuple[Forgettable, ...]:
    """These runs, each with what would go.

    Raises:
        UsageError: one is not known, is going on, or has calls that are open.
        LedgerError: the ledger can't be used.
    """
    with reading(Place(home=home)) as ledger:
        found = [find_run(ledger, name) for name in dict.fromkeys(names)]
        for run, calls in found:
            _check(home, run, calls)
        return () if ledger is None else tuple(_with_files(ledger, home, found))


def _check(home: Path, run: Run, calls: tuple[Call, ...]) -> None:
    if is_alive(home, run.id):
        raise UsageError(f"run '{run.id}' is going on", hints=("forget it when it has ended",))
    begun = [call for call in calls if call.state.work in OPEN]
    if begun:
        numbers = ", ".join(str(call.id) for call in begun[:5])
        hints = ("aipipe jobs fetch  brings them home; aipipe jobs forget  gives them up",)
        raise UsageError(f"run '{run.id}' has calls that are still open: {numbers}", hints=hints)


def _with_files(
    ledger: Reader, home: Path, found: Sequence[tuple[Run, tuple[Call, ...]]]
) -> Sequence[Forgettable]:
    """Files that only these runs name, and those that nobody names and they can have used."""
    going = {run.id for run, _ in found}
    others = _named(ledger, [run for run in ledger.runs() if run.id not in going])
    stored = list(inventory.stored_files(home / "store"))
    told: list[Forgettable] = []
    for run, calls in found:
        own = _named(ledger, [run])
        files = [
            each.path
            for each in stored
            if each.name not in others and (each.name in own or _used_in(each, run))
        ]
        answers = tuple(call.answer_path for call in calls if call.answer_path)
        told.append(Forgettable(run=run, files=tuple(files), answers=answers))
    return told


def _used_in(file: inventory.Stored, run: Run) -> bool:
    ended = run.ended or run.started
    return run.started - _SLACK <= file.used / _NANO <= ended + _SLACK


def _named(ledger: Reader, runs: Sequence[Run]) -> set[str]:
    """The files of the store that runs name: what calls made, what was published, and of what."""
    ids = {run.id for run in runs}
    named = {each.name for each in ledger.products() if each.run in ids}
    for run in runs:
        for file in told_in(ledger.events(run.id)):
            named.add(f"{file.artefact.sha256}.{file.artefact.extension}")
    return named


def forget(home: Path, runs: Sequence[Forgettable]) -> Forgotten:
    """Erase the texts of these runs.

    Raises:
        UsageError: a call of one has begun meanwhile; those before it are forgotten.
        LedgerError: the ledger can't be used.
    """
    world = World(now=time.time, is_alive=partial(is_alive, home))
    removed = 0
    with Writer(Place(home=home), world) as writer:
        for each in runs:
            _erase(writer, each.run.id)
            removed += sum(_removed(home, path) for path in each.files)
            for answer in each.answers:
                Path(answer).unlink(missing_ok=True)
    backups = tuple(sorted(home.glob("ledger.v*.backup.sqlite3")))
    names = tuple(each.run.id for each in runs)
    is_clean = rebuild(Place(home=home, patience=_BRIEFLY))
    return Forgotten(runs=names, files=removed, backups=backups, is_clean=is_clean)


def _erase(writer: Writer, run: str) -> None:
    if not isinstance(kept(writer, ForgetRun(run=run)), Kept):
        raise UsageError(f"run '{run}' has calls that are still open")


def _removed(home: Path, path: Path) -> bool:
    try:
        used = path.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    return usage.remove(home / "store", path, used)

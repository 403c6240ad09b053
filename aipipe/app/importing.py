"""Results that were made on another machine: its runs, what they paid for, and the media."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from aipipe.app.files_of_runs import told_in
from aipipe.app.hashed_files import unseen
from aipipe.app.recording import fresh_id, kept
from aipipe.errors import UsageError
from aipipe.memory.ledger.connecting import NAME, Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Call, Run
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.records import ImportRun
from aipipe.memory.ledger.states import TERMINAL, Work
from aipipe.memory.ledger.writer import Writer
from aipipe.memory.store import Store


@dataclass(slots=True)
class Imported:
    """What came in, and what did not."""

    runs: int = 0
    known: int = 0
    """Runs that were here already."""
    results: int = 0
    billed: int = 0
    """What the calls of these runs had cost, in nano-dollars."""
    left_open: int = 0
    """Calls that had not ended: they stay where they are."""
    files: int = 0
    missing: int = 0
    """Files that are not in the other store, or are damaged there."""


def bring_in(home: Path, source: str) -> Imported:
    """Copy the runs of another ledger that are not known here, with the media that they name.

    What was there is only read. A run is here wholly or not at all; asking again goes on.

    Raises:
        UsageError: there is no ledger, or one of its runs is going on.
        LedgerError: one of the two can't be used.
    """
    origin = _origin(source)
    if origin.absolute() == home.absolute():
        raise UsageError(f"'{source}' is the ledger that aipipe uses already")
    found = Imported()
    with _copied(origin) as place, reading(place) as theirs:
        if theirs is None:
            raise TypeError("the ledger that was just copied is not there")
        runs = theirs.runs()[::-1]
        _refuse_living(origin, runs)
        world = World(now=time.time, is_alive=partial(is_alive, home))
        store = Store(root=home / "store", probe=unseen)
        with Writer(Place(home=home), world) as writer, reading(Place(home=home)) as ours:
            for run in runs:
                if ours is not None and _is_known(ours, run):
                    found.known += 1
                else:
                    _bring(run, theirs, ours, writer, _Media(store, origin / "store", found))
    return found


def _origin(source: str) -> Path:
    given = Path(source)
    folder = given.parent if given.is_file() else given
    if not (folder / NAME).is_file():
        hints = (f"it is a folder with '{NAME}' in it, such as another machine's AIPIPE_HOME",)
        raise UsageError(f"there is no ledger in '{source}'", hints=hints)
    return folder


@contextmanager
def _copied(origin: Path) -> Iterator[Place]:
    """A copy of a ledger with its log: opening it may change it, and the original stays."""
    with tempfile.TemporaryDirectory(prefix="aipipe-import-") as folder:
        for name in (NAME, f"{NAME}-wal"):
            if (origin / name).is_file():
                shutil.copyfile(origin / name, Path(folder) / name)
        yield Place(home=Path(folder))


def _refuse_living(origin: Path, runs: tuple[Run, ...]) -> None:
    living = [run.id for run in runs if run.status is None and is_alive(origin, run.id)]
    if living:
        hints = ("wait until it has ended, and import again",)
        raise UsageError(f"run '{living[0]}' is going on there", hints=hints)


def _is_known(ours: Reader, run: Run) -> bool:
    """Whether this very run is here, perhaps under a name of its own."""
    return bool(ours.began_at(run.started))


@dataclass(frozen=True, slots=True)
class _Media:
    """Where media comes from and goes to, and the tally of it."""

    store: Store
    origin: Path
    found: Imported

    def bring(self, names: set[str]) -> None:
        """Copy these files of the other store."""
        for name in sorted(names):
            if self.store.bring(self.origin / name[:2] / name, name):
                self.found.files += 1
            else:
                self.found.missing += 1


def _bring(run: Run, theirs: Reader, ours: Reader | None, writer: Writer, media: _Media) -> None:
    """A run: first its media, and then the ledger's word for it."""
    _, calls = theirs.run(run.id) or (run, ())
    ended = tuple(call for call in calls if call.state.work in TERMINAL)
    events = tuple(theirs.events(run.id))
    media.bring(_names(ended, events))
    name = run.id if ours is None or ours.run(run.id) is None else fresh_id(ours)
    kept(writer, _renamed(run, ended, events, name))
    found = media.found
    found.runs += 1
    found.results += sum(call.state.work is Work.DONE for call in ended)
    found.billed += sum(call.billed or 0 for call in ended)
    found.left_open += len(calls) - len(ended)


def _names(calls: tuple[Call, ...], events: tuple[str, ...]) -> set[str]:
    """The files of the store that calls and events name."""
    made = [each for call in calls if isinstance(call.outputs, list) for each in call.outputs]
    named = {f"{each['sha256']}.{each['extension']}" for each in made if isinstance(each, dict)}
    files = {file.artefact for file in told_in(iter(events))}
    return named | {f"{each.sha256}.{each.extension}" for each in files}


def _renamed(run: Run, calls: tuple[Call, ...], events: tuple[str, ...], name: str) -> ImportRun:
    """The run under the name that it has here."""
    return ImportRun(
        run=replace(run, id=name, status=run.status or "killed", finished=True),
        calls=tuple(
            replace(
                call,
                run=name,
                owner=None,
                scopes=tuple(_scope(scope, run.id, name) for scope in call.scopes),
            )
            for call in calls
        ),
        events=events,
    )


def _scope(scope: str, old: str, new: str) -> str:
    """A sum's name, where the run is called otherwise: `run:ID`, `group:ID/PATH`, `day:DATE`."""
    kind, _, rest = scope.partition(":")
    run, slash, path = rest.partition("/")
    return f"{kind}:{new}{slash}{path}" if kind != "day" and run == old else scope

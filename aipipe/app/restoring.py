"""The files of a past run, brought back into a folder from the store."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path, PurePosixPath

from aipipe.app.files_of_runs import files_of
from aipipe.app.gate import check_names, check_place
from aipipe.app.hashed_files import unseen
from aipipe.app.runs import find_run
from aipipe.backends.publishing import Appearing, Folder, place
from aipipe.errors import StepError, UsageError
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Call, Run
from aipipe.memory.ledger.reading import reading
from aipipe.memory.store import Store
from aipipe.reporting import run_json
from aipipe.reporting.journal import Journal
from aipipe.running import amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A file that can't be brought back."""

    path: str
    why: str
    cost: Decimal | None
    """USD that its result had cost; None: no paid call is known to have made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of bringing a run's files back."""

    run: Run
    folder: Path
    paths: tuple[str, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    run: Run
    calls: tuple[Call, ...]
    files: tuple[Appearing, ...] = field(default=())


def restore(home: Path, name: str, folder: str | None, *, overwrite: bool) -> Restored:
    """Bring back what a run published, into its own folder or another.

    Raises:
        UsageError: there is no such run, it is going on, or it has published nothing that is known.
        OutputInTheWayError: a file is in the way that aipipe did not write; nothing was written.
        LedgerError: the ledger can't be used.
    """
    found = _found(home, name)
    if is_alive(home, found.run.id):
        raise UsageError(
            f"run '{found.run.id}' is going on", hints=("restore it when it has ended",)
        )
    if not found.files:
        hint = "files of runs before this version of aipipe, and of forgotten ones, are not known"
        raise UsageError(f"run '{found.run.id}' has no files to bring back", hints=(hint,))
    target = Path(folder or found.run.folder)
    check_place(target)
    if not overwrite:
        check_names([file.path for file in found.files], target)
    return _brought(found, target, Store(root=home / "store", probe=unseen))


def _found(home: Path, name: str) -> _Files:
    with reading(Place(home=home)) as ledger:
        run, calls = find_run(ledger, name)
        return _Files(run=run, calls=calls, files=() if ledger is None else files_of(ledger, name))


def _brought(found: _Files, target: Path, store: Store) -> Restored:
    target.mkdir(parents=True, exist_ok=True)
    journal = Journal(target)
    folder = Folder(
        path=target,
        tags=True,
        source_of=store.use,
        run=found.run.id,
        note=lambda file: journal.note(file.path, file.sha256),
    )
    back: list[tuple[str, str]] = []
    missing: list[Missing] = []
    for file in found.files:
        try:
            _check(file, store)
            placed = place(file.artefact, _inside(file.path), file.tags, folder)
            back.append((placed.path, placed.sha256))
        except StepError as error:
            cost = _cost(found.calls, file.artefact.sha256)
            missing.append(Missing(path=file.path, why=error.message, cost=cost))
    run_json.remember(back, target)
    journal.close()
    paths = tuple(path for path, _ in back)
    return Restored(run=found.run, folder=target, paths=paths, missing=tuple(missing))


def _check(file: Appearing, store: Store) -> None:
    """Raises StepError where the store has something else under the file's name."""
    with store.path_of(file.artefact).open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    if sha256 != file.artefact.sha256:
        raise StepError("store.damaged", "what the store has of it is damaged")


def _inside(path: str) -> str:
    """The path, which stays inside the folder whatever an imported ledger says."""
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise StepError("output_outside", f"'{path}' is not inside the output folder")
    return path


def _cost(calls: tuple[Call, ...], sha256: str) -> Decimal | None:
    for call in calls:
        outputs = call.outputs if isinstance(call.outputs, list) else []
        if any(isinstance(each, dict) and each.get("sha256") == sha256 for each in outputs):
            return amounts.usd(call.held if call.billed is None else call.billed)
    return None

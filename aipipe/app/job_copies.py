"""Copies of fetched results in a folder of the user's, beside whatever is there."""

import hashlib
import os
import re
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from aipipe.app.job_visits import Brought, Result
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.outcome import Problem
from aipipe.errors import UsageError
from aipipe.planning.outputs import safe_piece


def make_folder(folder: Path) -> None:
    """Make the folder if it is not there.

    Raises:
        UsageError: it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"can't make the folder '{folder}': {reason}") from error


def copied(brought: Brought, folder: Path) -> Brought:
    """The same with its outputs in the folder, as `<task>-<n>.<extension>`.

    No file is ever replaced: where one has the name, the next number is taken, unless it is a
    copy of the same output.
    """
    stem = safe_piece(re.sub(r"\[(\d+)\]", r".\1", brought.call.task))
    paths: list[str] = []
    try:
        for output, source in zip(brought.outputs, brought.paths, strict=True):
            paths.append(str(_placed(Path(source), output, folder, stem, taken=paths)))
    except OSError as error:
        message = f"can't write into '{folder}': {(error.strerror or str(error)).lower()}"
        hint = "it is in the store: the run that wanted it takes it from there"
        problem = Problem(code="output_not_written", message=message, hint=hint)
        return replace(brought, result=Result.FAILED, problem=problem)
    return replace(brought, paths=tuple(paths))


def _placed(
    source: Path, output: ArtefactRef, folder: Path, stem: str, *, taken: list[str]
) -> Path:
    """Where the copy is now."""
    number = 0
    while True:
        number += 1
        target = folder / f"{stem}-{number}.{output.extension}"
        if str(target) in taken:
            continue
        try:
            file = target.open("xb")
        except FileExistsError:
            if _is_copy(target, output):
                return target
            continue
        with file:
            _fill(target, source)
        return target


def _is_copy(target: Path, output: ArtefactRef) -> bool:
    if not target.is_file() or target.stat().st_size != output.bytes:
        return False
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == output.sha256


def _fill(target: Path, source: Path) -> None:
    """Copy into a file that was just made; it goes again if that fails."""
    try:
        shutil.copyfile(source, target)
        with target.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            target.unlink()
        raise

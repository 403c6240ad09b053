"""A pipeline's file in the forms of today: what would change, and the file rewritten."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from aipipe.app.setting import Setting
from aipipe.errors import UsageError
from aipipe.language import reader
from aipipe.language.earlier.migrating import UnwritableError, migrated
from aipipe.language.loading import BOM


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A file before and after."""

    file: str
    before: str
    after: str
    notes: tuple[str, ...]
    """What was changed, each kind once, in the order of the text's keys."""

    @property
    def is_needed(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after


def migration(file: str, world: Setting) -> Migration:
    """What a file becomes; nothing is written.

    Raises:
        PipelineFaultsError: it is no YAML.
        UsageError: it can't be read, or can't be rewritten so that it means the same.
    """

    def successor(type_: str, name: str) -> str | None:
        found = world.catalog.resolve(type_, name)
        return found.model.name if found is not None and found.asked is not None else None

    document = reader.read(file)
    try:
        found = migrated(document, world.fragments, successor)
    except UnwritableError as error:
        hint = "nothing was written; aipipe validate  tells each form and that of today"
        raise UsageError(f"can't rewrite '{file}': {error.reason}", hints=(hint,)) from error
    notes = dict.fromkeys(each.note for each in found.changes if each.note)
    return Migration(file=file, before=document.source.text, after=found.text, notes=tuple(notes))


def write(done: Migration, target: str) -> None:
    """Put a rewritten file in its place, all at once; a byte order mark stays.

    Raises:
        UsageError: it can't be written.
    """
    path = Path(target)
    if path.is_symlink():
        path = path.resolve()
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        mark = BOM if Path(done.file).read_bytes().startswith(BOM.encode()) else ""
        with part.open("xb") as file:
            file.write((mark + done.after).encode())
            file.flush()
            os.fsync(file.fileno())
        part.chmod(Path(done.file).stat().st_mode)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"can't write '{target}': {(error.strerror or '').lower()}") from error

"""The content-addressed store of everything that calls read and make.

A file is `<root>/ab/<sha256>.<extension>`, where `ab` begins the hash: read-only, whole from
the moment it can be seen, one file however often the same content comes.
"""

import hashlib
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from aipipe.contracts.artefact import INLINE_TEXT_LIMIT, ArtefactRef
from aipipe.contracts.media import TEXT, Medium
from aipipe.errors import StepError
from aipipe.memory import durable, scratch, usage

READ_ONLY = 0o400
COPY_BLOCK = 1 << 20
BYTE_ORDER_MARK = "\ufeff"


class Facts(Protocol):
    """What looking into a file tells about it."""

    @property
    def extension(self) -> str:
        """Without the dot; it agrees with the content."""

    @property
    def width(self) -> int | None:
        """Pixels."""

    @property
    def height(self) -> int | None:
        """Pixels."""

    @property
    def seconds(self) -> float | None:
        """The length in time."""


Probe: TypeAlias = Callable[[Path, Medium], Facts]
"""The facts of a file. Raises StepError where its content is not of the medium."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The store below `root`, which may not exist yet: the first write makes it."""

    root: Path
    probe: Probe

    @contextmanager
    def session(self) -> Iterator["Session"]:
        """The store as one call sees it; the call's scratch files are gone afterwards."""
        with ExitStack() as endings:
            yield Session(store=self, endings=endings)

    def ingest(self, path: Path | str, medium: Medium, *, label: str | None = None) -> ArtefactRef:
        """A copy of a user's file, taken while it is hashed; `label` is else the file's stem.

        Raises:
            StepError: `input.unreadable`, or what `probe` says of the content.
        """
        given = Path(path)
        with self.session() as session:
            copy = session.scratch(given.suffix.removeprefix(".").lower() or medium)
            _copy(given, copy)
            return session.adopt(copy, medium, label=given.stem if label is None else label)

    def bring(self, path: Path, name: str) -> bool:
        """Take in a file of another store, by the name that it has there; True: it is here now.

        False where it is not there, or holds something else than its name says.
        """
        sha256, _, extension = name.partition(".")
        if self._place(sha256, extension).is_file():
            return True
        if not path.is_file():
            return False
        with self.session() as session:
            copy = session.scratch(extension)
            _copy(path, copy)
            return session.settle_as(copy, sha256, extension)

    def path_of(self, artefact: ArtefactRef) -> Path:
        """The read-only file that holds an artefact's bytes.

        Raises:
            StepError: `store.missing`.
        """
        path = self._place(artefact.sha256, artefact.extension)
        if not path.is_file():
            raise _missing(artefact, path)
        return path

    def use(self, artefact: ArtefactRef) -> Path:
        """The file as `path_of` gives it; it counts as used now, so it is not pruned meanwhile.

        Raises:
            StepError: `store.missing`.
        """
        path = self._place(artefact.sha256, artefact.extension)
        with usage.using(self.root):
            if not usage.touch(path):
                raise _missing(artefact, path)
        return path

    def text_of(self, artefact: ArtefactRef) -> str:
        """The content of a text artefact, however long.

        Raises:
            StepError: `store.missing`, or `store.undecodable` where it is not UTF-8.
        """
        if artefact.text is not None:
            return artefact.text
        return _text_in(self.path_of(artefact))

    def sweep(self) -> int:
        """How many scratch folders of killed processes were found; they are gone now."""
        return scratch.sweep(self._workshop)

    @property
    def _workshop(self) -> Path:
        return self.root / scratch.FOLDER

    def _place(self, sha256: str, extension: str) -> Path:
        return self.root / sha256[:2] / f"{sha256}.{extension}"


@dataclass(slots=True, kw_only=True)
class Session:
    """The store as one call sees it: a `contracts.tools.Sink`. Made by `Store.session`."""

    store: Store
    endings: ExitStack
    _folder: Path | None = field(default=None, init=False)
    _scratched: int = field(default=0, init=False)

    def path_of(self, artefact: ArtefactRef) -> Path:
        """The read-only file that holds an artefact's bytes."""
        return self.store.path_of(artefact)

    def text_of(self, artefact: ArtefactRef) -> str:
        """The content of a text artefact, however long."""
        return self.store.text_of(artefact)

    def scratch(self, extension: str) -> Path:
        """A fresh path, not yet a file, to write to; it goes with the session."""
        if self._folder is None:
            self.store.root.mkdir(mode=scratch.PRIVATE_FOLDER, parents=True, exist_ok=True)
            owned = scratch.owned_folder(self.store._workshop)  # noqa: SLF001 - the store's own half
            self._folder = self.endings.enter_context(owned)
        self._scratched += 1
        return self._folder / f"{self._scratched}.{extension}"

    def adopt(self, path: Path, medium: Medium, *, label: str | None = None) -> ArtefactRef:
        """Take a finished scratch file into the store, by the extension that its content has.

        Raises:
            StepError: `store.undecodable`, when the file does not decode as its medium.
            ValueError: the file is not a scratch file of this session.
        """
        if self._folder is None or path.parent != self._folder:
            raise ValueError(f"'{path}' is not a scratch file of this session")
        facts = _looked_at(path, medium, self.store.probe)
        size, text = path.stat().st_size, _short_text(path, medium)
        sha256 = _hash(path)
        self._settle(path, sha256, facts.extension, size)
        return ArtefactRef(
            sha256=sha256,
            medium=medium,
            extension=facts.extension,
            bytes=size,
            width=facts.width,
            height=facts.height,
            seconds=facts.seconds,
            text=text,
            label=label,
        )

    def adopt_text(
        self, text: str, *, extension: str = "txt", medium: Medium = TEXT, label: str | None = None
    ) -> ArtefactRef:
        """Take a text into the store."""
        path = self.scratch(extension)
        try:
            path.write_bytes(text.removeprefix(BYTE_ORDER_MARK).encode())
        except UnicodeEncodeError as error:
            message = f"the text has a character that no file can hold, at {error.start}"
            raise StepError("store.undecodable", message) from error
        return self.adopt(path, medium, label=label)

    def settle_as(self, path: Path, sha256: str, extension: str) -> bool:
        """Whether a scratch file is what it should be; it stands in the store then."""
        is_whole = _hash(path) == sha256
        if is_whole:
            self._settle(path, sha256, extension, path.stat().st_size)
        return is_whole

    def _settle(self, path: Path, sha256: str, extension: str, size: int) -> None:
        """Let a file stand under its hash; a damaged namesake is replaced."""
        place = self.store._place(sha256, extension)  # noqa: SLF001 - the store's own half
        durable.make_folder(place.parent, mode=scratch.PRIVATE_FOLDER)
        with usage.using(self.store.root):
            if place.is_file() and place.stat().st_size == size:
                usage.touch(place)
                path.unlink()
                durable.sync_folder(place.parent)
            else:
                usage.touch(path)
                durable.settle(path, place, mode=READ_ONLY)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _missing(artefact: ArtefactRef, path: Path) -> StepError:
    message = f"'{artefact.label or path.name}' is no longer in the store"
    return StepError("store.missing", message, hint="make it again: --fresh")


def _looked_at(path: Path, medium: Medium, probe: Probe) -> Facts:
    if not path.is_file():
        raise StepError("store.undecodable", f"nothing was written where the {medium} should be")
    try:
        return probe(path, medium)
    except ValueError as error:
        raise StepError("store.undecodable", str(error)) from error


def _short_text(path: Path, medium: Medium) -> str | None:
    """The content of a text that travels with its reference; None for anything else."""
    longest_in_bytes = 4 * INLINE_TEXT_LIMIT
    if medium != TEXT or path.stat().st_size > longest_in_bytes:
        return None
    text = _text_in(path)
    return text if len(text) <= INLINE_TEXT_LIMIT else None


def _text_in(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the text is not UTF-8: the byte at {error.start} can't be read"
        raise StepError("store.undecodable", message, hint="save it as UTF-8") from error


def _copy(path: Path, copy: Path) -> None:
    """Copy a regular file; anything else (a folder, a pipe that would wait) is refused."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StepError("input.unreadable", f"'{path}' is not a file")
        with path.open("rb") as source, copy.open("xb") as target:
            while block := source.read(COPY_BLOCK):
                target.write(block)
    except OSError as error:
        message = f"'{path}' can't be read: {error.strerror}"
        raise StepError("input.unreadable", message) from error

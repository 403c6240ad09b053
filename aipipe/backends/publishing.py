"""Outputs put into the output folder: converted, tagged, and there all at once."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aipipe.backends.cloning import clone
from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.call import Call
from aipipe.contracts.event import Published
from aipipe.contracts.outcome import Problem, problem_of
from aipipe.errors import StepError
from aipipe.media.convert import convert
from aipipe.media.tags import tag
from aipipe.running.instructions import Publish, PublishEnded

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The output folder, and what is written into each file's tags."""

    path: Path
    tags: bool
    source_of: Callable[[ArtefactRef], Path]
    """The file of the store that holds an artefact."""
    run: str = "0"
    """Whose files are being written."""
    note: Callable[["Appearing"], None] = lambda _file: None
    """Told of each file before it appears."""
    unfinished: set[Path] = field(default_factory=set)
    """Files that are being written, under names that nobody looks for."""

    def abandon(self) -> None:
        """Remove what is half written: the process is about to end."""
        for part in list(self.unfinished):
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearing:
    """A file that is about to appear in the output folder, and all that it was made of."""

    path: str
    """Relative to the folder."""
    sha256: str
    """Of the file itself, which may have been converted and tagged."""
    artefact: ArtefactRef
    tags: Mapping[str, Json] | None
    """None: it has none of ours."""


def sweep(folder: Path, is_alive: Callable[[str], bool]) -> None:
    """Remove what killed runs left half written; a living run's files stay."""
    for part in folder.rglob(".aipipe-*.part.*"):
        if not is_alive(part.name.split("-")[1]):
            part.unlink(missing_ok=True)


def publish(work: Publish, folder: Folder) -> PublishEnded:
    """Put every artefact in its place; what has no place is told."""
    outputs: list[Published] = []
    for artefact, name in zip(work.artefacts, work.names, strict=True):
        try:
            tags = provenance(artefact, work.call) if folder.tags else None
            outputs.append(place(artefact, name, tags, folder))
        except StepError as error:
            return PublishEnded(work.ticket, tuple(outputs), problem_of(error))
        except UnicodeEncodeError as error:
            lacks = error.object[error.start : error.end]
            message = f"can't write '{name}': file names can't hold '{lacks}' here"
            hint = "set LC_ALL=C.UTF-8"
            problem = Problem(code="output_not_written", message=message, hint=hint)
            return PublishEnded(work.ticket, tuple(outputs), problem)
        except OSError as error:
            message = f"can't write '{folder.path / name}': {error.strerror or error}"
            problem = Problem(code="output_not_written", message=message)
            return PublishEnded(work.ticket, tuple(outputs), problem)
    return PublishEnded(work.ticket, tuple(outputs))


def is_conversion(work: Publish) -> bool:
    """Whether publishing means encoding anew."""
    return any(
        not name.lower().endswith(f".{artefact.extension}")
        for artefact, name in zip(work.artefacts, work.names, strict=True)
    )


def place(
    artefact: ArtefactRef, name: str, tags: Mapping[str, Json] | None, folder: Folder
) -> Published:
    """Put an artefact into the folder, converted as its name asks; it appears all at once.

    Raises:
        StepError: it is not in the store, or can't be converted.
        OSError: it can't be written.
    """
    target = folder.path / name
    target.parent.mkdir(parents=True, exist_ok=True)
    extension = target.suffix[1:].lower()
    part = target.with_name(f".aipipe-{folder.run}-{secrets.token_hex(4)}.part.{extension}")
    folder.unfinished.add(part)
    try:
        _write(folder.source_of(artefact), artefact, part)
        if tags is not None:
            tag(part, extension, tags)
        digest, size = _sealed(part)
        folder.note(Appearing(path=name, sha256=digest, artefact=artefact, tags=tags))
        os.replace(part, target)  # noqa: PTH105 (an atomic act, by its usual name)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        folder.unfinished.discard(part)
    return Published(path=name, artefact=artefact, sha256=digest, bytes=size)


def _write(source: Path, artefact: ArtefactRef, part: Path) -> None:
    if part.suffix[1:] == artefact.extension:
        clone(source, part)
    else:
        convert(source, artefact.medium, part)


def _sealed(part: Path) -> tuple[str, int]:
    """The hash and the size of a file that is safely on disk."""
    digest = hashlib.sha256()
    with part.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        os.fsync(file.fileno())
        return digest.hexdigest(), file.tell()


def provenance(artefact: ArtefactRef, call: Call) -> Mapping[str, Json]:
    """Where an output came from, as it stands in its tags."""
    origin = call.provenance
    return {
        "pipeline": origin.pipeline,
        "step": origin.step,
        "type": call.type,
        "model": origin.model,
        "provider": "local" if origin.mock else origin.provider,
        "mock": origin.mock,
        "parameters": dict(call.params),
        "text": _text_of(call.inputs),
        "parents": _parents(call.inputs),
        "sha256": artefact.sha256,
    }


def _text_of(inputs: Mapping[str, Value]) -> str | None:
    """The first text that went in; a long one is only known by its hash, among the parents."""
    texts = (value.text if isinstance(value, ArtefactRef) else value for value in inputs.values())
    return next((text for text in texts if isinstance(text, str)), None)


def _parents(inputs: Mapping[str, Value]) -> list[Json]:
    found: list[Json] = []
    for value in inputs.values():
        many = value if isinstance(value, tuple) else (value,)
        found.extend(each.sha256 for each in many if isinstance(each, ArtefactRef))
    return found

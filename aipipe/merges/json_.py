"""A list of anything into one JSON document."""

import json
from collections.abc import Mapping

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import DATA, SUBTITLES, TEXT
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Sink, Tools
from aipipe.media.parts import Part, file_names, parts_of

FORMAT = "json"


def _describe(call: Call, tools: Tools) -> Produced:
    parts = parts_of(call)
    kept = [part.artefact for part in parts]
    names = file_names(
        [part.label for part in parts],
        [artefact.extension if artefact else "" for artefact in kept],
    )
    entries = [_entry(part, name, tools.sink) for part, name in zip(parts, names, strict=True)]
    document = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    return Produced(artefacts=(tools.sink.adopt_text(document, extension=FORMAT, medium=DATA),))


def _entry(part: Part, name: str, sink: Sink) -> Mapping[str, Json]:
    """What is known of a part; a plain value has no file."""
    found = part.artefact
    if found is None:
        return {"label": part.label, "medium": _medium(part), "value": part.value}  # type: ignore[dict-item] # a part that is no artefact is plain
    return {
        "label": part.label,
        "medium": found.medium,
        "file": name,
        "sha256": found.sha256,
        "text": _text(found, sink),
        "seconds": found.seconds,
        "width": found.width,
        "height": found.height,
    }


def _medium(part: Part) -> str:
    return TEXT if isinstance(part.value, str) else DATA


def _text(artefact: ArtefactRef, sink: Sink) -> str | None:
    return sink.text_of(artefact) if artefact.medium in (TEXT, SUBTITLES) else None


MERGE = MergeStrategy(
    name="json",
    summary="Describe everything in one JSON document, texts included.",
    accepts=(),
    produces=DATA,
    run=_describe,
    format=FORMAT,
    heavy=False,
)

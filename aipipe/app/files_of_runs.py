"""What runs have published, as the ledger's events tell it: enough to make each file again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from aipipe.backends.publishing import Appearing
from aipipe.contracts.artefact import ArtefactRef, plain
from aipipe.memory.ledger.reading import Reader

_KIND = "published"


def event(file: Appearing) -> str:
    """A file, as an event of its run."""
    told = {"path": file.path, "sha256": file.sha256, "artefact": plain(file.artefact)}
    return json.dumps({"event": _KIND, **told, "tags": file.tags}, ensure_ascii=False)


def files_of(ledger: Reader, run: str) -> tuple[Appearing, ...]:
    """The files of a run, the newest of each path, in the order in which they first appeared."""
    found: dict[str, Appearing] = {}
    for file in told_in(ledger.events(run)):
        found[file.path] = file
    return tuple(found.values())


def told_in(events: Iterator[str]) -> Iterator[Appearing]:
    """The files that events tell of."""
    for text in events:
        match json.loads(text):
            case {"event": "published", "artefact": dict(artefact)} as told:
                yield _file(told, artefact)
            case _:
                pass


def _file(told: Mapping[str, Any], artefact: Mapping[str, Any]) -> Appearing:
    return Appearing(
        path=told["path"],
        sha256=told["sha256"],
        artefact=ArtefactRef(**artefact),
        tags=told["tags"],
    )

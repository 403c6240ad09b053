"""A folder as a sink, and the tools and calls around it, for tests of plug-ins."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aipipe.contracts.artefact import INLINE_TEXT_LIMIT, ArtefactRef, Json, Value
from aipipe.contracts.call import Call, OutputRequest, Provenance
from aipipe.contracts.media import TEXT, Medium
from aipipe.contracts.tools import Tools
from aipipe.media.probe import probe


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSink:
    """Keeps what it adopts in one folder, under the hash of its bytes."""

    folder: Path
    taken: list[int] = field(default_factory=list)

    def path_of(self, artefact: ArtefactRef) -> Path:
        return self.folder / f"{artefact.sha256}.{artefact.extension}"

    def text_of(self, artefact: ArtefactRef) -> str:
        return self.path_of(artefact).read_text(encoding="utf-8")

    def scratch(self, extension: str) -> Path:
        self.taken.append(len(self.taken))
        return self.folder / f"scratch-{len(self.taken)}.{extension}"

    def adopt(self, path: Path, medium: Medium, *, label: str | None = None) -> ArtefactRef:
        facts = probe(path, medium)
        content = path.read_bytes()
        short = medium == TEXT and len(content) <= INLINE_TEXT_LIMIT
        artefact = ArtefactRef(
            sha256=hashlib.sha256(content).hexdigest(),
            medium=medium,
            extension=facts.extension,
            bytes=len(content),
            width=facts.width,
            height=facts.height,
            seconds=facts.seconds,
            text=content.decode() if short else None,
            label=label,
        )
        path.replace(self.path_of(artefact))
        return artefact

    def adopt_text(
        self, text: str, *, extension: str = "txt", medium: Medium = TEXT, label: str | None = None
    ) -> ArtefactRef:
        path = self.scratch(extension)
        path.write_text(text, encoding="utf-8", newline="")
        return self.adopt(path, medium, label=label)

    def scratched(self) -> list[Path]:
        """Scratch files that are still there: none after a call that failed or was cancelled."""
        return sorted(self.folder.glob("scratch-*"))


def tools_in(
    folder: Path,
    *,
    report: Callable[[float, str], None] = lambda _fraction, _phase: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Tools:
    """Tools over a folder, with a clock that stands still and no secrets."""
    return Tools(
        sink=FolderSink(folder=folder),
        report=report,
        cancelled=cancelled,
        clock=lambda: 0.0,
        secret=lambda _name: None,
    )


def call_of(  # noqa: PLR0913 - every part of a call that some test varies
    plugin: str,
    *,
    inputs: Mapping[str, Value],
    params: Mapping[str, Json] | None = None,
    medium: Medium | None = None,
    extension: str | None = None,
    model: str = "local",
    mock: bool = False,
    labels: tuple[str, ...] = (),
) -> Call:
    """A call to `step:NAME`, `merge:NAME` or `split:NAME`."""
    name = plugin.partition(":")[2]
    return Call(
        task=name,
        plugin=plugin,
        type=name,
        model=model,
        params=params or {},
        inputs=inputs,
        labels=labels,
        output=OutputRequest(medium=medium, extension=extension),
        provenance=Provenance(pipeline="test", step=name, model=model, provider="local", mock=mock),
    )

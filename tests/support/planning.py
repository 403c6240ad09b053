"""From a pipeline's text to its plan or its faults, by the real reader and the real plug-ins."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePath
from textwrap import dedent
from typing import Any, Literal

from aipipe import schema
from aipipe.app.discover import own_registry
from aipipe.catalog.catalogue import Catalog
from aipipe.catalog.model import Model, ModelParam, Price, Retirement
from aipipe.contracts.fragments import Fragments
from aipipe.contracts.media import IMAGE, TEXT, Medium
from aipipe.contracts.provider import Provider
from aipipe.contracts.registry import Registry
from aipipe.contracts.step import Slot, StepType
from aipipe.language import building
from aipipe.language.building import Overrides
from aipipe.language.diagnostics import Diagnostic, Fault, Path
from aipipe.language.document import Document
from aipipe.language.reader import read_text
from aipipe.planning.context import Context
from aipipe.planning.files import Files
from aipipe.planning.paths import known_outputs
from aipipe.planning.plan import Batch, Chain, Group, Need, Plan, Task, Template
from aipipe.planning.planner import plan

FOLDER = "/pipelines"
COMMAND_FOLDER = "/here"
NAME = "story.yaml"
TODAY = date(2026, 11, 24)


# --- a small world


@dataclass(frozen=True, slots=True)
class PaperFiles:
    """Files that exist only as a mapping from path to text (b"…": not to be read as text)."""

    texts: Mapping[str, str | bytes] = field(default_factory=dict)
    typed: str = ""
    registry: Registry = field(default_factory=own_registry)

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        if path in self.texts:
            return "file"
        return "folder" if any(each.startswith(f"{path}/") for each in self.texts) else None

    def medium(self, path: str) -> Medium | None:
        return self.registry.medium_of_extension(PurePath(path).suffix[1:])

    def text(self, path: str) -> str:
        found = self.texts[path]
        if isinstance(found, bytes):
            return found.decode()
        if found == "(locked)":
            raise PermissionError(13, "Permission denied")
        return found

    def glob(self, pattern: str) -> list[str]:
        return sorted(path for path in self.texts if fnmatchcase(path, pattern))

    def stdin(self) -> str:
        return self.typed

    def piped(self) -> str | None:
        return None


def _model(
    name: str, type_: str, medium: Medium, unit: str, usd: str | None, **more: object
) -> Model:
    formats = {"image": ("png", "jpg"), "audio": ("mp3", "wav"), "video": ("mp4",)}[medium]
    return Model(
        name=name,
        types=(type_,),
        provider="acme",
        endpoint=f"acme/{name}",
        medium=medium,
        formats=formats,
        price=Price(unit=unit, usd=None if usd is None else Decimal(usd), as_of="2026-04"),
        **more,  # type: ignore[arg-type] # optional fields of a model
    )


_COUNT = ModelParam(word="count", schema={"type": "integer", "minimum": 1, "default": 1}, wire="n")
MODELS = (
    _model("painter", "text_to_image", "image", "image", "0.04", params={"count": _COUNT}),
    _model("sketcher", "text_to_image", "image", "image", "0.01", aliases=("pencil",)),
    _model(
        "old_painter",
        "text_to_image",
        "image",
        "image",
        "0.09",
        retired=Retirement(replacement="painter", on=date(2026, 8, 17)),
    ),
    _model("leaving", "text_to_image", "image", "image", "0.02", ends=date(2026, 12, 24)),
    _model("lasting", "text_to_image", "image", "image", "0.02", ends=date(2027, 6, 1)),
    _model("mystery", "text_to_image", "image", "image", None),
    _model("speaker", "text_to_speech", "audio", "1k_chars", "0.10"),
    _model("mover", "image_to_video", "video", "video", "0.28"),
)
CATALOG = Catalog(models={each.name: each for each in MODELS}, voices={})


DREAM = StepType(
    name="dream",
    summary="A step that only a provider can carry out.",
    slots=(Slot(name="prompt", medium=TEXT, summary="What of."),),
    produces=IMAGE,
)
ACME = Provider(name="acme", title="Acme", keys=("ACME_KEY",))
REGISTRY = own_registry().with_plugins([ACME, DREAM])


# --- from text to plan


@dataclass(frozen=True, slots=True)
class Planning:
    """What came of planning a text. `plan` None: it has errors."""

    plan: Plan | None
    told: tuple[Diagnostic, ...]


def planning_of(  # noqa: PLR0913 (the world, piece by piece)
    text: str,
    *,
    files: Mapping[str, str | bytes] | None = None,
    stdin: str = "",
    prompt: str | None = None,
    inputs: tuple[str, ...] | None = None,
    variables: Mapping[str, str] | None = None,
    mock: bool = False,
    broken: tuple[Path, ...] = (),
    disk: Files | None = None,
    today: date = TODAY,
) -> Planning:
    """A text read, typed and planned.

    `files` are named relative to the pipeline's folder; `broken` are places that the check of
    its shape has found at fault.
    """
    document = read_text(dedent(text), NAME)
    assert isinstance(document.data, dict)
    built, faults = building.spec(
        document.data,
        file=NAME,
        folder=FOLDER,
        command_folder=COMMAND_FOLDER,
        broken=broken,
        overrides=Overrides(prompt=prompt, inputs=inputs, vars=variables or {}),
    )
    context = Context(
        spec=built,
        registry=REGISTRY,
        catalog=CATALOG,
        files=disk or _paper(files or {}, stdin),
        today=today,
        mock=mock,
        fragments=_fragments(),
    )
    made, found = plan(context)
    return Planning(None if faults else made, _told([*faults, *found], document, context))


@cache
def _fragments() -> Fragments:
    return schema.fragments(REGISTRY, CATALOG)


def _told(faults: Sequence[Fault], document: Document, context: Context) -> tuple[Diagnostic, ...]:
    """What is told, that of other files first."""
    own = [fault for fault in faults if not fault.file]
    elsewhere = [
        each
        for part in context.parts.values()
        if part is not None
        for each in part.document.locate(f for f in faults if f.file == part.path)
    ]
    return (*context.elsewhere, *elsewhere, *document.locate(own))


def planned(text: str, **world: Any) -> Plan:
    """The plan of a text without faults."""
    found = planning_of(text, **world)
    assert found.plan is not None, "\n".join(lines(found.told))
    return found.plan


def told(text: str, **world: Any) -> list[str]:
    """What is told of a text that can't be planned: `3:5 code: message`."""
    found = planning_of(text, **world)
    assert found.plan is None
    return lines(found.told)


def lines(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Each diagnostic in a line: `3:5 code: message`."""
    return [f"{_place(d)} {d.code}: {d.message}" for d in diagnostics]


def _place(each: Diagnostic) -> str:
    """Line and column, after the file where that is another one."""
    place = f"{each.line}:{each.column}"
    return place if each.file == NAME else f"{each.file}:{place}"


def shown(diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics with their marked places and hints, as text."""
    return "\n".join(line for each in diagnostics for line in _shown(each)) + "\n"


def _shown(each: Diagnostic) -> Iterator[str]:
    yield f"{each.severity} {_place(each)} {each.code}: {each.message}"
    source, start = each.source or "", (each.column or 1) - 1
    end = start + each.length
    yield f"    {source[:start]}>{source[start:end]}<{source[end:]}"
    yield from (f"  {hint}" for hint in each.hints)


def _paper(files: Mapping[str, str | bytes], stdin: str) -> PaperFiles:
    named = {posixpath.normpath(posixpath.join(FOLDER, name)): text for name, text in files.items()}
    return PaperFiles(named, stdin)


# --- a plan's facts, by path


def tasks(made: Plan) -> dict[str, Task]:
    """Every task by its path."""
    return {task.path: task for task in made.tasks}


def sources(made: Plan) -> dict[str, dict[str, str]]:
    """Where each task's slots are filled from, in words."""
    return {task.path: {s.slot: s.words for s in task.sources} for task in made.tasks}


def edges(made: Plan) -> dict[str, list[str]]:
    """The paths that each template waits for; `*` marks those whose value it reads."""
    return {
        template.path: [f"{_seen(parents, need).path}{'*' * need.reads}" for need in template.needs]
        for template, parents in walk(made.root)
    }


def walk(
    template: Template, parents: tuple[Template, ...] = ()
) -> Iterator[tuple[Template, tuple[Template, ...]]]:
    """Every template with the scopes around it, outermost first."""
    yield template, parents
    for child in children(template):
        yield from walk(child, (*parents, template))


def children(template: Template) -> tuple[Template, ...]:
    """What stands directly in a template."""
    match template:
        case Task():
            return ()
        case Batch():
            return (template.body,)
        case Chain() | Group():
            return template.children


def _seen(parents: tuple[Template, ...], need: Need) -> Template:
    """The template that an edge leads to, for a reader with these scopes around it."""
    return children(parents[-1 - need.ref.up])[need.ref.index]


def outputs(made: Plan) -> list[str]:
    """Every path that is known to be written, in the order written."""
    return list(known_outputs(made))

"""The values that bindings stand for, and the call that they make."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from aipipe.contracts.addresses import is_address, stem_of
from aipipe.contracts.artefact import ArtefactRef, InputFile, Json, Value
from aipipe.contracts.call import Call, OutputRequest, Provenance
from aipipe.contracts.media import TEXT, Medium
from aipipe.errors import StepError
from aipipe.planning.bindings import (
    Binding,
    Const,
    FileOf,
    FromItem,
    FromRun,
    FromStep,
    Item,
    Joined,
    ListOf,
    MapOf,
    StepRef,
)
from aipipe.planning.expressions import text_of
from aipipe.planning.outputs import item_piece, names_of, safe_piece
from aipipe.planning.plan import Batch, Chain, Group, Task, Template
from aipipe.running.cells import Cell, Container, TaskCell, result_of, within
from aipipe.running.lists import as_tuple, flatten, places

NANO = 1_000_000_000


class GapError(Exception):
    """A binding reads a step that has no value."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class Binder:
    """Resolves bindings for one run."""

    def __init__(
        self, *, run: str, pipeline: str, read_text: Callable[[ArtefactRef | InputFile], str]
    ) -> None:
        self._run = run
        self._pipeline = pipeline
        self._read_text = read_text

    def call(self, cell: TaskCell, *, anew: bool = False) -> Call:
        """The call of a task; `anew`: earlier results won't do.

        Raises:
            GapError: it reads a step without a value.
        """
        task = cell.template
        inputs = {slot: self.value(b, cell) for slot, b in task.inputs.items()}
        labels: tuple[str, ...] = ()
        if task.plugin.startswith("merge:"):
            given = inputs["input"]
            flat = tuple(places(given) if task.pairs else flatten(given))
            inputs = {**{slot: as_tuple(value) for slot, value in inputs.items()}, "input": flat}
            labels = tuple(_label(value, index) for index, value in enumerate(flat))
        params = {k: self._plain(b, cell) for k, b in task.params.items()}
        extension = task.output.extension if task.output else None
        return Call(
            task=cell.path,
            plugin=task.plugin,
            type=task.type,
            model=task.model,
            endpoint=task.endpoint,
            params=params,
            raw={k: self._plain(b, cell) for k, b in task.raw.items()},
            wire=None if task.known is None else task.known.wire(params, extension),
            service=task.service,
            workflow=task.workflow,
            inputs=inputs,
            labels=labels,
            output=OutputRequest(medium=task.medium, extension=extension),
            provenance=Provenance(
                pipeline=self._pipeline,
                step=cell.path,
                model=task.model,
                provider=task.provider,
                mock=task.mock,
            ),
            attempt=cell.attempts + 1,
            occurrence=task.occurrence,
            reusable=task.cache,
            anew=anew,
            generation=self._run if anew else "",
        )

    def names(self, cell: TaskCell, count: int) -> tuple[str, ...]:
        """The paths of a task's outputs inside the output folder."""
        output = cell.template.output
        if output is None:
            return ()
        stem = self._piece(output.stem, cell)
        return tuple(names_of(stem, output.extension, count))

    def value(  # noqa: C901, PLR0911 (a case for each kind of binding)
        self, binding: Binding, cell: Cell
    ) -> Value:
        """What a binding stands for, seen from a step.

        Raises:
            GapError: it reads a step without a value.
        """
        match binding:
            case Const(value):
                return value
            case FromStep(ref, field):
                return self._of_step(target(cell, ref), field)
            case FromItem(up, field, column):
                return _of_item(*item_around(cell, up), field, column)
            case FileOf(column, medium):
                return _file_of(*item_around(cell, column.up), column.column, medium)
            case FromRun():
                return self._run
            case Joined(parts):
                return "".join(self.text(self.value(part, cell)) for part in parts)
            case ListOf(items):
                return tuple(self._place(item, cell) for item in items)
            case MapOf(entries):
                return {key: self.value(entry, cell) for key, entry in entries.items()}

    def _place(self, item: Binding, cell: Cell) -> "Value | None":
        """A place of a list; None: a condition has left out what stands there."""
        is_gap = isinstance(item, FromStep) and target(cell, item.ref).is_passed_over
        return None if is_gap else self.value(item, cell)

    def _of_step(self, step: Cell, field: str) -> Value:
        match field:
            case "status":
                return str(step.status)
            case "label":
                return step.label if isinstance(step, TaskCell) else step.template.label
            case "cost":
                return _usd(spent_by(step))
            case "path":
                return _path(step)
            case _:
                if not step.succeeded:
                    raise GapError(step.template.id)
                return step.value

    def text(self, value: Value) -> str:
        """How a value reads inside a longer text; a text that was made is read."""
        if isinstance(value, InputFile):
            return self._read_text(value)
        if isinstance(value, ArtefactRef) and value.medium == TEXT:
            return value.text if value.text is not None else self._read_text(value)
        return text_of(value)

    def _plain(self, binding: Binding, cell: Cell) -> Json:
        value = self.value(binding, cell)
        if isinstance(value, ArtefactRef | InputFile):
            return self.text(value)
        return value  # type: ignore[return-value] # planning lets only plain data into params

    def _piece(self, binding: Binding, cell: Cell) -> str:
        match binding:
            case Const(value):
                return text_of(value)
            case FromItem():
                item, index = item_around(cell, binding.up)
                return item_piece(binding, index, item) or safe_piece(item.key)
            case Joined(parts):
                return "".join(self._piece(part, cell) for part in parts)
            case _:
                return safe_piece(self.text(self.value(binding, cell)))


def target(cell: Cell, ref: StepRef) -> Cell:
    """The step that a reference means, seen from another.

    Raises:
        GapError: a step around it never began.
    """
    scope = cell.parent
    for _ in range(ref.up):
        scope = scope.parent if scope is not None else None
    assert scope is not None  # noqa: S101 (planning counted the scopes)
    step = scope.children[ref.index]
    found = within(step, ref.inside)
    if found is None:
        raise GapError(step.template.id)
    return found


def item_around(cell: Cell, up: int) -> tuple[Item, int]:
    """The item of the batch `up` batches outwards, and its place from 0."""
    scope = cell.parent
    while scope is not None:
        if scope.item is not None:
            if up == 0:
                return scope.item, scope.index
            up -= 1
        scope = scope.parent
    raise AssertionError(cell.path)


def labelled(artefacts: Sequence[ArtefactRef], label: str) -> tuple[ArtefactRef, ...]:
    """Artefacts that carry what their task is called, for captions."""
    if len(artefacts) == 1:
        return (replace(artefacts[0], label=artefacts[0].label or label),)
    return tuple(
        replace(each, label=each.label or f"{label} {number}")
        for number, each in enumerate(artefacts, start=1)
    )


def describe_task(task: Task, item: Container | None) -> str:
    """What a task's row is called: inside a batch, by the item too."""
    return _described(task.label, item)


def caption_of(task: Task, item: Container | None) -> str:
    """What a task's outputs are called, where merges name them: never by a model that is gone."""
    return _described(task.caption or task.label, item)


def _described(label: str, item: Container | None) -> str:
    if item is None or item.item is None:
        return label
    is_alone = len(list(islice(_tasks(item.template), 2))) == 1
    if not is_alone:
        return f"{item.item.key} {label}"
    cell = item.template.label
    return f"{cell}, {item.item.key}" if cell else item.item.key


def _tasks(template: Template) -> Iterator[Task]:
    """The tasks in a template, those of its own batches too."""
    match template:
        case Task():
            yield template
        case Batch():
            yield from _tasks(template.body)
        case Chain() | Group():
            for child in template.children:
                yield from _tasks(child)


def _of_item(item: Item, index: int, field: str, column: str) -> Value:
    match field:
        case "key":
            return item.key
        case "index":
            return index + 1
        case "column":
            if column not in item.columns:
                raise StepError("missing_column", f"item '{item.key}' has no '{column}'")
            return item.columns[column]
        case _:
            return item.value


def _file_of(item: Item, index: int, column: str, medium: Medium) -> InputFile:
    named = text_of(_of_item(item, index, "column", column))
    if is_address(named):
        return InputFile(path=named, medium=medium, label=stem_of(named))
    path = PurePath(item.folder, named)
    return InputFile(path=str(path), medium=medium, label=path.stem)


def _path(step: Cell) -> Value:
    if not step.succeeded:
        raise GapError(step.template.id)
    found: Cell | None = step
    while isinstance(found, Container) and isinstance(found.template, Chain):
        found = result_of(found, found.template)
    outputs = found.outputs if isinstance(found, TaskCell) else ()
    return outputs[0].path if len(outputs) == 1 else tuple(each.path for each in outputs)


def _label(value: Value, index: int) -> str:
    if isinstance(value, ArtefactRef | InputFile) and value.label:
        return value.label
    return str(index + 1)


def spent_by(step: Cell) -> int:
    """What a step, and all that is in it, has cost, in nano-dollars."""
    return step.billed if isinstance(step, TaskCell | Container) else 0


def _usd(nano: int) -> str:
    return f"{nano // NANO}.{nano % NANO:09d}".rstrip("0").rstrip(".")


def is_mapping(value: Value) -> bool:
    """Whether a value is a row."""
    return isinstance(value, Mapping)

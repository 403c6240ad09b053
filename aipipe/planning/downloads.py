"""The files at addresses that a plan reads: they are downloaded before its first step begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aipipe.contracts.addresses import is_address
from aipipe.contracts.artefact import InputFile, Value
from aipipe.contracts.media import Medium
from aipipe.language.spec import OnError
from aipipe.planning.bindings import Binding, Const, FileOf, Joined, ListOf, MapOf
from aipipe.planning.expressions import text_of
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file at an address, taken as what it should be."""

    address: str
    medium: Medium


def wanted(plan: Plan) -> Mapping[Wanted, bool]:
    """Each file once, in the order written; whether a step that reads it may not fail."""
    found: dict[Wanted, bool] = {}
    for file, is_needed in _of_template(plan.root, (), plan):
        found[file] = is_needed or found.get(file, False)
    return found


def _of_template(
    template: Template, batches: tuple[Batch, ...], plan: Plan
) -> Iterator[tuple[Wanted, bool]]:
    match template:
        case Task():
            if plan.runs(template.number):
                yield from _of_task(template, batches)
        case Batch():
            if any(plan.runs(number) for number in _numbers(template.body)):
                is_needed = template.body.on_error is OnError.FAIL
                for item in template.items or ():
                    yield from ((file, is_needed) for file in _in_value(item.value))
                yield from _of_template(template.body, (*batches, template), plan)
        case Chain() | Group():
            for child in template.children:
                yield from _of_template(child, batches, plan)


def _numbers(template: Template) -> Iterator[int]:
    match template:
        case Task():
            yield template.number
        case Batch():
            yield from _numbers(template.body)
        case Chain() | Group():
            for child in template.children:
                yield from _numbers(child)


def _of_task(task: Task, batches: tuple[Batch, ...]) -> Iterator[tuple[Wanted, bool]]:
    is_needed = task.on_error is OnError.FAIL
    for each in (task, *task.fallbacks):
        for binding in (*each.inputs.values(), *each.params.values()):
            yield from ((file, is_needed) for file in _in_binding(binding, batches))


def _in_binding(binding: Binding, batches: tuple[Batch, ...]) -> Iterator[Wanted]:
    match binding:
        case Const(value):
            yield from _in_value(value)
        case FileOf(column, medium):
            for item in batches[-1 - column.up].items or ():
                named = text_of(item.columns.get(column.column))
                if is_address(named):
                    yield Wanted(named, medium)
        case _:
            for part in _parts(binding):
                yield from _in_binding(part, batches)


def _parts(binding: Binding) -> tuple[Binding, ...]:
    match binding:
        case ListOf(parts) | Joined(parts):
            return parts
        case MapOf(entries):
            return tuple(entries.values())
        case _:
            return ()


def _in_value(value: "Value | None") -> Iterator[Wanted]:
    match value:
        case InputFile():
            if value.is_remote:
                yield Wanted(value.path, value.medium)
        case tuple() | list():
            for each in value:
                yield from _in_value(each)
        case Mapping():
            for each in value.values():
                yield from _in_value(each)
        case _:
            return

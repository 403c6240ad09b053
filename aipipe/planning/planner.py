"""From a pipeline as written to a plan."""

from aipipe.contracts.artefact import InputFile, Value
from aipipe.contracts.media import TEXT, Medium
from aipipe.language.diagnostics import Fault
from aipipe.planning.building import Around, chain, last_output
from aipipe.planning.context import Context
from aipipe.planning.items import given_items
from aipipe.planning.outputs import collisions
from aipipe.planning.plan import Batch, Chain, Group, Many, One, Plan, Task, Template
from aipipe.planning.scopes import GivenSource, Scope, Source, Stream


def plan(context: Context) -> tuple[Plan | None, list[Fault]]:
    """The plan of `context.spec`, or None, with all that is to be told of it."""
    spec = context.spec
    scope = Scope(kind="chain", parent=None, path="")
    number = context.number()
    around = Around(on_error=spec.on_error, times=1, rest=0)
    children = chain(spec.steps, scope, _given(context), around, context)
    if children is None or context.faults:
        return None, [*context.faults, *context.notices]
    root = Chain(
        number=number,
        id="",
        path="",
        label=spec.name,
        at=(),
        needs=(),
        on_error=spec.on_error,
        produces=last_output(scope).type,
        children=children,
    )
    unproven = collisions(root, context)
    found = [*context.faults, *context.notices]
    return (None if context.faults else _finished(root, unproven, context)), found


def _finished(root: Chain, unproven: frozenset[int], context: Context) -> Plan:
    spec = context.spec
    return Plan(
        name=spec.name,
        file=spec.file,
        root=root,
        templates=tuple(sorted(_flat(root), key=lambda t: t.number)),
        notices=tuple(context.notices),
        budget=spec.budget,
        limits=spec.limits,
        mock=context.mock,
        tags=spec.tags,
        output_dir=spec.output_dir or f"output/{spec.name}",
        unproven=unproven,
    )


def _flat(template: Template) -> list[Template]:
    match template:
        case Task():
            return [template]
        case Batch():
            return [template, *_flat(template.body)]
        case Chain() | Group():
            return [template, *(t for child in template.children for t in _flat(child))]


def _given(context: Context) -> Stream:
    """What reaches the first step: the run's input, and its prompt as carried text."""
    spec = context.spec
    carried: dict[Medium, Source] = {}
    if spec.prompt is not None:
        carried[TEXT] = GivenSource(spec.prompt, One(TEXT), "the run's prompt")
    if spec.inputs is None:
        return Stream(None, carried)
    found = given_items(context)
    if found is None:
        return Stream(None, carried)
    values: tuple[Value, ...] = tuple(item.value for item in found.items)
    if len(values) == 1 and isinstance(values[0], str | InputFile):
        return Stream(GivenSource(values[0], found.type, "the run's input"), carried)
    given = GivenSource(values, Many(found.type, len(values)), "the run's inputs")
    return Stream(given, carried)

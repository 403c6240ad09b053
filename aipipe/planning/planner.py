"""From a pipeline as written to a plan."""

from dataclasses import replace

from aipipe.contracts.media import TEXT, Medium
from aipipe.language.diagnostics import Fault
from aipipe.language.parts import Part
from aipipe.planning.bindings import One
from aipipe.planning.building import chain, last_output
from aipipe.planning.collisions import collisions
from aipipe.planning.context import Context
from aipipe.planning.intermediates import only_the_last
from aipipe.planning.items import given_items, value_of
from aipipe.planning.named_outputs import named_outputs
from aipipe.planning.numbering import flat, numbered
from aipipe.planning.opening import Around
from aipipe.planning.outputs import safe_piece
from aipipe.planning.plan import Chain, Plan
from aipipe.planning.scopes import GivenSource, Scope, Source, Stream


def plan(context: Context) -> tuple[Plan | None, list[Fault]]:
    """The plan of `context.spec`, or None, with all that is to be told of it."""
    context.given = given_items(context)
    scope = Scope(kind="chain", parent=None, path="")
    root = _root(scope, context)
    named = named_outputs(context.spec.outputs, scope, context)
    unproven = collisions(root, context) if root is not None else frozenset[int]()
    found = list(dict.fromkeys([*context.faults, *context.notices]))
    if root is None or context.faults:
        return None, found
    outputs = {name: each.inside for name, each in named.items()}
    return replace(_finished(root, unproven, context), outputs=outputs), found


def _root(scope: Scope, context: Context) -> Chain | None:
    spec = context.spec
    around = Around(on_error=spec.on_error, times=1, rest=0)
    children = chain(spec.steps, scope, _given(context), around, context)
    if children is None:
        return None
    if not spec.save_intermediates:
        children = only_the_last(children)
    return numbered(
        Chain(
            number=0,
            id="",
            path="",
            label=spec.name,
            at=(),
            needs=(),
            on_error=spec.on_error,
            produces=last_output(scope).type,
            children=children,
        )
    )


def _finished(root: Chain, unproven: frozenset[int], context: Context) -> Plan:
    spec = context.spec
    return Plan(
        name=spec.name,
        file=spec.file,
        root=root,
        templates=tuple(flat(root)),
        notices=tuple(context.notices),
        budget=spec.budget,
        limits=spec.limits,
        mock=context.mock,
        tags=spec.tags and all(part is None or _has_tags(part) for part in context.parts.values()),
        output_dir=spec.output_dir or f"output/{safe_piece(spec.name)}",
        unproven=unproven,
    )


def _has_tags(part: Part) -> bool:
    """Whether a used pipeline lets files tell how they were made."""
    return part.spec is None or part.spec.tags


def _given(context: Context) -> Stream:
    """What reaches the first step: the run's input, and its prompt as carried text."""
    spec, given = context.spec, context.given
    carried: dict[Medium, Source] = {}
    if spec.prompt is not None:
        carried[TEXT] = GivenSource(spec.prompt, One(TEXT), "the run's prompt")
    if given is None:
        return Stream(None, carried, doubtful=spec.inputs is not None)
    value, type_ = value_of(given)
    words = "the run's inputs" if isinstance(value, tuple) else "the run's input"
    return Stream(GivenSource(value, type_, words), carried)

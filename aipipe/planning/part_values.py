"""What `with:` gives a used pipeline, held against the variables that it declares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aipipe.contracts.artefact import InputFile, Value
from aipipe.contracts.media import TEXT
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression
from aipipe.language.spec import PipelineStep, Var
from aipipe.language.suggestions import did_you_mean, one_of
from aipipe.language.variables import unfit
from aipipe.planning import wording
from aipipe.planning.bindings import Const, Many, One
from aipipe.planning.bound import Bound, media_in
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind
from aipipe.planning.inside import Used
from aipipe.planning.literals import OUTRIGHT, plain
from aipipe.planning.place import Place
from aipipe.planning.scopes import Source, WrittenSource
from aipipe.planning.slot_values import any_value, folder_of

PROMPT = "prompt"


@dataclass(slots=True)
class Given:
    """What a used pipeline is given; grows value by value."""

    plain: dict[str, Var] = field(default_factory=dict)
    """Variables with values that are written out."""
    late: dict[str, Source | None] = field(default_factory=dict)
    """All other ones; None: at fault."""
    prompt: Source | None = None


def given_values(step: PipelineStep, found: Used, place: Place, context: Context) -> Given:
    """What the step's `with:` says; what is wrong with it is noted where it is written."""
    given = Given()
    declared = found.spec.vars
    for name, written in step.given.items():
        at = (*step.at, "with", name)
        if name in declared:
            if written is not None:
                _variable(declared[name], written, at, given, place, context)
        elif name == PROMPT:
            given.prompt = _prompt(written, at, place, context)
        else:
            _tell_unknown(name, found, at, context)
    _tell_missing(step, found, given, context)
    return given


def _variable(
    var: Var, written: Expression, at: Path, given: Given, place: Place, context: Context
) -> None:
    given.late[var.name] = None
    bound = _bound(written, at, place, context)
    if bound is None:
        return
    place.reads.all_of(bound.binding)
    value = bound.binding.value if isinstance(bound.binding, Const) else None
    if value is not None and not _has_files(value):
        del given.late[var.name]
        _plain(replace(var, folder=folder_of(written, context)), value, at, given, context)
    elif _may_be(var, bound, at, context):
        given.late[var.name] = _source(bound, written, place)


def _bound(written: Expression, at: Path, place: Place, context: Context) -> Bound | None:
    """A value as it is written; only `{file: …}` is a file already."""
    if isinstance(written, Mapping) and len(written) == 1 and written.keys() <= OUTRIGHT:
        return any_value(written, place.scope, at, context)
    return bind(written, place.scope, at, context)


def _plain(var: Var, value: Value, at: Path, given: Given, context: Context) -> None:
    own = plain(value)
    found = unfit(var, f"the value of variable '{var.name}'", own, at)
    context.faults.extend(replace(fault, file=context.inside.file) for fault in found)
    given.plain[var.name] = replace(var, value=own)


def _may_be(var: Var, bound: Bound, at: Path, context: Context) -> bool:
    """Whether a value that comes later can be of the variable's type."""
    fits = {
        None: True,
        "list": isinstance(bound.type, Many) or bound.type == One(None),
    }.get(var.type, bound.type in {One(TEXT), One(None)})
    if not fits:
        message = f"variable '{var.name}' is declared as {var.type}"
        context.fault(
            "wrong_type", f"{message}, but this is {wording.of_type(bound.type, context)}", at
        )
    return fits


def _prompt(written: Expression, at: Path, place: Place, context: Context) -> Source | None:
    bound = any_value({"text": written}, place.scope, at[:-1], context)
    if bound is None:
        return None
    place.reads.all_of(bound.binding)
    if bound.type not in {One(TEXT), One(None)}:
        what = wording.of_type(bound.type, context)
        context.fault("wrong_type", f"a prompt is a text, but this is {what}", at)
    return _source(bound, written, place)


def _source(bound: Bound, written: Expression, place: Place) -> Source:
    words = wording.of_origin(written, "with")
    return WrittenSource(place.scope, bound.binding, bound.type, media_in(bound), words)


def _has_files(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(_has_files(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_has_files(each) for each in value)
    return isinstance(value, InputFile)


def _tell_unknown(name: str, found: Used, at: Path, context: Context) -> None:
    known: Iterable[str] = (*found.spec.vars, PROMPT)
    hints = did_you_mean(name, known) or (f"it has: {one_of(known)}",)
    message = f"'{found.name}' has no variable '{name}'"
    context.fault("unknown_variable", message, at, *hints, on_key=True)


def _tell_missing(step: PipelineStep, found: Used, given: Given, context: Context) -> None:
    lacking = [
        name
        for name, var in found.spec.vars.items()
        if var.value is None and name not in {*given.plain, *given.late}
    ]
    given.late.update(dict.fromkeys(lacking))
    if not lacking:
        return
    at = (*step.at, "with") if step.given else step.at
    names = " and ".join(f"'{name}'" for name in lacking)
    hint = f"with: {{{', '.join(f'{name}: …' for name in lacking)}}}"
    context.fault("var_not_given", f"'{found.name}' needs {names}", at, hint, on_key=True)

"""The outputs that a pipeline names: `outputs: {clip: "${{ steps.clip.output }}"}`."""

from collections.abc import Mapping, Sequence

from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression, Reference
from aipipe.planning.bindings import FromStep, StepRef
from aipipe.planning.bound import Bound
from aipipe.planning.context import Context
from aipipe.planning.lookup import find_step
from aipipe.planning.scopes import NamedOutput, Scope, media_of
from aipipe.planning.unknown import tell_unknown


def named_outputs(
    written: Mapping[str, Expression], scope: Scope, context: Context
) -> Mapping[str, NamedOutput]:
    """Where the outputs of a planned pipeline are; those at fault are noted and left out."""
    scope.here = -1
    found = {
        name: _named(each, ("outputs", name), scope, context) for name, each in written.items()
    }
    return {name: each for name, each in found.items() if each is not None}


def named_output(
    step: str,
    more: Sequence[str],
    found: tuple[Scope, int],
    scope: Scope,
    at: Path,
    context: Context,
) -> Bound | None:
    """What `steps.ID.outputs.NAME` stands for; None: it is at fault (and noted)."""
    owner, index = found
    named = _of_step(step, more, owner, index, at, context)
    if named is None or named.output.broken:
        return None
    reference = StepRef(scope.climb(owner), index, named.inside)
    return Bound(FromStep(reference), named.output.type, media_of(named.output))


def _of_step(
    step: str, more: Sequence[str], owner: Scope, index: int, at: Path, context: Context
) -> NamedOutput | None:
    known = owner.named.get(index, {})
    name = more[0] if more else ""
    if len(more) == 1 and name in known:
        return known[name]
    if not owner.values[index].broken:
        said = f"step '{step}' has no output '{'.'.join(more)}'"
        tell_unknown(said, name, known, at, context)
    return None


def _named(written: Expression, at: Path, scope: Scope, context: Context) -> NamedOutput | None:
    match written:
        case Reference(("steps", name)) | Reference(("steps", name, "output")):
            found = find_step(name, scope, at, context)
            return None if found is None else _whole(scope, found[1])
        case Reference(("steps", name, "outputs", *more)):
            found = find_step(name, scope, at, context)
            if found is None:
                return None
            named = _of_step(name, more, scope, found[1], at, context)
            return None if named is None else NamedOutput((found[1], *named.inside), named.output)
        case _:
            context.fault(
                "output_reference", "an output is that of a step", at, "${{ steps.ID.output }}"
            )
            return None


def _whole(scope: Scope, index: int) -> NamedOutput:
    return NamedOutput((index,), scope.values[index])

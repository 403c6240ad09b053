"""The steps of a scope, named and put in their places."""

from collections.abc import Sequence
from dataclasses import dataclass

from aipipe.language.diagnostics import Path
from aipipe.language.spec import OnError, StepSpec
from aipipe.planning import expansion
from aipipe.planning.context import Context
from aipipe.planning.heights import height
from aipipe.planning.labels import labels_of
from aipipe.planning.naming import ids_of
from aipipe.planning.place import Place
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import Scope


@dataclass(frozen=True, slots=True)
class Around:
    """What the steps of a scope inherit."""

    on_error: OnError
    times: int | None
    """How often the scope runs; None: an unknown number."""
    rest: int
    """Tasks that follow this scope inside the same item."""
    cell: str = ""
    """What the cell of a matrix is called that the scope stands in."""


def opened(scope: Scope, steps: Sequence[StepSpec], context: Context) -> tuple[str, ...]:
    """Name the steps of a scope; gives their labels."""
    counted = expansion.enabled(steps, context)
    if steps and not counted:
        context.fault("nothing_enabled", "every step of it is switched off", _around(steps))
    is_group = scope.kind == "group"
    scope.written = tuple(steps)
    scope.steps = expansion.as_branches(counted) if is_group else expansion.with_merges(counted)
    scope.ids, scope.names, scope.automatic = ids_of(scope.steps, numbered=is_group)
    return labels_of(scope.steps, scope.ids, are_branches=is_group)


def _around(steps: Sequence[StepSpec]) -> Path:
    """Where the list of some steps stands."""
    return steps[0].at[:-1]


def place_of(scope: Scope, label: str, reads: Reads, around: Around) -> Place:
    """The place of the step that is being planned."""
    step = scope.steps[scope.here]
    return Place(
        scope=scope,
        index=scope.here,
        path=_path(scope),
        label=f"{around.cell}, {label}" if around.cell else label,
        reads=reads,
        on_error=step.on_error or around.on_error,
        depth=around.rest + height(step),
        times=around.times,
    )


def _path(scope: Scope) -> str:
    if _stands_for_item(scope):
        return scope.path
    own = scope.ids[scope.here]
    if scope.kind == "matrix":
        return f"{scope.path}{own}"
    return f"{scope.path}.{own}" if scope.path else own


def _stands_for_item(scope: Scope) -> bool:
    """The one nameless step of a batch is called by its item alone."""
    if scope.parent is None or scope.parent.kind != "batch" or len(scope.steps) > 1:
        return False
    return scope.steps[0].id is None and not scope.steps[0].name

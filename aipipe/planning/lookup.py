"""Finding the step or the batch that a name means, from where a step stands."""

from difflib import get_close_matches

from aipipe.language.diagnostics import Path
from aipipe.planning.context import Context
from aipipe.planning.scopes import Scope


def find_step(name: str, scope: Scope, at: Path, context: Context) -> tuple[Scope, int] | None:
    """The scope and place of a step that may be read from here; None: a fault, and noted."""
    owner = _owner(name, scope)
    if owner is None:
        _unknown(name, scope, at, context)
        return None
    index = owner.names[name]
    if index == owner.here:
        context.fault("reference_to_itself", f"step '{name}' refers to itself", at)
        return None
    if index not in owner.values:
        _not_before(name, owner, at, context)
        return None
    return owner, index


def find_batch(name: str, scope: Scope) -> Scope | None:
    """The innermost batch (`item`), or the one that calls its item by this name."""
    current: Scope | None = scope
    while current is not None:
        if current.kind == "batch" and name in {"item", current.as_name}:
            return current
        current = current.parent
    return None


def _owner(name: str, scope: Scope) -> Scope | None:
    current: Scope | None = scope
    while current is not None:
        if name in current.names:
            return current
        current = current.parent
    return None


def _not_before(name: str, owner: Scope, at: Path, context: Context) -> None:
    if owner.kind == "group":
        context.fault("cycle", f"'{name}' waits for this step, so neither could begin", at)
        return
    context.fault(
        "reference_to_later_step",
        f"step '{name}' comes later",
        at,
        "a step can only use what stands before it: move it down, or the other one up",
    )


def _unknown(name: str, scope: Scope, at: Path, context: Context) -> None:
    visible = _visible(scope)
    if _is_automatic(name, scope):
        context.fault(
            "automatic_id",
            f"'{name}' is no id of its own, so nothing can refer to it",
            at,
            "give that step an  id:",
        )
        return
    close = get_close_matches(name, visible, 1)
    hints = [f"did you mean '{close[0]}'?"] if close else []
    if not close:
        hints.append(
            "steps that can be seen from here: " + ", ".join(visible)
            if visible
            else "no step that can be seen from here has an  id:"
        )
    context.fault("unknown_step", f"unknown step '{name}'", at, *hints)


def _visible(scope: Scope) -> list[str]:
    names: list[str] = []
    current: Scope | None = scope
    while current is not None:
        names.extend(current.names)
        current = current.parent
    return list(dict.fromkeys(names))


def _is_automatic(name: str, scope: Scope) -> bool:
    current: Scope | None = scope
    while current is not None:
        if name in current.automatic:
            return True
        current = current.parent
    return False

"""The value of a variable that a reference names."""

from collections.abc import Mapping
from dataclasses import dataclass

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Path
from aipipe.language.references import Reference
from aipipe.planning.context import Context
from aipipe.planning.late import tell_late
from aipipe.planning.unknown import tell_unknown


@dataclass(frozen=True, slots=True)
class Found:
    """A value that is not None."""

    value: Json


def variable(ref: Reference, at: Path, context: Context) -> Found | None:
    """What `vars.NAME` or a key of it holds; None: it is at fault (and noted)."""
    variables = context.spec.vars
    _, *rest = ref.path
    name = rest[0] if rest else ""
    if name in context.inside.values:
        if context.inside.values[name] is not None:
            tell_late(f"variable '{name}' is needed before the run, and", at, context)
        return None
    if name not in variables:
        tell_unknown(f"unknown variable '{name}'", name, variables, at, context)
        return None
    value: Json = variables[name].value
    if value is None:
        context.fault("var_not_given", f"variable '{name}' has no value", at, f"--var {name}=…")
        return None
    return _inside(value, name, rest[1:], at, context)


def _inside(value: Json, name: str, keys: list[str], at: Path, context: Context) -> Found | None:
    for key in keys:
        known = value if isinstance(value, Mapping) else {}
        if known.get(key) is None:
            tell_unknown(f"variable '{name}' has no key '{key}'", key, known, at, context)
            return None
        value = known[key]
    return Found(value)

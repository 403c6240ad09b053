"""Variables: declared in the file, given on the command line."""

from collections.abc import Mapping

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.spec import Var
from aipipe.language.suggestions import did_you_mean, one_of

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "list": (list,),
}
_DECLARED = frozenset({"type", "default", "description"})
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


def variables(
    written: Json, given: Mapping[str, str], faults: list[Fault]
) -> Mapping[str, Var]:
    """The variables of a file, with what the command line gives in the place of defaults."""
    declared = written if isinstance(written, dict) else {}
    for name in given:
        if name not in declared:
            faults.append(
                Fault(
                    code="unknown_variable",
                    message=f"--var {name}: the file has no variable '{name}'",
                    at=("vars",) if declared else (),
                    hints=(*did_you_mean(name, declared), f"it has: {one_of(declared)}")
                    if declared
                    else ("declare it:  vars: {" + name + ": …}",),
                )
            )
    return {
        str(name): _variable(str(name), value, given.get(name), faults)
        for name, value in declared.items()
    }


def _variable(name: str, written: Json, given: str | None, faults: list[Fault]) -> Var:
    at: Path = ("vars", name)
    if not isinstance(written, dict):
        value = written if given is None else given
        return Var(name=name, type=None, value=value, at=at)
    for key in written:
        if key not in _DECLARED:
            faults.append(
                Fault(
                    code="unknown_key",
                    message=f"unknown key '{key}' in variable '{name}'",
                    at=(*at, key),
                    on_key=True,
                    hints=(*did_you_mean(str(key), _DECLARED), "it takes: type, default, description"),
                )
            )
    kind = written.get("type")
    if kind is not None and kind not in _TYPES:
        faults.append(
            Fault(
                code="not_allowed",
                message=f"unknown type '{kind}' of variable '{name}'",
                at=(*at, "type"),
                hints=(*did_you_mean(str(kind), _TYPES), f"types: {one_of(_TYPES)}"),
            )
        )
        kind = None
    known = str(kind) if kind is not None else None
    if given is not None:
        return Var(name=name, type=known, value=_converted(name, given, known, faults), at=at)
    default = written.get("default")
    if default is not None and known is not None and not _is_a(default, known):
        faults.append(
            Fault(
                code="wrong_type",
                message=f"the default of variable '{name}' is no {known}",
                at=(*at, "default"),
            )
        )
    return Var(name=name, type=known, value=default, at=at)


def _is_a(value: Json, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _converted(name: str, given: str, kind: str | None, faults: list[Fault]) -> Json:
    try:
        return _convert(given, kind)
    except ValueError:
        faults.append(
            Fault(
                code="wrong_type",
                message=f"--var {name}={given}: '{given}' is no {kind}",
                at=("vars", name),
            )
        )
        return None


def _convert(given: str, kind: str | None) -> Json:
    match kind:
        case "integer":
            return int(given)
        case "number":
            return float(given) if "." in given or "e" in given.lower() else int(given)
        case "boolean":
            if given.lower() in _TRUE + _FALSE:
                return given.lower() in _TRUE
            raise ValueError(given)
        case "list":
            return [each.strip() for each in given.split(",")]
        case _:
            return given

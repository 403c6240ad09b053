"""Variables: declared in the file, given on the command line."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.scalars import resolve
from aipipe.language.spec import Var
from aipipe.language.suggestions import did_you_mean, one_of

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
}
NOT_GIVEN: Final = "var_not_given"
"""The code of a required variable without a value."""
_WORDS: Final = {
    **dict.fromkeys(("true", "yes", "1"), True),
    **dict.fromkeys(("false", "no", "0"), False),
}
_SUCH_AS: Final = {
    "integer": "a whole number such as 7",
    "number": "a number such as 0.5",
    "boolean": "true or false",
}


def variables(written: Json, given: Mapping[str, str], faults: list[Fault]) -> Mapping[str, Var]:
    """The variables of a file, with what the command line gives in the place of defaults."""
    entries = written if isinstance(written, dict) else {}
    declared = {name: value for name, value in entries.items() if not name.startswith("x-")}
    faults.extend(_unknown(name, declared) for name in given if name not in declared)
    return {
        name: _variable(name, value, given.get(name), faults) for name, value in declared.items()
    }


def _unknown(name: str, declared: Mapping[str, Json]) -> Fault:
    hints = (*did_you_mean(name, declared), f"it has: {one_of(declared)}")
    return Fault(
        code="unknown_variable",
        message=f"--var {name}: the file has no variable '{name}'",
        at=("vars",) if declared else (),
        on_key=bool(declared),
        hints=hints if declared else (f"declare it:  vars: {{{name}: …}}",),
    )


def _variable(name: str, written: Json, given: str | None, faults: list[Fault]) -> Var:
    at: Path = ("vars", name)
    declaration = written if isinstance(written, dict) else {"default": written}
    type_, default = _declared_type(declaration), declaration.get("default")
    listed = declaration.get("choices")
    choices = tuple(listed) if isinstance(listed, list) else ()
    if given is not None:
        value = _converted(name, given, type_ or _type_of(default), faults)
        var = Var(name=name, type=type_, value=value, at=at, choices=choices)
        if value is not None:
            faults.extend(_of_command(var, given))
        return var
    var = Var(name=name, type=type_, value=default, at=at, choices=choices)
    if default is not None:
        faults.extend(unfit(var, f"the default of variable '{name}'", default, (*at, "default")))
    elif declaration.get("required") is True:
        faults.append(_required(name))
    return var


def unfit(var: Var, what: str, value: Json, at: Path) -> Iterator[Fault]:
    """Why a variable can't have a value; `what` is what to call it."""
    if var.type is not None and not _is_a(value, var.type):
        yield Fault(code="wrong_type", message=f"{what} is no {var.type}", at=at)
    elif var.choices and value not in var.choices:
        words = [str(each) for each in var.choices]
        hints = (*did_you_mean(str(value), words), f"it may be: {one_of(words)}")
        message = f"{what} is none of its choices: '{value}'"
        yield Fault(code="not_a_choice", message=message, at=at, hints=hints)


def _of_command(var: Var, given: str) -> Iterator[Fault]:
    named = f"--var {var.name}={given}"
    for each in unfit(replace(var, type=None), named, var.value, var.at):
        yield replace(each, on_key=True)


def _required(name: str) -> Fault:
    message = f"variable '{name}' has no value"
    hints = (f"--var {name}=…",)
    return Fault(code=NOT_GIVEN, message=message, at=("vars", name), on_key=True, hints=hints)


def _declared_type(declaration: Mapping[str, Json]) -> str | None:
    written = declaration.get("type")
    return written if isinstance(written, str) and written in _TYPES else None


def _type_of(default: Json) -> str | None:
    """The type of a variable that declares none: its default's."""
    return next((each for each in ("boolean", "number", "list") if _is_a(default, each)), None)


def _is_a(value: Json, type_: str) -> bool:
    if isinstance(value, bool):
        return type_ == "boolean"
    return isinstance(value, _TYPES[type_])


def _converted(name: str, given: str, type_: str | None, faults: list[Fault]) -> Json:
    try:
        return _convert(given, type_)
    except ValueError:
        faults.append(
            Fault(
                code="wrong_type",
                message=f"--var {name}={given}: '{given}' is no {type_}",
                at=("vars", name),
                on_key=True,
                hints=(f"variable '{name}' takes {_SUCH_AS[type_ or '']}",),
            )
        )
        return None


def _convert(given: str, type_: str | None) -> Json:
    match type_:
        case "integer" | "number":
            value = resolve(given)
            if not _is_a(value, type_):
                raise ValueError(given)
            return value
        case "boolean":
            if given.lower() not in _WORDS:
                raise ValueError(given)
            return _WORDS[given.lower()]
        case "list":
            return [each.strip() for each in given.split(",")] if given.strip() else []
        case _:
            return given

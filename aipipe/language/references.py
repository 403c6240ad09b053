"""What stands between `${{` and `}}`, and the strings around it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault, Path


@dataclass(frozen=True, slots=True)
class Reference:
    """`${{ steps.hero.output }}` is `Reference(("steps", "hero", "output"))`."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A string with references inside: strings and references in turn."""

    parts: "tuple[str | Reference, ...]"


Expression: TypeAlias = (
    "None | bool | int | float | str | Reference | Interpolated"
    " | tuple[Expression, ...] | Mapping[str, Expression]"
)
"""A value of the file in which every string with `${{` has been taken apart."""


ROOTS: Final = ("vars", "inputs", "prompt", "steps", "item", "matrix", "run")
_OPENING: Final = re.compile(r"(\$?)\$\{\{")
_NAME: Final = re.compile(r"[A-Za-z_][\w-]*|[0-9]+")
_OPERATORS: Final = re.compile(r"[|()+*/<>=!?&,'\"]|\s-\s|\s(?:and|or|if|else)\s|\[")
_NO_MORE: Final = "a reference is a path and nothing more, such as ${{ steps.hero.output }}"


def expression(value: Json, at: Path, faults: list[Fault]) -> Expression:
    """A value with its references taken apart. What is wrong with them is added to `faults`.

    A reference that is the whole string keeps the type of what it names; `$${{` stands for
    the characters `${{`.
    """
    match value:
        case str() if "${{" in value:
            return _text(value, at, faults)
        case list():
            return tuple(expression(v, (*at, i), faults) for i, v in enumerate(value))
        case dict():
            return {key: expression(v, (*at, key), faults) for key, v in value.items()}
        case _:
            return value


def _text(text: str, at: Path, faults: list[Fault]) -> Expression:
    parts: list[str | Reference] = []
    rest = text
    while found := _OPENING.search(rest):
        if found[1]:
            parts.append(rest[: found.start()] + "${{")
            rest = rest[found.end() :]
            continue
        inside, closing, after = rest[found.end() :].partition("}}")
        reference = _reference(inside, closing=bool(closing), at=at, faults=faults)
        parts.extend([rest[: found.start()], reference] if reference is not None else [])
        rest = after
    return _joined([*parts, rest])


def _joined(parts: "list[str | Reference]") -> Expression:
    """Neighbouring strings as one; what is a single part stands for itself."""
    joined: list[str | Reference] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        elif part != "":
            joined.append(part)
    if not joined:
        return ""
    return joined[0] if len(joined) == 1 else Interpolated(tuple(joined))


def _reference(inside: str, *, closing: bool, at: Path, faults: list[Fault]) -> Reference | None:
    path = tuple(part.strip() for part in inside.split("."))
    problem = _problem(inside.strip(), path) if closing else _unclosed(inside)
    if problem is None:
        return Reference(path)
    message, *hints = problem
    faults.append(Fault(code="reference_syntax", message=message, at=at, hints=tuple(hints)))
    return None


def _unclosed(inside: str) -> tuple[str, ...]:
    words = inside.split()
    path = words[0] if words else "vars.name"
    return (
        "a reference is never closed: '}}' is missing",
        f"write ${{{{ {path} }}}}; for the characters themselves, $${{{{",
    )


def _problem(text: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
    if not text:
        return ("a reference is empty", _NO_MORE)
    if _OPERATORS.search(text) or "{" in text:
        return (f"'{text}' is more than a reference", _NO_MORE)
    if not all(_NAME.fullmatch(part) for part in path):
        return (f"'{text}' is no path of names", _NO_MORE)
    return None

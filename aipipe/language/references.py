"""What stands between `${{` and `}}`, and the strings around it."""

import re
from collections.abc import Iterator, Mapping
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
    "bool | int | float | str | Reference | Interpolated"
    " | tuple[Expression, ...] | Mapping[str, Expression] | None"
)
"""A value of the file in which every string with `${{` has been taken apart."""


ROOTS: Final = ("vars", "inputs", "prompt", "steps", "item", "matrix", "run")
_ESCAPED: Final = "$${{"
_OPENING: Final = re.compile(r"\$?\$\{\{")
_END: Final = re.compile(r"\}\}|\$\{\{")
_NAME: Final = re.compile(r"\w[\w-]*")
_OPERATORS: Final = re.compile(r"[|()+*/<>=!?&,'\"{\[]|\s-\s|\s(?:and|or|if|else)\s")
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
    joined: list[str | Reference] = []
    written: list[str] = []
    for part in _parts(text, at, faults):
        if isinstance(part, str):
            written.append(part)
        else:
            joined.extend(["".join(written), part])
            written.clear()
    joined.append("".join(written))
    kept = [part for part in joined if part != ""]
    if len(kept) > 1:
        return Interpolated(tuple(kept))
    return kept[0] if kept else ""


def _parts(text: str, at: Path, faults: list[Fault]) -> Iterator[str | Reference]:
    """Texts and references in turn; the text is gone through once, however many there are."""
    place = 0
    while found := _OPENING.search(text, place):
        yield text[place : found.start()]
        place = found.end()
        if found[0] == _ESCAPED:
            yield "${{"
            continue
        end = _END.search(text, place)
        inside = text[place : end.start() if end else len(text)]
        is_closed = end is not None and end[0] == "}}"
        problem = _problem(inside.strip()) if is_closed else _unclosed(inside)
        if problem is None:
            yield Reference(_path(inside))
        else:
            faults.append(
                Fault(code="reference_syntax", message=problem[0], at=at, hints=problem[1:])
            )
        place += len(inside) + (2 if is_closed else 0)
    yield text[place:]


def _path(inside: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in inside.split("."))


def _unclosed(inside: str) -> tuple[str, ...]:
    path = (inside.split() or ["vars.name"])[0].rstrip("}")
    return (
        "a reference is never closed: '}}' is missing",
        f"write ${{{{ {path} }}}}; for the characters themselves, $${{{{",
    )


def _problem(text: str) -> tuple[str, ...] | None:
    if not text:
        return ("a reference is empty", _NO_MORE)
    if _OPERATORS.search(text):
        return (f"'{text}' is more than a reference", _NO_MORE)
    if not all(_NAME.fullmatch(part) for part in _path(text)):
        return (f"'{text}' is no path of names", _NO_MORE)
    return None

"""The codes that the source text gives to problems, faults and errors."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

PACKAGE = Path(__file__).parents[2] / "aipipe"
REGISTRY = PACKAGE / "contracts" / "codes"
_WORD = re.compile(r"[a-z_]+(\.[a-z_]+)?")
_PASSED_ON = {"code", "told", "kept", "_code"}
"""Names under which a code is handed on that stands as a constant elsewhere; `_code`: a provider's
function, of whose answers only `verdicts.CODES` count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of the whole package before its codes are looked for."""

    trees: Mapping[str, ast.Module]
    constants: Mapping[str, str]
    """Texts that modules give names to."""
    makers: frozenset[str]
    """Functions, and classes, whose first argument is a code."""


def source(folder: Path = PACKAGE) -> Source:
    trees = {
        str(path.relative_to(folder)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
        if REGISTRY not in path.parents
    }
    return Source(
        trees=trees,
        constants=dict(each for tree in trees.values() for each in _constants(tree)),
        makers=frozenset(each for tree in trees.values() for each in _makers(tree)),
    )


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text)))
            ):
                yield name, text


def _makers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) if name != "__init__" and _takes_code(node):
                yield name
            case ast.ClassDef(name=name, body=body) if any(map(_begins_with_code, body)):
                yield name


def _takes_code(function: ast.FunctionDef) -> bool:
    names = [each.arg for each in function.args.args if each.arg != "self"]
    return names[:1] == ["code"]


def _begins_with_code(node: ast.stmt) -> bool:
    """Whether it makes a class that is made from a code: its `__init__`, or its first field."""
    match node:
        case ast.FunctionDef(name="__init__"):
            return _takes_code(node)
        case ast.AnnAssign(target=ast.Name(id="code"), value=None):
            return True
        case _:
            return False


def codes(known: Source) -> dict[str, str]:
    """Every code, with a file that has it."""
    return {
        code: name
        for name, tree in known.trees.items()
        for expression in _expressions(tree, known)
        for code in _said(expression, known.constants)
    }


def hidden(known: Source) -> list[str]:
    """Places that give a code which can't be read off the text."""
    return [
        f"{name}:{expression.lineno}: {ast.unparse(expression)}"
        for name, tree in known.trees.items()
        for expression in _expressions(tree, known)
        if not _is_plain(expression, known.constants)
    ]


def _expressions(tree: ast.Module, known: Source) -> Iterator[ast.expr]:
    """Whatever stands where a code is given."""
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                yield from _given(node, known)
            case ast.Dict(keys=keys, values=values):
                named = zip(keys, values, strict=True)
                yield from (value for key, value in named if key and ast.unparse(key) == "'code'")
            case ast.ClassDef(body=body):
                yield from (each.value for each in body if _is_own_code(each))


def _is_own_code(node: ast.stmt) -> TypeGuard[ast.Assign]:
    match node:
        case ast.Assign(targets=[ast.Name(id="code")]):
            return True
        case _:
            return False


def _given(call: ast.Call, known: Source) -> Iterator[ast.expr]:
    yield from (each.value for each in call.keywords if each.arg == "code")
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    is_maker = name in known.makers or ast.unparse(call.func) == "super().__init__"
    if call.args and is_maker and _is_code(call.args[0], known.constants):
        yield call.args[0]


def _is_code(expression: ast.expr, constants: Mapping[str, str]) -> bool:
    """Whether a first argument is no text for people, and nothing that only has a code's place."""
    match expression:
        case ast.Constant(value=str(text)):
            return _WORD.fullmatch(text) is not None
        case ast.IfExp(body=body, orelse=orelse):
            return _is_code(body, constants) and _is_code(orelse, constants)
        case ast.JoinedStr():
            return " " not in ast.unparse(expression)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in constants
        case _:
            return False


def _said(expression: ast.expr, constants: Mapping[str, str]) -> Iterator[str]:
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _said(body, constants)
            yield from _said(orelse, constants)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in constants:
            yield constants[name]


def _is_plain(expression: ast.expr, constants: Mapping[str, str]) -> bool:
    match expression:
        case ast.Constant():
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return _is_plain(body, constants) and _is_plain(orelse, constants)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in constants or name in _PASSED_ON
        case _:
            return False

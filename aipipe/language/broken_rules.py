"""The rules of a schema that a value breaks, as data of our own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aipipe.contracts.artefact import Json
from aipipe.contracts.step import JsonSchema
from aipipe.language.diagnostics import Path

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """One rule that one value breaks."""

    name: str
    """A word of JSON Schema: `enum`, `required`, `anyOf`, …"""
    limit: Any
    """What the rule says: the values of an `enum`, the schemas of an `anyOf`."""
    schema: Mapping[str, Any]
    """The schema that has the rule."""
    value: Any
    path: Path
    """From the value that was checked (or, inside `ways`, from the one that fits no way)."""
    way: int = 0
    """Which of the schemas of an `anyOf` has the rule."""
    ways: "tuple[BrokenRule, ...]" = ()
    """For `anyOf`: the rules that each of its schemas found broken."""


def broken_rules(value: Json, schema: JsonSchema) -> Iterator[BrokenRule]:
    """The rules that a value and all that is in it break."""
    for error in _validator(_Held(schema)).iter_errors(value):
        yield _rule(error)


def _rule(error: "ValidationError") -> BrokenRule:
    number = error.relative_schema_path[0] if error.relative_schema_path else 0
    return BrokenRule(
        name=str(error.validator),
        limit=error.validator_value,
        schema=error.schema if isinstance(error.schema, Mapping) else {},
        value=error.instance,
        path=tuple(error.relative_path),
        way=number if isinstance(number, int) else 0,
        ways=tuple(_rule(each) for each in error.context or ()),
    )


class _Held:
    """A schema as a key: by its identity, kept alive by being held."""

    def __init__(self, schema: JsonSchema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.schema is self.schema


@lru_cache(maxsize=2_000)
def _validator(held: _Held) -> "Draft7Validator":
    from jsonschema import Draft7Validator  # noqa: PLC0415 (80 ms, for commands that check)

    return Draft7Validator(dict(held.schema))

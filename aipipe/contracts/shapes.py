"""The pieces of the JSON Schema, as `schema` hands them to `language`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aipipe.contracts.step import JsonSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A mapping with known keys. Keys that begin with `x-` are left alone."""

    what: str
    """`a text_to_image step`, `flux_dev`."""
    properties: Mapping[str, JsonSchema]
    required: tuple[str, ...] = ()
    references: bool = False
    """A text with `${{ … }}` may stand in the place of any value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Everything that a pipeline file is checked against, taken apart by what it dispatches on."""

    top: Shape
    chain: Shape
    """A branch without a type."""
    steps: Mapping[str, Shape]
    """By step type; nested steps and `params` are only lists and mappings here."""
    params: Callable[[str, str], Shape | None]
    """By step type and model as written; None: no such model."""
    merges: Mapping[str, Shape]
    splits: Mapping[str, Shape]
    models: Callable[[str], Mapping[str, str]]
    """By step type: every name that may be written, with its price in words (or nothing)."""
    reserved_keys: frozenset[str]
    reserved_types: frozenset[str]

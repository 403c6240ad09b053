"""The pieces of the JSON Schema, in the shape in which a document is checked step by step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aipipe.contracts.step import JsonSchema

LOCAL: Final = "local"
"""The model that names the embedded engine."""

WHOLE_REFERENCE: Final = r"^\$\{\{[^{}]*\}\}$(?!\n)"
"""A string that is one reference and nothing else."""
MATRIX_REFERENCE: Final = r"^\$\{\{\s*matrix\.[^{}]*\}\}$(?!\n)"
"""A string that is one value of a matrix and nothing else."""
HAS_REFERENCE: Final = r"(^|[^$])\$\{\{"
"""A string with a reference somewhere inside."""
ID: Final = r"^[A-Za-z_][A-Za-z0-9_-]*$(?!\n)"
_N = r"[0-9]+(\.[0-9]+)?\s*"
_UNITS = rf"({_N}d\s*)?({_N}h\s*)?({_N}(m|min)\s*)?({_N}(s|sec)\s*)?"
DURATION: Final = rf"^(?=.*[1-9])\s*({_N}|(?=[0-9]){_UNITS})$(?!\n)"
"""`90`, `6s`, `10m`, `1h30m`."""
RATE: Final = r"^\s*[1-9][0-9]*\s*/\s*(s|sec|second|min|minute|h|hour)\s*$(?!\n)"
"""`60/min`."""
PERCENTAGE: Final = r"^\s*([0-9]+(\.[0-9]+)?)\s*%\s*$(?!\n)"
AMOUNT: Final = r"^\s*(\$\s*)?[0-9]+(\.[0-9]+)?\s*$(?!\n)"
"""`2.50`, `$2.50`."""
REFERENCE: Final[JsonSchema] = {
    "title": "a reference",
    "type": "string",
    "pattern": WHOLE_REFERENCE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFragment:
    """One kind of step: its own keys, without the steps inside it and what a choice decides."""

    type: str
    """`chain` for a branch without a type."""
    schema: JsonSchema
    choice: str | None = None
    """The key whose value decides which parameters there are: `model`, `merge_strategy`, …"""
    params_key: str = "params"
    lists: tuple[str, ...] = ()
    """Keys that hold a list of steps."""
    single: str | None = None
    """The key that holds one step."""
    branches: bool = False
    """A step inside may be a chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamsFragment:
    """The parameters that one choice takes. `owner` is what to call it: `hailuo_02`."""

    owner: str
    schema: JsonSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragments:
    """All pieces; those of a single model are made when they are asked for."""

    top: JsonSchema
    """The pipeline itself, with its steps left open."""
    steps: Mapping[str, StepFragment]
    """By type."""
    chain: StepFragment
    params: Callable[[str, str, str | None], ParamsFragment | None]
    """By type, choice and the step's `provider`; None: there is no such choice."""
    choices: Callable[[str], tuple[str, ...]]
    """By type: every name that its choice may be, retired ones left out."""
    note: Callable[[str, str], str]
    """By type and choice: a price such as `$0.08 per 1,000 characters`, or nothing."""
    service: JsonSchema
    """What a file that describes a service may say."""

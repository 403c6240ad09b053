"""What a step type is: its slots, its parameters and its embedded engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import Medium
from aipipe.contracts.tools import Tools

JsonSchema: TypeAlias = Mapping[str, Json]
LocalEngine: TypeAlias = Callable[[Call, Tools], Produced]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One input of a step, filled by `params.<name>`, `input:`, what arrives or what is carried."""

    name: str
    medium: Medium
    summary: str
    required: bool = True
    words: tuple[str, ...] = ()
    """Other parameter names that fill it (`text` for `prompt`, …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepType:
    """A kind of step that calls a model. `STEP` in a file of `aipipe/steps/`.

    `params` maps our words to JSON Schema fragments (each with a `description`); a model may
    narrow them. Slot names are parameters too and need not be repeated. `local` is the
    embedded engine: it makes real media at no cost, and also stands in for any model with
    `--mock`, so it must accept every word of `params`.
    """

    name: str
    summary: str
    slots: tuple[Slot, ...]
    produces: Medium | None
    params: Mapping[str, JsonSchema] = field(default_factory=dict)
    local: LocalEngine | None = None
    local_format: str | None = None
    """The extension that `local` writes unless asked for another; None: the medium's own."""
    heavy: bool = True
    """`local` keeps a processor busy (encodes): at most two such calls run at once."""
    voices: tuple[str, ...] = ()
    """Voices of the embedded engine, for `aipipe voices`; empty where there are none."""

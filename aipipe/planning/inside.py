"""What a used pipeline is given by the step that uses it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aipipe.language.spec import PipelineSpec
from aipipe.planning.scopes import Source


@dataclass(frozen=True, slots=True)
class Used:
    """A pipeline that may be planned where it is used."""

    path: str
    """Absolute."""
    name: str
    """As messages call it."""
    spec: PipelineSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The pipeline that is being planned, seen from outside; by default the run's own."""

    file: str = ""
    """Absolute; nothing: it is the run's own."""
    trail: tuple[Used, ...] = ()
    """The run's own pipeline and those that lead to it, itself last."""
    values: Mapping[str, Source | None] = field(default_factory=dict)
    """Variables whose values are no plain data, or known only when it runs; None: at fault."""
    prompt: Source | None = None
    """Its text, where its file says none."""
    inputs: Source | None = None
    """What arrives at it, where its file says nothing."""
    doubtful: bool = False
    """A step before it is at fault, so what is missing may be its fault."""

"""What a merge is: a way to make one value of a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import Medium
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeStrategy:
    """A value of `merge_strategy`. `MERGE` in a file of `aipipe/merges/`.

    `run` gets `call.inputs["input"]`: a flat tuple in the order written, gaps already
    dropped unless `pairs`, and `call.labels` beside it. `produces` None: what comes in comes
    out (`collect`, `first_success`).
    """

    name: str
    summary: str
    accepts: tuple[Medium, ...]
    """Media that may arrive; empty: any."""
    produces: Medium | None
    run: Callable[[Call, Tools], Produced] | None
    """None for the two that are only bookkeeping: `collect` and `first_success`."""
    params: Mapping[str, JsonSchema] = field(default_factory=dict)
    format: str | None = None
    """The extension written unless asked for another; None: the medium's own."""
    apart: tuple[str, ...] = ()
    """Parameters of which a step may have one at most."""
    one_each: bool = False
    """Exactly one part of each medium that it accepts."""
    pairs: bool = False
    """Places belong together: a gap is an error."""
    captions: bool = False
    """What it makes depends on `call.labels`."""
    captions_by: str | None = None
    """The parameter with which it does; None: it always or never does."""
    picks: bool = False
    """What it gives is one of what comes in."""
    facts: Mapping[str, tuple[Medium, ...]] = field(default_factory=dict)
    """Where `by` says what decides, else a `judge`: its values, and the media that have such a
    fact (empty: all)."""
    heavy: bool = True
    """It is encoding work, and takes its turn."""

    def shows_labels(self, params: Mapping[str, Json]) -> bool:
        """Whether what it makes of these parameters depends on `call.labels`."""
        return self.captions or (
            self.captions_by is not None and bool(params.get(self.captions_by))
        )

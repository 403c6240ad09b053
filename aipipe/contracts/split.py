"""What a split is: a way to make a list of one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import Medium
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitMode:
    """A value of `split_input`'s `mode`. `SPLIT` in a file of `aipipe/splits/`.

    A split of text is a pure function, `text`, so that it can run at plan time; a split of
    other media is `run`, which gets the artefact as `call.inputs["input"]`. Exactly one of
    the two is set.
    """

    name: str
    summary: str
    accepts: Medium
    produces: Medium
    also: tuple[Medium, ...] = ()
    """What it takes besides."""
    params: Mapping[str, JsonSchema] = field(default_factory=dict)
    text: Callable[[str, Mapping[str, Json]], tuple[Json, ...]] | None = None
    """The parts of a text: strings, or for `rows` mappings of columns.
    Raises ValueError with a message for the user."""
    run: Callable[[Call, Tools], Produced] | None = None
    heavy: bool = False

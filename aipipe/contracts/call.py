"""One call to a plug-in, as plain data that can travel to where it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.media import Medium
from aipipe.contracts.service import Service
from aipipe.contracts.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRequest:
    """What the caller wants back."""

    medium: Medium | None
    extension: str | None
    """Without the dot; the plug-in writes this format where it can, else the export converts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an output came from, for the tags inside its published copy."""

    pipeline: str
    step: str
    model: str
    provider: str
    mock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A call in the words of its endpoint, by the catalogue. Files and texts are not in it."""

    path: Mapping[str, Json] = field(default_factory=dict)
    """By the names that stand in braces in the endpoint's path."""
    query: Mapping[str, Json] = field(default_factory=dict)
    body: Mapping[str, Json] = field(default_factory=dict)
    """By name; dots lead into nested objects: `voice_settings.speed`."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Where each input goes, named as in `body`; `[]` at the end: into a list."""
    results: tuple[str, ...] = ()
    """Where the answer has what was made: `images[].url`; empty: the answer itself is it."""
    seed: str | None = None
    """The endpoint's name for a seed, where it takes one and none is given."""
    most_seed: int = (1 << 31) - 1
    most_characters: int | None = None
    """Of each text that is an input; None: it is not known, or not told."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """USD for a million tokens by kind (`text_in`, `image_out`), or of `seconds` that are heard,
    where it is billed so; no part of what is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Everything a plug-in needs to know; bytes stay in the store."""

    task: str
    """The path of the task: `pictures.2`, `voices[17].clip`."""
    plugin: str
    """`step:NAME` (its embedded engine), `merge:NAME`, `split:NAME` or `provider:NAME`."""
    type: str
    """The step type."""
    model: str
    """The catalogue's name; with a mock, the name of the model whose place is taken."""
    endpoint: str = ""
    params: Mapping[str, Json] = field(default_factory=dict)
    """Our words, resolved. Only what the file says: a plug-in knows its own defaults."""
    raw: Mapping[str, Json] = field(default_factory=dict)
    """Wire parameters, passed on as they are."""
    wire: Wire | None = None
    """None: the catalogue does not know the endpoint (or nothing is sent)."""
    service: Service | None = None
    """Of an endpoint that is a file: what it describes."""
    workflow: Workflow | None = None
    """Of an endpoint that is a graph in a file: that graph, and the names in it."""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    """By slot: a string (text), an `ArtefactRef`, or a tuple of them with None for gaps.
    Merges and splits have the one slot `input`."""
    labels: tuple[str, ...] = ()
    """For a merge: what to call each place of the flattened `input`, gaps included."""
    output: OutputRequest
    provenance: Provenance
    attempt: int = 1
    occurrence: int = 1
    """Which of the equal calls of a pipeline it is: as many results are wanted."""
    reusable: bool = True
    """An earlier result may stand in for it (`cache: false`: never)."""
    anew: bool = False
    """Only a result of this very run may stand in for it (`--fresh`, `--redo`)."""
    generation: str = ""
    """Of a call that is made anew, the run: no earlier run's seed may give the same again."""
    rebuilt: bool = False
    """Built again from the ledger, which keeps no `params`, `raw` and `inputs`: they are empty,
    and `output` asks for no format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A remote job that a provider accepted: all that is needed to ask for it again."""

    provider: str
    id: str
    data: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a provider said that a call cost, in nano-dollars; `computed` if it said nothing."""

    nano_usd: int
    computed: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """The finished outputs of a call, in the order in which they were asked for."""

    artefacts: tuple[ArtefactRef, ...] = ()
    values: tuple[Value, ...] | None = None
    """Plain values in the place of artefacts: the parts of a text, the rows of a table."""
    receipt: Receipt | None = None
    notes: tuple[str, ...] = ()
    """What the user should know of how they came about."""
    warnings: tuple[str, ...] = ()

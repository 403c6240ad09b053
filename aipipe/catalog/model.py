"""What the catalogue knows of a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from aipipe.contracts.artefact import Json
from aipipe.contracts.media import Medium
from aipipe.contracts.step import JsonSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelParam:
    """One of our words, as this model takes it."""

    word: str
    schema: JsonSchema
    """Of our word: type, enum or bounds, `default` (what the endpoint does when it is not sent),
    `description`."""
    wire: str
    """The endpoint's own name, dotted for nested bodies: `voice_settings.speed`; `{voice_id}`
    stands in the path, `?output_format` in the query. Two words may share one, as two ways to say
    the same (`size`, `aspect_ratio`): a step gives one of them."""
    values: Mapping[str, Json] = field(default_factory=dict)
    """Our value (as a string) to the endpoint's, where the two differ: `6` to `"6"`."""
    required: bool = False
    always: bool = False
    """The default is sent too, unless another word of the same wire name is given: what the
    endpoint does without it is not known."""
    factor: int = 1
    """What our number is multiplied by on the wire: 1000 for milliseconds."""
    file: Medium | None = None
    """The value is a file of this medium (a path or an address)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price list entry. `usd` is for one `unit`; None: unknown, unless `rules` has it.

    `unit`: `image`, `megapixel`, `second`, `minute`, `video`, `1k_chars`, `1m_tokens`,
    `request`, `gpu_second`. `by` names the words whose values choose among `rules`
    (joined with `|`, `*` for any).
    """

    unit: str
    usd: Decimal | None
    by: tuple[str, ...] = ()
    rules: Mapping[str, Decimal] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    """What else the arithmetic of this unit needs; amounts are texts.

    `unbounded`: it may come to more; `round_up`: each image to whole megapixels; `extra_usd`:
    each megapixel after the first; `counts_input`: megapixels of the arriving picture too;
    `times_up_to`: a word that multiplies the most there may be; `surcharges`: `word=value` to
    USD an image; `seconds`: the length of every clip; `frames`: a second, and `margin`, for
    videos billed by tokens; `tokens`: kind to USD a million; `tokens_second`: of speech;
    `about_usd_second`: what a video's come to.
    """
    as_of: str | None = None
    """`2026-04`, `2026-11-24` where its provider has told it, or None: undated."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """A model that can no longer be called, and what takes its place."""

    replacement: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One endpoint of one provider. `types` are the step types it serves, the main one first."""

    name: str
    aliases: tuple[str, ...] = ()
    types: tuple[str, ...]
    provider: str
    endpoint: str
    medium: Medium
    formats: tuple[str, ...]
    """Extensions it can write, its default first."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slot to wire name: `image` to `start_image_url`."""
    params: Mapping[str, ModelParam] = field(default_factory=dict)
    """By our word, slots excluded."""
    format_param: ModelParam | None = None
    """How the endpoint is told the format, `values` by extension; None: it can't be told."""
    fixed: Mapping[str, Json] = field(default_factory=dict)
    """Wire name to what is sent with every call: the endpoint's own name of the model."""
    results: tuple[str, ...] = ()
    """Where the answer has what was made: `images[].url`; empty: the body itself is it."""
    price: Price
    max_characters: int | None = None
    """Of the text slot, in one call."""
    ends: date | None = None
    """Announced by its provider; it still works until then."""
    retired: Retirement | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice that a provider knows by name."""

    name: str
    provider: str
    id: str
    note: str = ""
    """Said beside it in lists."""
    notice: str = ""
    """Said to whoever uses it, as its name is likely to be taken for another voice's."""

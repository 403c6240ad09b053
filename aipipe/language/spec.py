"""A pipeline as written, typed: what the schema promises, taken at its word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.contracts.in_flight import Running
from aipipe.language.conditions.tree import Condition
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression


class OnError(StrEnum):
    """What a failure of a step does to the rest."""

    FAIL = "fail"
    CONTINUE = "continue"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often a call that may safely be sent again is sent, and how long between (seconds)."""

    max_attempts: int = 3
    delay: float = 1.0
    max_delay: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`concurrency` jobs at once, `rate` starts per `per` seconds."""

    concurrency: int | None = None
    rate: int | None = None
    per: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`limits:` at the top."""

    max_workers: int | None = None
    providers: Mapping[str, Limit] = field(default_factory=dict)
    models: Mapping[str, Limit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Var:
    """A variable. `value` is its default, or what `--var` put in its place; None: not given."""

    name: str
    type: str | None
    """`string`, `number`, `integer`, `boolean`, `list` or None for any."""
    value: Json
    at: Path
    choices: tuple[Json, ...] = ()
    """All that it may be; nothing: anything of its type."""
    folder: str | None = None
    """Absolute: what a file that it names is relative to; None: the pipeline's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`matrix:` of a step: named lists, and the combinations that are left out."""

    at: Path
    axes: Mapping[str, Expression] = field(default_factory=dict)
    exclude: tuple[Mapping[str, Expression], ...] = ()
    named: frozenset[str] = frozenset()
    """What references in the step name of it, those too that are at fault otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every step may say."""

    at: Path
    """Where the step stands in the document."""
    type: str
    id: str | None = None
    name: str | None = None
    needs: tuple[str, ...] | None = None
    input: Expression = None
    """None: not written."""
    enabled: Expression = True
    on_error: OnError | None = None
    """None: not written (the group's, else `fail`)."""
    matrix: Matrix | None = None
    repeat: Expression = None
    """How often it is made; None: not written."""
    when: Condition | None = None
    """It is skipped unless this is true; None: it always runs."""
    approve: str | None = None
    """What a person is asked before it begins, or nothing but its name; None: nobody is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStep(Common):
    """A step that calls a model."""

    model: str
    provider: str | None = None
    params: Mapping[str, Expression] = field(default_factory=dict)
    raw: Mapping[str, Expression] = field(default_factory=dict)
    price: Decimal | None = None
    """USD a call, for an endpoint whose price is not in the catalogue."""
    retry: Retry | None = None
    timeout: float | None = None
    """Seconds."""
    cache: bool = True
    fallback: tuple[str, ...] = ()
    """Models that take the place of one that failed, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeStep(Common):
    """`merge_outputs`."""

    strategy: str
    params: Mapping[str, Expression] = field(default_factory=dict)
    judge: "StepSpec | None" = None
    """What is asked about each part, to choose one of them."""
    scores: Expression = None
    """What it said of each; never written, but filled in when a judge is written out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitStep(Common):
    """`split_input`."""

    mode: str
    params: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep(Common):
    """A branch that is a chain: `{id, steps: […]}`. Its `type` is `chain`."""

    steps: "tuple[StepSpec, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStep(Common):
    """`parallel_group`."""

    branches: "tuple[StepSpec, ...]"
    branches_key: str = "parallel_steps"
    """The key under which they were written: `parallel_steps` or `steps`."""
    race: Running | None = None
    """What becomes of the others in flight once one has succeeded; None: it is no race."""
    max_workers: int | None = None
    max_failures: int | str | None = None
    """A number, or `"20%"` of the branches that are switched on."""
    min_success: int | None = None
    merge_strategy: str | None = None
    merge_params: Mapping[str, Expression] = field(default_factory=dict)
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStep(Common):
    """`batch_parallel`."""

    steps: "tuple[StepSpec, ...]"
    """The chain for each item; `step_template` is a chain of one."""
    is_template: bool
    """Written as `step_template`: the item's path ends at the item."""
    batch_size: int | None = None
    inputs: Expression = None
    """A list of literals, or one string such as `rows.csv`; None: what arrives."""
    as_name: str | None = None
    max_failures: int | str | None = None
    """A number, or `"20%"` of the items."""
    min_success: int | None = None
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStep(Common):
    """`pipeline`: another pipeline as one step."""

    uses: str
    """Its file, relative to the one that the step stands in."""
    given: Mapping[str, Expression] = field(default_factory=dict)
    """`with:` what its variables are; `prompt` is its prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenStep(Common):
    """A step that is at fault; it keeps its id, so that its readers are not at fault too."""


StepSpec: TypeAlias = (
    ModelStep
    | MergeStep
    | SplitStep
    | ChainStep
    | GroupStep
    | BatchStep
    | PipelineStep
    | BrokenStep
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSpec:
    """A whole file, with what the command line put in its place."""

    name: str
    file: str
    """As the user named it, for messages."""
    folder: str
    """Absolute: what inputs named in the file are relative to."""
    description: str = ""
    prompt: str | None = None
    inputs: tuple[Json, ...] | None = None
    """`input:` or `inputs:`, as literals; None: not given."""
    inputs_folder: str = ""
    """Absolute: what `inputs` are relative to."""
    inputs_from_command: bool = False
    """They came from `--input`: relative to the working directory, always paths or URLs."""
    vars: Mapping[str, Var] = field(default_factory=dict)
    budget: Decimal | None = None
    limits: Limits = field(default_factory=Limits)
    retry: Retry = field(default_factory=Retry)
    timeout: float | None = None
    on_error: OnError = OnError.FAIL
    output_dir: str | None = None
    save_intermediates: bool = True
    """False: only what the last step makes is put into the output folder."""
    tags: bool = True
    steps: tuple[StepSpec, ...] = ()
    outputs: Mapping[str, Expression] = field(default_factory=dict)
    """What it gives, by name; the first is its value. Nothing: what the last step gives."""

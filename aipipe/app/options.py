"""What a command asks for, whoever asks: the command line or the Python API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from aipipe.language.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The choices of one run. Amounts in USD, times in seconds."""

    file: str
    prompt: str | None = None
    inputs: tuple[str, ...] = ()
    vars: Mapping[str, str] = field(default_factory=dict)
    output_dir: str | None = None
    only: tuple[str, ...] = ()
    mock: bool = False
    max_cost: Decimal | None = None
    unknown_price: Decimal | None = None
    """For a call whose price is unknown."""
    partial: bool = False
    max_workers: int | None = None
    time_limit: float | None = None
    strict: bool = False
    overwrite: bool = False
    fresh: bool = False
    """New results of everything, whatever was made before."""
    redo: tuple[str, ...] = ()
    """New results of these steps, whatever was made before."""
    approve: tuple[str, ...] = ()
    """Steps that somebody has agreed to; globs."""
    new_run: bool = False
    """Another run, even where this command has one that is not finished."""
    unconfirmed: str = "fail"
    """What becomes of a call that may have been paid for: `fail`, `skip`, or `retry`."""
    unconfirmed_max: Decimal | None = None
    """The most that such calls may cost together, if they are sent again; None: any."""
    rebuy: bool = False
    """Buy again what was paid for and is gone."""
    retry_refused: bool = False
    """Send calls again that moderation refused."""
    asks: bool = False
    """A person is there to be asked about the cost, so that no cap is made up."""
    environment: Mapping[str, str] = field(default_factory=dict)
    env_file: str | None = None
    """The file in which keys may stand as well; None: no file is looked for."""
    notices: tuple[Diagnostic, ...] = ()
    """What was noticed in it, to be told with what is noticed in the pipeline."""

"""Everything that is decided before a run: read, checked, planned, priced.

Writes nothing but the files that it downloads, into the store.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from aipipe.app.check import checked_plan
from aipipe.app.downloads import Downloads, downloaded
from aipipe.app.forecasting import look_back
from aipipe.app.gate import day_cap, gate
from aipipe.app.options import Options
from aipipe.app.setting import Setting, setting
from aipipe.language.diagnostics import Diagnostic
from aipipe.planning.approving import check_approved
from aipipe.planning.estimate import Estimate, estimate
from aipipe.planning.plan import Plan
from aipipe.planning.select import check_redo
from aipipe.running import amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A plan that may run. `cap` is in USD; None: no cap."""

    plan: Plan
    estimate: Estimate
    diagnostics: tuple[Diagnostic, ...]
    options: Options
    output: Path
    home: Path
    cap: Decimal | None
    day_cap: Decimal | None
    """USD that all runs of a day (UTC) may cost together; None: no cap."""
    continues: str | None
    """The run that is gone on with; None: a new one begins."""
    known: frozenset[str]
    """The keys of calls that an earlier one is foreseen to stand in for."""
    already: Decimal
    """USD that its earlier processes have spent, or may have."""
    fresh: bool
    """Everything is made anew (once: what this run has made stands)."""
    setting: Setting
    downloads: Downloads
    """The user's files that are at addresses."""


def _untold(_words: str) -> None:
    """Nobody listens."""


def prepare(
    options: Options, world: Setting | None = None, tell: Callable[[str], None] = _untold
) -> Prepared:
    """A plan that is ready to run; `tell` hears what takes a while.

    Raises:
        PipelineFaultsError: the file has errors.
        UsageError: a key is missing, a file is in the way or can't be downloaded, an option does
            not fit.
        CapError: the likely cost is above the cap.
    """
    place = home(options.environment)
    world = world or setting(place)
    plan, checked = checked_plan(options, world)
    if options.redo:
        check_redo(plan, options.redo)
    check_approved(plan, options.approve)
    output = Path(options.output_dir or plan.output_dir)
    if plan.mock:
        output /= "mock"
    plan = replace(plan, output_dir=str(output))
    downloads = downloaded(plan, place, tell)
    before = look_back(plan, options, world, place, output, downloads=downloads)
    priced = estimate(plan, before.forecast)
    already = amounts.usd(before.already)
    cap = gate(plan, priced, options, output, world, already=already)
    return Prepared(
        plan=plan,
        estimate=priced,
        diagnostics=checked.diagnostics,
        options=options,
        output=output,
        home=place,
        cap=cap,
        day_cap=day_cap(options.environment),
        continues=None if before.run is None else before.run.id,
        known=before.known,
        already=already,
        fresh=options.fresh or before.fresh,
        setting=world,
        downloads=downloads,
    )


def home(environment: Mapping[str, str]) -> Path:
    """The folder that holds the store: `AIPIPE_HOME`, else the platform's place for data."""
    named = environment.get("AIPIPE_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path  # noqa: PLC0415 (needed by runs alone)

    return user_data_path("aipipe", appauthor=False)

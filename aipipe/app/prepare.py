"""Everything that is decided before a run: read, checked, planned, priced. Writes nothing."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from aipipe import schema
from aipipe.app import discover
from aipipe.app.files import DiskFiles
from aipipe.app.gate import gate
from aipipe.app.options import Options
from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.fragments import Fragments
from aipipe.contracts.registry import Registry
from aipipe.errors import PipelineFaultsError
from aipipe.language import building, checking, reader
from aipipe.language.building import Overrides
from aipipe.language.diagnostics import Diagnostic, Fault, Severity
from aipipe.language.document import Document
from aipipe.planning.context import Context
from aipipe.planning.estimate import Estimate, estimate
from aipipe.planning.plan import Plan
from aipipe.planning.planner import plan as plan_of
from aipipe.planning.select import selected


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The world that a pipeline is prepared in."""

    registry: Registry
    catalog: Catalog
    fragments: Fragments
    today: Callable[[], date] = date.today


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file with all that is wrong with it. `plan` None: it has errors."""

    diagnostics: tuple[Diagnostic, ...]
    plan: Plan | None
    document_name: str


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
    setting: Setting


def setting() -> Setting:
    """The package's own plug-ins and catalogue, today."""
    return setting_of(discover.registry(), discover.catalog())


def setting_of(registry: Registry, catalog: Catalog) -> Setting:
    """A world of these plug-ins and this catalogue."""
    pieces = schema.fragments(registry, catalog)
    return Setting(registry=registry, catalog=catalog, fragments=pieces)


def check(options: Options, world: Setting | None = None) -> Checked:
    """Everything that is wrong with a file, and its plan if nothing is.

    Raises:
        UsageError: the file can't be read.
    """
    world = world or setting()
    try:
        document = reader.read(options.file)
    except PipelineFaultsError as error:
        faults = tuple(f for f in error.faults if isinstance(f, Diagnostic))
        return Checked(diagnostics=faults, plan=None, document_name=options.file)
    return _checked(document, options, world)


def prepare(options: Options, world: Setting | None = None) -> Prepared:
    """A plan that is ready to run.

    Raises:
        PipelineFaultsError: the file has errors.
        UsageError: a key is missing, a file is in the way, an option does not fit.
        CapError: the likely cost is above the cap.
    """
    world = world or setting()
    checked = check(options, world)
    if checked.plan is None or _is_strictly_bad(checked, options):
        raise PipelineFaultsError(checked.diagnostics)
    plan = checked.plan
    priced = estimate(plan)
    output = Path(options.output_dir or plan.output_dir)
    if plan.mock:
        output /= "mock"
    plan = replace(plan, output_dir=str(output))
    cap = gate(plan, priced, options, output, world.registry)
    return Prepared(
        plan=plan,
        estimate=priced,
        diagnostics=checked.diagnostics,
        options=options,
        output=output,
        home=home(options.environment),
        cap=cap,
        setting=world,
    )


def home(environment: Mapping[str, str]) -> Path:
    """The folder that holds the store: `AIPIPE_HOME`, else the platform's place for data."""
    named = environment.get("AIPIPE_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path  # noqa: PLC0415 (needed by runs alone)

    return user_data_path("aipipe", appauthor=False)


def _is_strictly_bad(checked: Checked, options: Options) -> bool:
    return options.strict and any(each.severity is Severity.WARNING for each in checked.diagnostics)


def _checked(document: Document, options: Options, world: Setting) -> Checked:
    faults = checking.faults(document.data, world.fragments)
    if not isinstance(document.data, dict):
        found = document.locate(faults)
        return Checked(diagnostics=found, plan=None, document_name=document.name)
    overrides = Overrides(
        prompt=options.prompt,
        inputs=options.inputs or None,
        vars=options.vars,
    )
    folder = str(Path(options.file).resolve().parent)
    spec, more = building.spec(
        document.data,
        file=options.file,
        folder=folder,
        command_folder=str(Path.cwd()),
        broken=[fault.at for fault in faults],
        overrides=overrides,
    )
    faults = [*faults, *_new(more, faults)]
    context = Context(
        spec=spec,
        registry=world.registry,
        catalog=world.catalog,
        files=DiskFiles(world.registry),
        today=world.today(),
        mock=options.mock,
        default_workers=options.max_workers or 32,
    )
    plan, found = plan_of(context)
    faults = [*faults, *_new(found, faults)]
    bad = any(fault.severity is Severity.ERROR for fault in faults)
    if plan is not None and not bad and options.only:
        plan = replace(plan, only=selected(plan, options.only))
    return Checked(
        diagnostics=document.locate(faults),
        plan=None if bad else plan,
        document_name=os.fspath(options.file),
    )


def _new(found: list[Fault], known: list[Fault]) -> list[Fault]:
    """Faults at places where nothing is known to be wrong yet, each once."""
    errors = [fault for fault in known if fault.severity is Severity.ERROR]
    fresh = dict.fromkeys(found)
    return [fault for fault in fresh if not any(_covers(error, fault) for error in errors)]


def _covers(known: Fault, fault: Fault) -> bool:
    shorter = min(len(known.at), len(fault.at))
    return shorter > 0 and known.at[:shorter] == fault.at[:shorter] and len(known.at) >= shorter

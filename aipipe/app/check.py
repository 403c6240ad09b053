"""A file with all that is wrong with it, and its plan where nothing is. Writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aipipe.app import prices
from aipipe.app.files import DiskFiles
from aipipe.app.late_values import late_faults
from aipipe.app.options import Options
from aipipe.app.setting import Setting, setting
from aipipe.errors import PipelineFaultsError
from aipipe.language import building, checking, reader
from aipipe.language.building import Overrides
from aipipe.language.diagnostics import Diagnostic, Fault, Severity
from aipipe.language.document import Document
from aipipe.language.earlier.modern import modern
from aipipe.language.parts import Part, fresh
from aipipe.planning.context import Context
from aipipe.planning.plan import Plan
from aipipe.planning.planner import plan as plan_of
from aipipe.planning.select import selected


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in a file. `plan` None: it has errors."""

    diagnostics: tuple[Diagnostic, ...]
    plan: Plan | None

    @property
    def warned(self) -> bool:
        """Whether there are warnings, which count with `--strict`."""
        return any(each.severity is Severity.WARNING for each in self.diagnostics)


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
        return Checked(diagnostics=faults, plan=None)
    understood, told = modern(document, world.fragments)
    checked = _checked(understood, options, world)
    return replace(checked, diagnostics=(*told, *checked.diagnostics)) if told else checked


def checked_plan(options: Options, world: Setting | None = None) -> tuple[Plan, Checked]:
    """The plan of a file without errors, and what else is to be told.

    Raises:
        PipelineFaultsError: the file has errors, or warnings with `strict`.
        UsageError: the file can't be read.
    """
    world = world or setting()
    checked = check(options, world)
    if checked.plan is None or (options.strict and checked.warned):
        raise PipelineFaultsError(checked.diagnostics)
    told = (
        *options.notices,
        *world.notices,
        *checked.diagnostics,
        *prices.told(checked.plan, world.listed),
    )
    return checked.plan, replace(checked, diagnostics=told)


def _checked(document: Document, options: Options, world: Setting) -> Checked:
    faults = checking.faults(document.data, world.fragments)
    if not isinstance(document.data, dict):
        return Checked(diagnostics=document.locate(faults), plan=None)
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
    faults = [*faults, *fresh(more, faults)]
    context = Context(
        spec=spec,
        registry=world.registry,
        catalog=world.catalog,
        files=DiskFiles(world.registry),
        today=world.today(),
        mock=options.mock,
        default_workers=options.max_workers or 32,
        service_schema=world.fragments.service,
        fragments=world.fragments,
    )
    plan, found = plan_of(context)
    used = {part.path: part for part in context.parts.values() if part is not None}
    faults += [fault for part in used.values() for fault in part.faults]
    told = set(faults)
    faults += fresh([each for each in found if each not in told], faults)
    if plan is not None:
        data = {"": document.data, **{path: part.data for path, part in used.items()}}
        faults += dict.fromkeys(late_faults(plan, data, world.fragments))
    bad = any(fault.severity is Severity.ERROR for fault in faults)
    if plan is not None and not bad and options.only:
        plan = replace(plan, only=selected(plan, options.only))
    located = (*context.elsewhere, *_located(faults, used), *document.locate(_of("", faults)))
    return Checked(diagnostics=located, plan=None if bad else plan)


def _located(faults: list[Fault], used: Mapping[str, Part]) -> Iterator[Diagnostic]:
    """The faults in the files of other pipelines, in the order in which those are used."""
    for path, part in used.items():
        yield from part.document.locate(_of(path, faults))


def _of(file: str, faults: list[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.file == file]

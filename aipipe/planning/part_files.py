"""The pipeline that a step uses: found, read once, and kept from using itself."""

import os
from pathlib import PurePath

from aipipe.errors import PipelineFaultsError
from aipipe.language.diagnostics import Diagnostic, Path
from aipipe.language.parts import Part, read_part
from aipipe.language.spec import PipelineStep
from aipipe.language.suggestions import did_you_mean, one_of
from aipipe.planning.context import Context
from aipipe.planning.inside import Used
from aipipe.planning.literals import absolute, read_text
from aipipe.planning.scopes import Scope, outwards

DEEPEST = 16
"""Pipelines inside each other."""
DEEPEST_SCOPES = 100
"""Chains, groups and batches around a use, in all files."""
MOST = 10_000
"""Uses in one run."""


def used(step: PipelineStep, scope: Scope, context: Context) -> Used | None:
    """The pipeline that a step uses; None: it is at fault (and noted)."""
    at = (*step.at, "uses")
    path = absolute(step.uses, context.spec.folder)
    name = os.path.normpath(PurePath(context.spec.file).parent / step.uses)
    if not _may_be_used(path, name, scope, at, context) or not _is_there(path, name, at, context):
        return None
    if path not in context.parts:
        text = read_text(path, name, at, context)
        if text is None:
            return None
        context.parts[path] = _read(text, path, name, context)
    part = context.parts[path]
    if part is None:
        message = f"the pipeline '{name}' can't be used"
        context.fault("part", message, at, "what is wrong with it is told there")
        return None
    return None if part.spec is None else Used(path, part.spec.file, part.spec)


def trail(context: Context) -> tuple[Used, ...]:
    """The run's own pipeline, and those that lead to the one that is being planned."""
    if context.inside.trail:
        return context.inside.trail
    own = context.spec
    return (Used(absolute(PurePath(own.file).name, own.folder), own.file, own),)


def _may_be_used(path: str, name: str, scope: Scope, at: Path, context: Context) -> bool:
    around = trail(context)
    names = [*(each.name for each in around), name]
    again = next((index for index, each in enumerate(around) if each.path == path), None)
    if again is not None:
        circle = " → ".join(names[again:])
        context.fault("part_cycle", f"these pipelines use each other: {circle}", at)
        return False
    if len(around) > DEEPEST or len(list(outwards(scope))) > DEEPEST_SCOPES:
        message = "pipelines and their groups are too deep inside each other"
        context.fault("too_many_parts", message, at, " → ".join(names))
        return False
    context.uses.append(path)
    if len(context.uses) == MOST + 1:
        context.fault("too_many_parts", f"pipelines are used more than {MOST:,} times", at)
    return len(context.uses) <= MOST


def _is_there(path: str, name: str, at: Path, context: Context) -> bool:
    found = context.files.kind(path)
    if found == "file":
        return True
    if found == "folder":
        context.fault("is_a_folder", f"'{name}' is a folder, not a pipeline file", at)
        return False
    folder = PurePath(path).parent
    beside = context.files.glob(str(folder / "*.y*ml"))
    names = [str(PurePath(name).parent / PurePath(each).name) for each in beside]
    hints = did_you_mean(name, names) or ((f"there are: {one_of(names)}",) if names else ())
    context.fault("missing_file", f"there is no file '{name}'", at, f"looked in {folder}", *hints)
    return False


def _read(text: str, path: str, name: str, context: Context) -> Part | None:
    """A part, with the faults of its shape noted; None: it is no pipeline, and why is noted."""
    if context.fragments is None:
        return None
    folder = str(PurePath(path).parent)
    try:
        part = read_part(text, name=name, path=path, folder=folder, fragments=context.fragments)
    except PipelineFaultsError as error:
        context.elsewhere.extend(each for each in error.faults if isinstance(each, Diagnostic))
        return None
    context.faults.extend(part.faults)
    context.elsewhere.extend(part.told)
    return part

"""`aipipe validate`: every fault of one or more files, at once."""

import json as json_text
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from aipipe.app.options import Options
from aipipe.cli import annotations, diagnostics, flags
from aipipe.cli.request import request
from aipipe.cli.screen import Screen, format_of, screen
from aipipe.cli.text import clean, count
from aipipe.errors import ExitCode, UsageError
from aipipe.language.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from aipipe.app.check import Checked
    from aipipe.planning.plan import Plan

EXAMPLES = """\
aipipe validate voices.yaml
aipipe validate pipelines/*.yaml --strict      warnings count as errors
aipipe validate voices.yaml --format github    annotations in a GitHub workflow
aipipe validate voices.yaml --json             a list of every fault"""

_FORMATS = ("table", "json", "github")


def command(  # noqa: PLR0913 (the command's options)
    *,
    pipelines: flags.Files,
    prompt: flags.Prompt = None,
    inputs: flags.Inputs = None,
    var: flags.Vars = None,
    strict: flags.Strict = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> int:
    """Check pipelines without running them: every fault, with its place and what to do.

    Exit code 0: no errors; 2: errors, or with --strict also warnings.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color, quiet=quiet, verbose=verbose)
    options = request("", prompt=prompt, inputs=inputs, var=var, strict=strict)
    files = {file: _check(replace(options, file=file)) for file in pipelines}
    found = [each for checked in files.values() for each in checked.diagnostics]
    match form:
        case "json":
            on.print(json_text.dumps([annotations.as_json(each) for each in found], indent=2))
        case "github":
            on.print("\n".join(annotations.github(found)))
        case _:
            _print(files, found, on, strict=strict)
    return ExitCode.USAGE if _is_bad(found, strict=strict) else ExitCode.OK


def _check(options: Options) -> "Checked":
    """What is wrong with a file, also where it can't even be read."""
    from aipipe.app.check import Checked, check  # noqa: PLC0415 (heavy: help goes without)

    try:
        return check(options)
    except UsageError as error:
        unreadable = Diagnostic(
            severity=Severity.ERROR,
            code=error.code,
            message=error.message,
            file=options.file,
            hints=error.hints,
        )
        return Checked(diagnostics=(unreadable,), plan=None)


def _is_bad(found: Sequence[Diagnostic], *, strict: bool) -> bool:
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(each.severity in bad for each in found)


def _print(
    files: "Mapping[str, Checked]", found: Sequence[Diagnostic], on: Screen, *, strict: bool
) -> None:
    for file, checked in files.items():
        if checked.diagnostics:
            on.print(diagnostics.render(checked.diagnostics, on.out))
        if checked.plan is not None and not _is_bad(checked.diagnostics, strict=strict):
            if not on.quiet:
                on.print(_fine(file, checked.plan, on))
        elif len(files) > 1 or len(checked.diagnostics) > 1:
            on.print("")
    if _is_bad(found, strict=strict):
        on.print(diagnostics.closing(found, strict=strict))


def _fine(file: str, plan: "Plan", on: Screen) -> str:
    tasks = list(plan.tasks)
    times = [task.times for task in tasks]
    calls = [each for each in times if each is not None]
    most = (
        f"{count(sum(calls), 'call')} at most"
        if len(calls) == len(times)
        else "any number of calls"
    )
    return (
        f"{on.out.paint('bold green', 'ok:')} {clean(file)} · {count(len(tasks), 'step')}, {most}"
    )

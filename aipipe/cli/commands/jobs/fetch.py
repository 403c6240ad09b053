"""`aipipe jobs fetch`: results of open calls, brought home."""

import os
from pathlib import Path
from typing import Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.environment import environment
from aipipe.cli.screen import format_of, screen
from aipipe.errors import UsageError

EXAMPLES = """\
aipipe jobs fetch --all                    ask for each job once, fetch what is made
aipipe jobs fetch --all --wait -o results  wait for all of them; copies go to results/
aipipe jobs fetch 7 9
aipipe jobs fetch 7 --job-id 3f2a          unconfirmed call 7 is this job of its provider's"""

_FORMATS = ("table", "json", "csv")

Calls = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CALL",
        help="Numbers of calls, as jobs list has them.",
        autocompletion=completion.jobs,
        show_default=False,
    ),
]
All = Annotated[bool, flags.option("--all", help="All that are open.", panel=flags.CHOICE)]
JobId = Annotated[
    str | None,
    flags.option(
        "--job-id",
        metavar="ID",
        help="Which job of its provider's an unconfirmed call is.",
        panel=flags.CHOICE,
    ),
]
Wait = Annotated[
    bool, flags.option("--wait", help="Until the jobs end; Ctrl-C loses nothing.", panel="Time")
]
Copies = Annotated[
    str | None,
    flags.option(
        "-o",
        "--output-dir",
        metavar="FOLDER",
        help="Copy results there too, as TASK-N.EXTENSION; replaces no file.",
        panel=flags.OUTPUT,
    ),
]


def command(  # noqa: PLR0913 (the command's options)
    ctx: typer.Context,
    *,
    calls: Calls = None,
    every: All = False,
    job_id: JobId = None,
    wait: Wait = False,
    env_file: flags.EnvFile = None,
    no_env_file: flags.NoEnvFile = False,
    output_dir: Copies = None,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
    quiet: flags.Quiet = False,
) -> int:
    """Bring results of open calls home, without running the pipeline and without paying again.

    They are kept as a run keeps them: the same pipeline takes them from there, at $0.00. A call
    of a run that is alive is left to it. An unconfirmed call is looked for at its provider.

    Exit code 0: all are home; 1: some failed; 4: some are still unconfirmed; 5: some still go on;
    130: interrupted.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color, quiet=quiet)
    _check(calls or [], job_id, every=every)
    from aipipe.app.discover import registry  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.fetching_jobs import Asked  # noqa: PLC0415 (the same)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)
    from aipipe.cli.bringing import perform  # noqa: PLC0415 (the same)
    from aipipe.cli.checked import tell  # noqa: PLC0415 (the same)
    from aipipe.cli.commands.jobs.data import numbers  # noqa: PLC0415 (the same)

    around = environment(ctx, env_file, no_file=no_env_file)
    tell(around.notices, on)
    asked = Asked(
        home=home(os.environ),
        calls=numbers(calls or []),
        waits=wait,
        job_id=job_id,
        folder=None if output_dir is None else Path(output_dir),
        environment=around.variables,
    )
    return perform(asked, registry(), form, on)


def _check(calls: list[str], job_id: str | None, *, every: bool) -> None:
    """It is clear which calls are meant.

    Raises:
        UsageError: it is not.
    """
    if every and calls:
        raise UsageError("--all takes all open calls, so name none, or leave it out")
    if not every and not calls:
        hints = ("all that are open: aipipe jobs list", "to fetch all of them: --all")
        raise UsageError("no call is named", hints=hints)
    if job_id is not None and (every or len(set(calls)) != 1):
        raise UsageError("--job-id says it of one call, so name that call alone")
    if job_id is not None and not job_id.strip():
        raise UsageError("--job-id is empty")

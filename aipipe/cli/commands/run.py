"""`aipipe run`: validate, plan, price, ask, run, and tell what came of it."""

from dataclasses import replace
from typing import Annotated

import typer

from aipipe.cli import completion, flags, options
from aipipe.cli.environment import environment
from aipipe.cli.request import request
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe run voices.yaml --prompt @script.txt
aipipe run images.yaml --prompt "a lighthouse in fog" --mock     real files, no keys, $0
aipipe run images.yaml --dry-run                                 the plan and its price
aipipe run batch.yaml --input "texts/*.txt" --max-cost 2.50
aipipe run voices.yaml --only generate_voices.3
aipipe run voices.yaml --redo generate_voices.3                  one anew, the others reused
aipipe run images.yaml --json --yes > result.json"""

_FORMATS = ("table", "json", "csv", "paths", "github")
_PROGRESS = ("auto", "tty", "plain", "json", "quiet")
_ON_INTERRUPT = ("leave", "finish", "cancel")
_UNCONFIRMED = ("fail", "skip", "retry")

DryRun = Annotated[
    bool, flags.option("--dry-run", help="Plan and price, nothing else.", panel=flags.SCOPE)
]
TimeLimit = Annotated[
    str | None,
    flags.option(
        "--time-limit",
        metavar="TIME",
        help="Start nothing new after 90s, 10m, 1h30m.",
        panel=flags.SCOPE,
    ),
]
OnInterrupt = Annotated[
    str,
    flags.option(
        "--on-interrupt",
        metavar="|".join(_ON_INTERRUPT),
        help="What Ctrl-C does to jobs in flight (leave: the same command fetches them).",
        panel=flags.SCOPE,
        complete=completion.words(*_ON_INTERRUPT),
    ),
]
Approve = Annotated[
    list[str] | None,
    flags.option(
        "--approve",
        metavar="STEP",
        help="Agree to this step, which has  approve:  (--yes does not); globs, repeatable.",
        panel=flags.SCOPE,
        complete=completion.steps,
    ),
]
NewRun = Annotated[
    bool,
    flags.option(
        "--new-run", help="Another run, even where one is not finished.", panel=flags.SCOPE
    ),
]
Doubtful = Annotated[
    str,
    flags.option(
        "--unconfirmed",
        metavar="|".join(_UNCONFIRMED),
        help="What becomes of a call that may have been paid for (fail).",
        panel=flags.MONEY,
        complete=completion.words(*_UNCONFIRMED),
    ),
]
DoubtfulMax = Annotated[
    str | None,
    flags.option(
        "--unconfirmed-max",
        metavar="USD",
        help="The most that is sent again of such calls.",
        panel=flags.MONEY,
    ),
]
Rebuy = Annotated[
    bool,
    flags.option("--rebuy", help="Buy again what was paid for and is gone.", panel=flags.MONEY),
]
RetryRefused = Annotated[
    bool,
    flags.option(
        "--retry-refused", help="Send calls again that moderation refused.", panel=flags.MONEY
    ),
]
MaxCost = Annotated[
    str | None,
    flags.option(
        "--max-cost",
        metavar="USD",
        help="The cap; a run that is likely to cost more does not start.",
        panel=flags.MONEY,
    ),
]
Partial = Annotated[
    bool, flags.option("--partial", help="Do what fits under the cap.", panel=flags.MONEY)
]
Yes = Annotated[
    bool,
    flags.option("-y", "--yes", help="Don't ask before spending.", panel=flags.MONEY),
]
Overwrite = Annotated[
    bool,
    flags.option(
        "--overwrite",
        help="Replace files in the output folder that aipipe did not write.",
        panel=flags.OUTPUT,
    ),
]
Progress = Annotated[
    str,
    flags.option(
        "--progress",
        metavar="|".join(_PROGRESS),
        help="How progress is shown on standard error.",
        panel=flags.SCREEN,
        complete=completion.words(*_PROGRESS),
    ),
]


def command(  # noqa: PLR0913 (the command's options)
    ctx: typer.Context,
    *,
    pipeline: flags.File,
    prompt: flags.Prompt = None,
    inputs: flags.Inputs = None,
    var: flags.Vars = None,
    env_file: flags.EnvFile = None,
    no_env_file: flags.NoEnvFile = False,
    only: flags.Only = None,
    mock: flags.Mock = False,
    fresh: flags.Fresh = False,
    redo: flags.Redo = None,
    approve: Approve = None,
    new_run: NewRun = False,
    dry_run: DryRun = False,
    strict: flags.Strict = False,
    max_workers: flags.MaxWorkers = None,
    time_limit: TimeLimit = None,
    on_interrupt: OnInterrupt = "leave",
    max_cost: MaxCost = None,
    unknown_price: flags.UnknownPrice = None,
    partial: Partial = False,
    unconfirmed: Doubtful = "fail",
    unconfirmed_max: DoubtfulMax = None,
    rebuy: Rebuy = False,
    retry_refused: RetryRefused = False,
    yes: Yes = False,
    output_dir: flags.OutputDir = None,
    overwrite: Overwrite = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    progress: Progress = "auto",
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> int:
    """Run a pipeline: check all of it, price it, run its branches in parallel.

    On a terminal it asks before spending more than $1.00 (AIPIPE_ASK_ABOVE). Without one it
    never asks: the printed "at most" is then the cap, and a step with  approve:  waits for
    --approve STEP (exit code 5), also with --yes.

    Exit code 0: all done; 1: some steps failed; 2: nothing ran; 3: the cap; 4: a call may have
    been paid for and nobody knows; 5: stopped with more to do; 130: interrupted.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color, quiet=quiet, verbose=verbose)
    asked = request(
        pipeline,
        prompt=prompt,
        inputs=inputs,
        var=var,
        only=only,
        mock=mock,
        fresh=fresh,
        redo=redo,
        strict=strict,
        output_dir=output_dir,
        environment=environment(ctx, env_file, no_file=no_env_file),
    )
    asked = replace(
        asked,
        max_cost=options.amount("--max-cost", max_cost),
        unknown_price=options.amount("--unknown-price", unknown_price),
        max_workers=options.whole("--max-workers", max_workers),
        time_limit=options.seconds("--time-limit", time_limit),
        partial=partial,
        approve=tuple(approve or ()),
        new_run=new_run,
        unconfirmed=options.choice("--unconfirmed", unconfirmed, _UNCONFIRMED),
        unconfirmed_max=options.amount("--unconfirmed-max", unconfirmed_max),
        rebuy=rebuy,
        retry_refused=retry_refused,
        overwrite=overwrite,
        asks=on.interactive,
    )
    # Heavy, and not needed to show this command's help.
    from aipipe.cli.performance import Manner, perform  # noqa: PLC0415

    manner = Manner(
        form=form,
        progress=options.choice("--progress", progress, _PROGRESS),
        on_interrupt=options.choice("--on-interrupt", on_interrupt, _ON_INTERRUPT),
        dry_run=dry_run,
        yes=yes,
    )
    return perform(asked, manner, on)

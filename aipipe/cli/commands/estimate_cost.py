"""`aipipe estimate-cost`: what a run would cost, step by step."""

import json as json_text
from typing import Annotated

import typer

from aipipe.cli import flags
from aipipe.cli.environment import environment
from aipipe.cli.request import request
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe estimate-cost images.yaml --prompt "a lighthouse in fog, 35mm"
aipipe estimate-cost voices.yaml --prompt @script.txt --only generate_voices.3
aipipe estimate-cost images.yaml --json
aipipe estimate-cost images.yaml --format csv > estimate.csv"""

_FORMATS = ("table", "json", "csv")


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
    strict: flags.Strict = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> None:
    """Say what a run would cost: per step, likely and at most, and what that assumes.

    What is reused of earlier runs costs nothing, and --fresh says what it would cost anew.
    Nothing is called and nothing is spent. An unknown price is never zero.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color, quiet=quiet, verbose=verbose)
    options = request(
        pipeline,
        prompt=prompt,
        inputs=inputs,
        var=var,
        only=only,
        mock=mock,
        fresh=fresh,
        redo=redo,
        strict=strict,
        environment=environment(ctx, env_file, no_file=no_env_file),
    )
    # Heavy, and not needed to show this command's help.
    from aipipe.cli import estimate_screen  # noqa: PLC0415
    from aipipe.cli.checked import foreseen  # noqa: PLC0415

    plan, found = foreseen(options, on)
    match form:
        case "json":
            on.print(json_text.dumps(estimate_screen.as_json(plan, found), indent=2))
        case "csv":
            on.print(estimate_screen.as_csv(found))
        case _:
            on.print(estimate_screen.render(plan, found, on.out))

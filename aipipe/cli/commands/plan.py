"""`aipipe plan`: what would run, what waits for what, where each input comes from."""

import json as json_text
from typing import Annotated

import typer

from aipipe.cli import flags
from aipipe.cli.environment import environment
from aipipe.cli.request import request
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe plan fan_out.yaml --prompt "a lighthouse in fog"
aipipe plan batch.yaml --only "voices*"
aipipe plan fan_out.yaml --json | jq '.steps[].sources'"""

_FORMATS = ("table", "json")


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
    output_dir: flags.OutputDir = None,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> None:
    """Show the tree of steps: what waits for what, what fills each input, what is written.

    Paid steps say whether an earlier result stands in, and else why they are new. Nothing is
    called, nothing is written.
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
        output_dir=output_dir,
        environment=environment(ctx, env_file, no_file=no_env_file),
    )
    # Heavy, and not needed to show this command's help.
    from aipipe.cli import plan_screen  # noqa: PLC0415
    from aipipe.cli.checked import foreseen, output_of  # noqa: PLC0415

    planned, priced = foreseen(options, on)
    folder = str(output_of(options, planned))
    if form == "json":
        on.print(json_text.dumps(plan_screen.as_json(planned, priced, folder), indent=2))
    else:
        on.print(plan_screen.render(planned, priced, folder, on.out))

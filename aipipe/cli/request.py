"""From the words of the command line to the options of a run."""

import os
from collections.abc import Sequence

from aipipe.app.environment import Environment
from aipipe.app.options import Options
from aipipe.cli import options
from aipipe.errors import UsageError


def request(  # noqa: PLR0913 (the options that commands share)
    file: str,
    *,
    prompt: str | None = None,
    inputs: Sequence[str] | None = None,
    var: Sequence[str] | None = None,
    only: Sequence[str] | None = None,
    mock: bool = False,
    fresh: bool = False,
    redo: Sequence[str] | None = None,
    strict: bool = False,
    output_dir: str | None = None,
    environment: Environment | None = None,
) -> Options:
    """The options of a command that plans a file; without an `environment` it needs no keys.

    Raises:
        UsageError: one of them makes no sense.
    """
    if prompt == "-" and "-" in (inputs or ()):
        raise UsageError("--prompt - and --input - both read standard input")
    around = environment or Environment(variables=os.environ)
    return Options(
        file=file,
        prompt=options.text("--prompt", prompt),
        inputs=tuple(inputs or ()),
        vars=options.variables(var or ()),
        only=tuple(only or ()),
        mock=mock,
        fresh=fresh,
        redo=tuple(redo or ()),
        strict=strict,
        output_dir=output_dir,
        environment=around.variables,
        env_file=around.file,
        notices=around.notices,
    )

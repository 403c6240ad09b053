"""From the words of the command line to the options of a run."""

import os
from collections.abc import Sequence

from aipipe.app.options import Options
from aipipe.cli import options


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
) -> Options:
    """The options of a command that plans a file.

    Raises:
        UsageError: one of them makes no sense.
    """
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
        environment=os.environ,
    )

"""The variables that a command goes by, as `--env-file` and `--no-env-file` say."""

import os
from typing import TYPE_CHECKING

import typer

from aipipe.app.environment import Environment, beside, named
from aipipe.errors import UsageError

if TYPE_CHECKING:
    from aipipe.contracts.registry import Registry


def environment(ctx: typer.Context, file: str | None, *, no_file: bool) -> Environment:
    """The process's variables, and the keys of the file that counts, if one does.

    Raises:
        UsageError: the two options exclude each other, or the file can't be read.
    """
    if file is not None and no_file:
        file, no_file = _stronger(ctx, file)
    if no_file:
        return Environment(variables=os.environ)
    if file is None:
        return beside(os.environ, _registry)
    if not file.strip():
        raise UsageError("--env-file is empty")
    return named(os.environ, file, _registry)


def _stronger(ctx: typer.Context, file: str) -> tuple[str | None, bool]:
    """Which of both counts: what stands on the command line, over a variable.

    Raises:
        UsageError: they are as strong.
    """
    typed = [_is_typed(ctx, name) for name in ("env_file", "no_env_file")]
    if typed[0] == typed[1]:
        raise UsageError("--env-file and --no-env-file exclude each other")
    return (file, False) if typed[0] else (None, True)


def _is_typed(ctx: typer.Context, name: str) -> bool:
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _registry() -> "Registry":
    from aipipe.app.discover import registry  # noqa: PLC0415 (heavy, and only where there is a file)

    return registry()

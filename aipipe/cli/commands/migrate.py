"""`aipipe migrate`: files of the earlier tool in the forms of today."""

from collections.abc import Sequence
from difflib import unified_diff
from typing import TYPE_CHECKING, Annotated

from aipipe.cli import flags
from aipipe.cli.screen import Screen, screen
from aipipe.cli.text import clean, count
from aipipe.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from aipipe.app.migrating import Migration

EXAMPLES = """\
aipipe migrate old.yaml                  rewrite it, and say what was changed
aipipe migrate old.yaml --diff           show what would change
aipipe migrate pipelines/*.yaml --check  exit code 1 if any file would change
aipipe migrate old.yaml -o new.yaml      leave the old one as it is"""

Check = Annotated[
    bool,
    flags.option(
        "--check", help="Write nothing; exit code 1 if a file would change.", panel=flags.OUTPUT
    ),
]
Diff = Annotated[
    bool, flags.option("--diff", help="Write nothing; show what would change.", panel=flags.OUTPUT)
]
Output = Annotated[
    str | None,
    flags.option(
        "-o",
        "--output",
        metavar="FILE",
        help="Where to write it instead; - for standard output.",
        panel=flags.OUTPUT,
    ),
]


def command(
    *,
    pipelines: flags.Files,
    check: Check = False,
    diff: Diff = False,
    output: Output = None,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
    quiet: flags.Quiet = False,
) -> int:
    """Rewrite files of the earlier tool in the forms of today; comments and order stay.

    Each is read again before it is written: it must mean what it meant. A file that needs
    nothing is left alone.
    """
    if output is not None and len(pipelines) > 1:
        raise UsageError("-o takes one file", hints=("without -o, each is rewritten in its place",))
    on = screen(color=color, no_color=no_color, quiet=quiet)
    found = _migrations(pipelines)
    for each in found:
        if diff and output != "-":
            on.write(_diff(each))
        elif output == "-":
            on.write(each.after)
        else:
            _carry_out(each, output, on, check=check)
    needed = any(each.is_needed for each in found)
    return ExitCode.STEPS_FAILED if check and needed else ExitCode.OK


def _migrations(files: Sequence[str]) -> "list[Migration]":
    """All of them, before anything is written."""
    from aipipe.app.migrating import migration  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.setting import setting  # noqa: PLC0415 (the same)

    world = setting()
    return [migration(file, world) for file in files]


def _carry_out(done: "Migration", output: str | None, on: Screen, *, check: bool) -> None:
    from aipipe.app.migrating import write  # noqa: PLC0415 (heavy: help goes without)

    target = output or done.file
    if not check and (done.is_needed or output is not None):
        write(done, target)
    if not on.quiet:
        on.print(_told(done, target, check=check))


def _told(done: "Migration", target: str, *, check: bool) -> str:
    if not done.is_needed:
        return f"{clean(target)}: nothing to change"
    did = "would rewrite" if check else "rewrote"
    lines = [f"{did} {clean(target)} · {count(len(done.notes), 'change')}"]
    return "\n".join([*lines, *(f"  {clean(note)}" for note in done.notes)])


def _diff(done: "Migration") -> str:
    lines = unified_diff(
        done.before.splitlines(keepends=True),
        done.after.splitlines(keepends=True),
        done.file,
        done.file,
    )
    return "".join(line if line.endswith(("\n", "\r")) else f"{line}\n" for line in lines)

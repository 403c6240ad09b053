"""`aipipe cache prune`: room made in the store."""

import json as json_text
import os
import time
from typing import TYPE_CHECKING, Annotated

from aipipe.cli import flags, measures
from aipipe.cli.screen import Screen, format_of, screen
from aipipe.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from aipipe.app.cache import Pruning

EXAMPLES = """\
aipipe cache prune --older-than 30d --dry-run
aipipe cache prune --older-than 2w
aipipe cache prune --max-size 5GB --yes    also results that were paid for"""

_FORMATS = ("table", "json")
_WAYS = (
    "--older-than 30d  what has not been used for so long",
    "--max-size 5GB  the longest unused, until so much is left",
)

OlderThan = Annotated[
    str | None,
    flags.option(
        "--older-than",
        metavar="AGE",
        help="What has not been used for 12h, 30d, 2w goes.",
        panel=flags.CHOICE,
    ),
]
MaxSize = Annotated[
    str | None,
    flags.option(
        "--max-size",
        metavar="SIZE",
        help="The longest unused go until 5GB, 500MB, 1.5GiB are left, free ones first.",
        panel=flags.CHOICE,
    ),
]
DryRun = Annotated[
    bool, flags.option("--dry-run", help="Say what would go, nothing else.", panel=flags.CHOICE)
]
Yes = Annotated[
    bool,
    flags.option(
        "-y", "--yes", help="Don't ask before paid results are removed.", panel=flags.MONEY
    ),
]


def command(  # noqa: PLR0913 (the command's options)
    *,
    older_than: OlderThan = None,
    max_size: MaxSize = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> int:
    """Remove results from the store that have not been used for long.

    What an open run needs stays, and so does every file in an output folder. A paid result that
    is gone has to be paid for again: what that would cost is said first, and on a terminal it is
    asked. Without one, paid results go only with --yes.

    Exit code 0: done; 1: some files could not be removed; 2: nothing was removed.
    """
    form = format_of(form, json=json, known=_FORMATS)
    unused_for = measures.age("--older-than", older_than)
    most_bytes = measures.size("--max-size", max_size)
    if unused_for is None and most_bytes is None:
        raise UsageError("nothing says what may go", hints=_WAYS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app import cache  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)

    found = cache.plan(
        home(os.environ), now=time.time(), unused_for=unused_for, most_bytes=most_bytes
    )
    if not dry_run:
        if found.removed.paid and not yes:
            _agreed(found, on)
        found = cache.carry_out(found)
    _tell(found, on, form, dry_run=dry_run)
    return ExitCode.STEPS_FAILED if found.stuck else ExitCode.OK


def _agreed(found: "Pruning", on: Screen) -> None:
    """Ask a person whether paid results may go.

    Raises:
        UsageError: nobody can be asked, or the answer was no.
    """
    from aipipe.cli import cache_screen, question  # noqa: PLC0415 (heavy: help goes without)

    if not on.interactive:
        raise UsageError(
            f"{cache_screen.at_stake(found.removed)}; nothing was removed",
            hints=("--yes  removes them", "--dry-run  says what would go"),
        )
    on.say(cache_screen.pruned(found, on.err, dry_run=True))
    question.confirm(question.at_terminal, "Remove them?", effect="nothing was removed")


def _tell(found: "Pruning", on: Screen, form: str, *, dry_run: bool) -> None:
    from aipipe.cli import cache_screen  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.cli.commands.cache import data  # noqa: PLC0415 (the same)

    if form == "json":
        on.print(json_text.dumps(data.pruning_json(found, dry_run=dry_run), indent=2))
    else:
        on.print(cache_screen.pruned(found, on.out, dry_run=dry_run))
    for line in cache_screen.complaints(found):
        on.say(line)
    if dry_run:
        on.note("nothing was removed: --dry-run")

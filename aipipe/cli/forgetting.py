"""The question before calls are given up."""

from collections.abc import Sequence

from aipipe.app.jobs import OpenJob
from aipipe.cli import jobs_screen, question
from aipipe.cli.runs_screen import view
from aipipe.cli.screen import Screen
from aipipe.cli.text import wrapped
from aipipe.errors import UsageError


def agree(jobs: Sequence[OpenJob], on: Screen, *, yes: bool) -> None:
    """Say what forgetting means, and ask, where nobody has agreed yet.

    Raises:
        DeclinedError: the answer is no.
        UsageError: nobody is there to be asked.
    """
    said = jobs_screen.before_forgetting(jobs)
    if not yes and not on.interactive:
        hints = (said, "to forget without being asked: --yes")
        raise UsageError("forgetting a call needs somebody who agrees", hints=hints)
    if not yes or not on.quiet:
        on.say(f"{jobs_screen.render(jobs, view(on.err))}\n{wrapped(said, on.err.columns)}")
    if yes:
        return
    question.confirm(question.at_terminal, "Forget them?", effect="nothing was forgotten")

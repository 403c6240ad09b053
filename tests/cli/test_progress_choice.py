"""Which progress a run shows."""

import io
from collections.abc import Mapping

import pytest
from support.screen import Terminal
from support.stories import voices_plan

from aipipe.cli.jsonlines import JsonProgress
from aipipe.cli.live import LiveProgress
from aipipe.cli.plain import PlainProgress
from aipipe.cli.plain_quiet import QuietProgress
from aipipe.cli.progress_choice import Mode, Progress, choose, mode_of

XTERM = {"TERM": "xterm"}


@pytest.mark.parametrize(
    ("asked", "terminal", "environment", "quiet", "mode"),
    [
        ("auto", True, XTERM, False, "tty"),
        ("auto", False, XTERM, False, "plain"),
        ("auto", True, {"TERM": "dumb"}, False, "plain"),
        ("auto", True, {"TERM": "xterm", "CI": "true"}, False, "plain"),
        ("auto", True, {"TERM": "xterm", "CI": "false"}, False, "tty"),
        ("auto", True, XTERM, True, "quiet"),
        ("tty", True, {"TERM": "xterm", "CI": "true"}, False, "tty"),
        ("tty", False, XTERM, False, "plain"),
        ("plain", True, XTERM, False, "plain"),
        ("json", True, XTERM, True, "json"),
        ("quiet", True, XTERM, False, "quiet"),
    ],
)
def test_a_terminal_gets_a_display_and_all_else_gets_lines(
    asked: str,
    terminal: bool,  # noqa: FBT001 (a column of the table)
    environment: Mapping[str, str],
    quiet: bool,  # noqa: FBT001 (a column of the table)
    mode: Mode,
) -> None:
    stream = Terminal() if terminal else io.StringIO()

    assert mode_of(asked, stream, environment, quiet=quiet) == mode


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("tty", LiveProgress),
        ("plain", PlainProgress),
        ("json", JsonProgress),
        ("quiet", QuietProgress),
    ],
)
def test_each_mode_has_its_progress(mode: Mode, kind: type[Progress]) -> None:
    assert isinstance(choose(mode, voices_plan(), Terminal(), XTERM), kind)

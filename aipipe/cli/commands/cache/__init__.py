"""`aipipe cache`: the store of results, each command a module."""

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "info": "What the store holds, and what was paid for it.",
    "prune": "Remove what has not been used for long.",
}

EXAMPLES = """\
aipipe cache info                          how much there is, what of it was paid for
aipipe cache prune --older-than 30d --dry-run
aipipe cache prune --max-size 5GB          the longest unused go, free ones first"""


def command() -> None:
    """Look at the store, which keeps every result so that it is not paid for twice."""

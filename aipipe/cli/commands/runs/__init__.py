"""`aipipe runs`: past runs, each command a module."""

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "list": "Past runs, the newest first.",
    "show": "One run in full: what it was, how it ended, what it cost.",
    "restore": "Bring the files of a run back into its folder.",
    "forget": "Erase the texts and media of runs; what they cost stays counted.",
    "import": "Take over the runs and results of another machine's ledger.",
}

EXAMPLES = """\
aipipe runs list                           the newest 20
aipipe runs show 7k2m                      one in full: its calls and steps
aipipe runs show 7k2m --json > run.json
aipipe runs restore 7k2m                   its files as they were
aipipe runs import /mnt/laptop/aipipe      results made on another machine"""


def command() -> None:
    """Look at past runs: how they ended, what they cost, where their files are."""

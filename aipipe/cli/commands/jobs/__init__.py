"""`aipipe jobs`: calls that began and did not end, each command a module."""

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "list": "Calls that are still open or unconfirmed.",
    "fetch": "Bring their results home, without running the pipeline.",
    "forget": "Give them up: what they may have cost stays counted.",
}

EXAMPLES = """\
aipipe jobs list                           what is still open
aipipe jobs fetch --all --wait             bring all of it home
aipipe jobs fetch 7 --job-id ID            call 7 is this job of its provider's
aipipe jobs forget 7                       give call 7 up"""


def command() -> None:
    """Look after paid calls that began and did not end: jobs that go on, answers that never came.

    The same pipeline, run again, does so by itself.
    """

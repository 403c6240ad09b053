"""What finding the plug-ins imports: nothing that only a run needs."""

import subprocess
import sys

import pytest

from aipipe import media

FIND = """\
import sys
from aipipe.app.discover import registry
registry()
print(*sorted(m for m in sys.modules if m in {"av", "PIL"} or m.startswith("aipipe.media.")))
"""


def test_finding_the_plug_ins_imports_words_and_no_engine() -> None:
    found = subprocess.run(
        [sys.executable, "-c", FIND], capture_output=True, text=True, check=True
    ).stdout.split()

    assert found == [
        f"aipipe.media.{name}"
        for name in (
            "film_merge_words",
            "film_words",
            "inputs",
            "merit_names",
            "moves",
            "parts",
            "sizes",
            "voices",
            "words",
        )
    ]


def test_an_engine_is_imported_when_it_is_used() -> None:
    assert media.wording.__name__ == "aipipe.media.wording"


def test_what_is_no_engine_is_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        media.nothing  # noqa: B018 (to look is to ask)

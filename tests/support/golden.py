"""Golden files: what a user sees, kept beside the tests. AIPIPE_GOLDEN=write writes them anew."""

import os
from pathlib import Path


def golden(path: Path, text: str) -> None:
    """Assert that the text is what the file holds."""
    if os.environ.get("AIPIPE_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")

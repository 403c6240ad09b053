"""`python -m aipipe.app.schema_file` writes the JSON Schema that is published with the package."""

import json

from aipipe import schema
from aipipe.app import discover
from aipipe.shipped import schema_path


def text() -> str:
    """The schema of this version's plug-ins and catalogue, as it stands in the file."""
    whole = schema.whole(discover.own_registry(), discover.catalog())
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file anew."""
    path = schema_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()

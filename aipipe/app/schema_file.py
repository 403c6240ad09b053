"""`python -m aipipe.app.schema_file` writes the JSON Schemas that the package publishes."""

import json

from aipipe import schema
from aipipe.app import discover
from aipipe.contracts.step import JsonSchema
from aipipe.shipped import schema_path, service_schema_path


def text() -> str:
    """The schema of this version's plug-ins and catalogue, as it stands in the file."""
    return _written(schema.whole(discover.own_registry(), discover.catalog()))


def service_text() -> str:
    """The schema of files that describe a service, as it stands in the file."""
    return _written(schema.service())


def _written(whole: JsonSchema) -> str:
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the files anew."""
    for path, content in ((schema_path(), text()), (service_schema_path(), service_text())):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()

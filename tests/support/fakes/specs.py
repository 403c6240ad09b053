"""What providers publish of their requests, where it lies beside the project."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

FOLDER = Path(__file__).parents[3].parent / "shared" / "specs"


@cache
def spec(name: str) -> Mapping[str, object] | None:
    """A specification; None where it is not there: then nothing is checked."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def against(schema: object, value: object, root: Mapping[str, object]) -> list[str]:
    """What a schema of an OpenAPI document does not allow."""
    assert isinstance(schema, dict)
    whole = {**schema, "components": root.get("components", {})}
    validator: Any = validator_for(whole, default=Draft202012Validator)(whole)
    return [
        f"{'/'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:200]}"
        for error in validator.iter_errors(value)
    ]


def body_faults(name: str, path: str, method: str, value: object) -> list[str]:
    """What a specification does not allow of a JSON body; `path` as the specification has it."""
    root = spec(name)
    if root is None:
        return []
    paths = root["paths"]
    assert isinstance(paths, dict)
    if path not in paths or method.lower() not in paths[path]:
        return [f"{method} {path} is not in the specification"]
    content = paths[path][method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return [] if schema is None else against(schema, value, root)

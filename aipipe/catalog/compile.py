"""`python -m aipipe.catalog.compile`: the source files in `data/` as the one file that ships."""

import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from aipipe.catalog.catalogue import FILE
from aipipe.catalog.sources import models
from aipipe.catalog.voice_sources import voices

DATA: Final = Path(__file__).with_name("data")
_APART: Final = frozenset({"shared", "voices"})


class _Loader(yaml.SafeLoader):
    """YAML 1.2 scalars (`on` and `1:1` are texts), amounts exact."""


def _amount(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"-?\d+", "-0123456789"),
    ("float", r"-?\d+\.\d+", "-0123456789"),
):
    _regexp = re.compile(rf"^(?:{_pattern})$")
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _regexp, list(_first))
_Loader.add_constructor("tag:yaml.org,2002:float", _amount)


def compiled(folder: Path = DATA) -> str:
    """The text of the file that ships, made from the source files of a folder."""
    files = {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}
    families = {name: each for name, each in files.items() if name not in _APART}
    parts = {
        "words": _lines(files["shared"]["words"].items()),
        "voices": _lines(voices(files["voices"]).items()),
        "models": _lines(
            (m["name"], m) for m in models(families, files["shared"], files["voices"])
        ),
    }
    return (
        "{\n" + ",\n".join(f"{_json(key)}: {{\n{text}\n}}" for key, text in parts.items()) + "\n}\n"
    )


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe one)


def _lines(entries: Any) -> str:
    """An entry a line, so that a change of one model is a change of one line."""
    return ",\n".join(f"{_json(key)}: {_json(value)}" for key, value in entries)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    FILE.write_text(compiled(), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} is current\n")

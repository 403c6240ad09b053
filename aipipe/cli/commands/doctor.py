"""`aipipe doctor`: what aipipe finds on this machine."""

import json as json_text
import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

from aipipe.cli import flags
from aipipe.cli.diagnostics import Look
from aipipe.cli.screen import format_of, screen
from aipipe.cli.text import padded
from aipipe.contracts.artefact import Json

EXAMPLES = """\
aipipe doctor
aipipe doctor --json"""

_FORMATS = ("table", "json")
_ENGINES = {
    "pictures": "pillow",
    "sound and video": "av",
    "speech": "espeakng-loader",
    "http": "httpx",
    "yaml": "pyyaml",
    "schema checks": "jsonschema",
}


def command(
    *,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """Show versions, folders, engines, and which keys are set (never a key itself)."""
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    found = _found(os.environ)
    on.print(json_text.dumps(found, indent=2) if form == "json" else _render(found, on.out))


def _found(environment: Mapping[str, str]) -> dict[str, Json]:
    from aipipe.app.discover import registry  # noqa: PLC0415
    from aipipe.app.prepare import home  # noqa: PLC0415
    from aipipe.catalog.catalogue import load  # noqa: PLC0415
    from aipipe.shipped import schema_path  # noqa: PLC0415
    from aipipe.version import __version__  # noqa: PLC0415 (with what follows: help goes without)

    plugins = registry()
    return {
        "aipipe": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "home": str(home(environment)),
        "home_exists": home(environment).is_dir(),
        "schema": str(Path(schema_path())),
        "models": len(load().models),
        "step_types": len(plugins.steps),
        "merges": len(plugins.merges),
        "splits": len(plugins.splits),
        "engines": {what: _version(name) for what, name in _ENGINES.items()},
        "keys": {
            key: bool(environment.get(key))
            for provider in plugins.providers.values()
            for key in provider.keys
        },
    }


def _version(distribution: str) -> str | None:
    try:
        return f"{distribution} {version(distribution)}"
    except PackageNotFoundError:
        return None


def _render(found: Mapping[str, Json], look: Look) -> str:
    made = "" if found["home_exists"] else "  (made by the first run)"
    counted = (
        f"{found['step_types']} step types, {found['merges']} merges, {found['splits']} splits"
    )
    lines = [
        ("aipipe", f"{found['aipipe']} on Python {found['python']}, {found['system']}"),
        ("kept in", f"{found['home']}{made}"),
        ("schema", f"{found['schema']}"),
        ("catalogue", f"{found['models']} models"),
        ("plug-ins", counted),
        *_listed("engines", _engines(found["engines"], look)),
        *_listed("keys", _keys(found["keys"], look)),
    ]
    return "\n".join(f"{look.paint('dim', padded(title, 9))}   {text}" for title, text in lines)


def _listed(title: str, texts: list[str]) -> list[tuple[str, str]]:
    return [(title if i == 0 else "", text) for i, text in enumerate(texts or ["none needed"])]


def _engines(found: Json, look: Look) -> list[str]:
    missing = look.paint("red", "missing: install aipipe again")
    return [
        f"{padded(what, 15)}   {name or missing}"
        for what, name in (found.items() if isinstance(found, dict) else ())
    ]


def _keys(found: Json, look: Look) -> list[str]:
    keys = found if isinstance(found, dict) else {}
    widest = max(map(len, keys), default=0)
    set_, unset = look.paint("green", "set"), "not set"
    return [f"{padded(key, widest)}   {set_ if is_set else unset}" for key, is_set in keys.items()]

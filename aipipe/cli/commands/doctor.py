"""`aipipe doctor`: what aipipe finds on this machine."""

import json as json_text
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from aipipe.app.environment import Environment
from aipipe.cli import flags
from aipipe.cli.diagnostics import Look
from aipipe.cli.environment import environment
from aipipe.cli.screen import format_of, screen
from aipipe.cli.text import padded
from aipipe.contracts.artefact import Json

EXAMPLES = """\
aipipe doctor
aipipe doctor --env-file ci.env     with the keys of that file
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
    ctx: typer.Context,
    *,
    env_file: flags.EnvFile = None,
    no_env_file: flags.NoEnvFile = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """Show versions, folders, engines, and which keys are set and where (never a key itself).

    Also which base addresses were moved, by which variables, and the proxies on the way.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app.discover import registry  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.cli import reach_screen  # noqa: PLC0415 (the same)

    around = environment(ctx, env_file, no_file=no_env_file)
    found, reached = _found(around), reach_screen.found(registry(), around)
    if form == "json":
        on.print(json_text.dumps({**found, **reach_screen.as_json(reached)}, indent=2))
    else:
        on.print(_render(found, reach_screen.sections(reached, on.out), on.out))


def _found(around: Environment) -> dict[str, Json]:
    from aipipe.app.discover import registry  # noqa: PLC0415
    from aipipe.app.prepare import home  # noqa: PLC0415
    from aipipe.catalog.catalogue import load  # noqa: PLC0415
    from aipipe.shipped import schema_path  # noqa: PLC0415
    from aipipe.version import __version__  # noqa: PLC0415 (with what follows: help goes without)

    plugins, place = registry(), home(around.variables)
    return {
        "aipipe": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "home": str(place),
        "home_exists": place.is_dir(),
        "schema": str(Path(schema_path())),
        "models": len(load().models),
        "step_types": len(plugins.steps),
        "merges": len(plugins.merges),
        "splits": len(plugins.splits),
        "engines": {what: _version(name) for what, name in _ENGINES.items()},
    }


def _version(distribution: str) -> str | None:
    try:
        return f"{distribution} {version(distribution)}"
    except PackageNotFoundError:
        return None


def _render(found: Mapping[str, Json], reached: Iterable[tuple[str, list[str]]], look: Look) -> str:
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
        *(line for title, texts in reached for line in _listed(title, texts)),
    ]
    return "\n".join(f"{look.paint('dim', padded(title, 9))}   {text}" for title, text in lines)


def _listed(title: str, texts: list[str]) -> list[tuple[str, str]]:
    return [(title if i == 0 else "", text) for i, text in enumerate(texts)]


def _engines(found: Json, look: Look) -> list[str]:
    missing = look.paint("red", "missing: install aipipe again")
    return [
        f"{padded(what, 15)}   {name or missing}"
        for what, name in (found.items() if isinstance(found, dict) else ())
    ]

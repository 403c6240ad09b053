"""What the shell offers at <TAB>. It never fails and never writes: it offers less."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from aipipe.cli.text import clean

Offer: TypeAlias = list[tuple[str, str]]
"""Words and what each is."""

_EXTENSIONS = {".yaml", ".yml"}


def words(*known: str) -> Callable[[str], list[str]]:
    """A completer of a few fixed words."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete)]

    return complete


def pipelines(incomplete: str) -> list[str]:
    """YAML files, and folders to look further."""
    return _files(
        incomplete, lambda name: Path(name).suffix.lower() in _EXTENSIONS and name[0] != "."
    )


def env_files(incomplete: str) -> list[str]:
    """Files of variables (`.env`, `.env.local`, `ci.env`), and folders to look further."""
    return _files(incomplete, lambda name: ".env" in name.lower())


def _files(incomplete: str, is_wanted: Callable[[str], bool]) -> list[str]:
    folder, _, start = incomplete.rpartition("/")
    found: list[str] = []
    with suppress(OSError):
        for entry in sorted(Path(folder or ("/" if incomplete.startswith("/") else ".")).iterdir()):
            name = f"{folder}/{entry.name}" if "/" in incomplete else entry.name
            if not entry.name.startswith(start):
                continue
            if entry.is_dir():
                found += [] if entry.name.startswith(".") else [f"{name}/"]
            elif is_wanted(entry.name):
                found.append(name)
    return found


def models(incomplete: str) -> Offer:
    """Names and aliases of the catalogue's models."""
    from aipipe.catalog.catalogue import load  # noqa: PLC0415 (only when asked)

    with suppress(Exception):
        return [
            (name, f"{model.types[0]}, {model.provider}")
            for model in load().models.values()
            for name in (model.name, *model.aliases)
            if name.startswith(incomplete) and model.retired is None
        ]
    return []


def step_types(incomplete: str) -> Offer:
    """Step types that call a model."""
    from aipipe.app.discover import registry  # noqa: PLC0415 (only when asked)

    with suppress(Exception):
        return [
            (step.name, step.summary)
            for step in registry().steps.values()
            if step.name.startswith(incomplete)
        ]
    return []


def providers(incomplete: str) -> Offer:
    """Names of providers."""
    from aipipe.app.discover import registry  # noqa: PLC0415 (only when asked)

    with suppress(Exception):
        found = [(each.name, each.title) for each in registry().providers.values()]
        return [
            one
            for one in [("local", "the embedded engine"), *found]
            if one[0].startswith(incomplete)
        ]
    return []


def codes(incomplete: str) -> Offer:
    """Codes of errors."""
    from aipipe.contracts.codes.registry import CODES  # noqa: PLC0415 (only when asked)

    return [
        (each.code, each.meaning) for each in CODES.values() if each.code.startswith(incomplete)
    ]


def templates(incomplete: str) -> Offer:
    """The shipped pipelines."""
    from aipipe.cli.templates import all_templates  # noqa: PLC0415 (only when asked)

    with suppress(Exception):
        return [(t.name, t.summary) for t in all_templates() if t.name.startswith(incomplete)]
    return []


def runs(incomplete: str) -> Offer:
    """Names of past runs, the newest first."""
    from aipipe.app.prepare import home  # noqa: PLC0415 (only when asked)
    from aipipe.app.runs import newest  # noqa: PLC0415 (only when asked)

    with suppress(Exception):
        return [
            (run.id, clean(run.pipeline))
            for run in newest(home(os.environ))
            if run.id.startswith(incomplete)
        ]
    return []


def jobs(incomplete: str) -> Offer:
    """Numbers of open calls, the newest first."""
    from aipipe.app.jobs import newest  # noqa: PLC0415 (only when asked)
    from aipipe.app.prepare import home  # noqa: PLC0415 (only when asked)

    with suppress(Exception):
        return [
            (str(call.id), clean(f"{call.task}, {call.model}"))
            for call in newest(home(os.environ))
            if str(call.id).startswith(incomplete)
        ]
    return []


def steps(ctx: Any, incomplete: str) -> list[str]:
    """Paths of the steps of the pipeline that was named before it."""
    # While the option has no value yet, the words before it are left over as they came.
    file = ctx.params.get("pipeline") or next(iter(ctx.args), None)
    if not isinstance(file, str):
        return []
    with suppress(Exception):
        found = dict.fromkeys(_paths(file))
        return [name for name in found if name.startswith(incomplete)]
    return []


def _paths(file: str) -> Iterator[str]:
    from aipipe.app.check import check  # noqa: PLC0415 (only when asked)
    from aipipe.app.options import Options  # noqa: PLC0415 (only when asked)

    checked = check(Options(file=file, prompt="-", mock=True))
    for template in checked.plan.templates if checked.plan is not None else ():
        if template.path:
            yield template.path
            yield template.id

"""A document's plain data made into a typed `PipelineSpec`.

Tolerant: what the check found to be at fault is left out or becomes a `BrokenStep`, so that
everything else can still be looked at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath

from aipipe.contracts.artefact import Json
from aipipe.language import quantities, tolerant
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.spec import Limit, Limits, OnError, PipelineSpec, Retry
from aipipe.language.step_building import Builder
from aipipe.language.variables import variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the command line puts in the place of what the file says."""

    prompt: str | None = None
    inputs: tuple[str, ...] | None = None
    vars: Mapping[str, str] = field(default_factory=dict)


def spec(
    data: Mapping[str, Json],
    *,
    file: str,
    folder: str,
    command_folder: str,
    broken: Collection[Path],
    overrides: Overrides,
) -> tuple[PipelineSpec, list[Fault]]:
    """The pipeline of a document, and the faults that no schema can tell.

    `broken` are the places that the check found at fault. `folder` is the file's own,
    `command_folder` where the command was given.
    """
    faults: list[Fault] = []
    defaults = _mapping(data.get("defaults"))
    retry = tolerant.retry(defaults.get("retry"), Retry())
    inputs = _inputs(data, overrides)
    builder = Builder(broken=frozenset(broken), retry=retry, faults=faults)
    built = PipelineSpec(
        name=_text(data.get("name")) or _name_of(file),
        file=file,
        folder=folder,
        description=_text(data.get("description")) or "",
        prompt=overrides.prompt if overrides.prompt is not None else _text(data.get("prompt")),
        inputs=inputs,
        inputs_folder=folder if overrides.inputs is None else command_folder,
        inputs_from_command=overrides.inputs is not None,
        vars=variables(data.get("vars"), overrides.vars, faults),
        budget=tolerant.amount(data.get("budget")),
        limits=_limits(_mapping(data.get("limits"))),
        retry=retry,
        timeout=tolerant.seconds(defaults.get("timeout")),
        on_error=tolerant.on_error(defaults.get("on_error")) or OnError.FAIL,
        output_dir=_text(data.get("output_dir")),
        tags=data.get("tags", True) not in {False, "off", "false", "no"},
        steps=builder.steps(data.get("steps"), ("steps",)),
    )
    return built, faults


def _name_of(file: str) -> str:
    return PurePath(file).name.partition(".")[0] or "pipeline"


def _inputs(data: Mapping[str, Json], overrides: Overrides) -> tuple[Json, ...] | None:
    if overrides.inputs is not None:
        return tuple(overrides.inputs)
    written = data.get("inputs", data.get("input"))
    if written is None:
        return None
    return tuple(written) if isinstance(written, list) else (written,)


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _limits(written: Mapping[str, Json]) -> Limits:
    workers = written.get("max_workers")
    return Limits(
        max_workers=workers if isinstance(workers, int) else None,
        providers=_each_limit(_mapping(written.get("providers"))),
        models=_each_limit(_mapping(written.get("models"))),
    )


def _each_limit(written: Mapping[str, Json]) -> Mapping[str, Limit]:
    return {name: _limit(_mapping(value)) for name, value in written.items()}


def _limit(written: Mapping[str, Json]) -> Limit:
    concurrency, rate = written.get("concurrency"), written.get("rate")
    known = concurrency if isinstance(concurrency, int) else None
    try:
        starts, per = quantities.rate(rate) if isinstance(rate, str) else (None, 1.0)
    except ValueError:
        starts, per = None, 1.0
    return Limit(concurrency=known, rate=starts, per=per)

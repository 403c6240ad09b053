"""A document's plain data made into a typed `PipelineSpec`.

Tolerant: what the check found to be at fault is left out or becomes a `BrokenStep`, so that
everything else can still be looked at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from aipipe.contracts.artefact import Json
from aipipe.language import policies, quantities
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.references import Expression, expression
from aipipe.language.spec import Limit, Limits, OnError, PipelineSpec, Retry
from aipipe.language.step_building import Builder, text
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
    retry = policies.retry(defaults.get("retry"), Retry())
    inputs = _inputs(data, overrides)
    builder = Builder(broken=frozenset(broken), retry=retry, faults=faults)
    built = PipelineSpec(
        name=text(data.get("name")) or _name_of(file),
        file=file,
        folder=folder,
        description=text(data.get("description")) or "",
        prompt=overrides.prompt if overrides.prompt is not None else text(data.get("prompt")),
        inputs=inputs,
        inputs_folder=folder if overrides.inputs is None else command_folder,
        inputs_from_command=overrides.inputs is not None,
        vars=variables(data.get("vars"), overrides.vars, faults),
        budget=quantities.usd(data.get("budget")),
        limits=_limits(_mapping(data.get("limits"))),
        retry=retry,
        timeout=quantities.seconds(defaults.get("timeout")),
        on_error=policies.on_error(defaults.get("on_error")) or OnError.FAIL,
        output_dir=text(data.get("output_dir")),
        save_intermediates=data.get("save_intermediates") is not False,
        tags=data.get("tags") not in (False, "off"),
        steps=builder.steps(data.get("steps"), ("steps",)),
        outputs=_outputs(_mapping(data.get("outputs")), broken, faults),
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


def _outputs(
    written: Mapping[str, Json], broken: Collection[Path], faults: list[Fault]
) -> Mapping[str, Expression]:
    return {
        name: expression(value, ("outputs", name), faults)
        for name, value in written.items()
        if ("outputs", name) not in broken and not name.startswith("x-")
    }


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _limits(written: Mapping[str, Json]) -> Limits:
    return Limits(
        max_workers=quantities.count(written.get("max_workers")),
        providers=_each_limit(_mapping(written.get("providers"))),
        models=_each_limit(_mapping(written.get("models"))),
    )


def _each_limit(written: Mapping[str, Json]) -> Mapping[str, Limit]:
    return {name: _limit(_mapping(value)) for name, value in written.items()}


def _limit(written: Mapping[str, Json]) -> Limit:
    concurrency = quantities.count(written.get("concurrency"))
    rate = quantities.rate(written.get("rate"))
    if rate is None:
        return Limit(concurrency=concurrency)
    return Limit(concurrency=concurrency, rate=rate[0], per=rate[1])

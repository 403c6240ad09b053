"""The whole schema as one draft-07 document, for editors and for other programs."""

from collections.abc import Iterable, Mapping

from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import LOCAL, MATRIX_REFERENCE, StepFragment
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.registry import Registry
from aipipe.contracts.split import SplitMode
from aipipe.contracts.step import StepType
from aipipe.schema import params
from aipipe.schema.models import (
    endpoint_pattern,
    providers,
    said_of,
    said_of_retired,
    shelf,
)
from aipipe.schema.pieces import top
from aipipe.schema.steps import SUMMARIES, chain, fallback, kinds
from aipipe.schema.values import Schema

_STEP: Schema = {"$ref": "#/definitions/step"}
_STEPS: Schema = {"$ref": "#/definitions/steps"}
_OF_MATRIX: Schema = {
    "description": "a value of the step's matrix: ${{ matrix.model }}",
    "type": "string",
    "pattern": MATRIX_REFERENCE,
}
_BRANCHES: Schema = {"$ref": "#/definitions/branches"}


def whole(registry: Registry, catalog: Catalog) -> dict[str, Json]:
    """The schema of pipeline files, as plain data."""
    pipeline = top()
    pipeline["properties"] = _with_steps(pipeline["properties"], {"steps": _STEPS})
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "aipipe pipeline",
        **pipeline,
        "definitions": _definitions(registry, catalog),
    }


def _definitions(registry: Registry, catalog: Catalog) -> dict[str, Json]:
    found = kinds(registry, providers(registry, catalog))
    definitions: dict[str, Json] = {
        "steps": {"type": "array", "minItems": 1, "items": _STEP},
        "branches": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/branch"}},
        "step": _any_step(list(found), registry),
        "branch": _branch(),
        "chain": _inlined(chain()),
    }
    for fragment in found.values():
        step = registry.steps.get(fragment.type)
        own = _inlined(fragment)
        choices = (
            _models(step, registry, catalog, definitions)
            if step is not None
            else _plugins(fragment, registry, own)
        )
        definitions[fragment.type] = {**own, "allOf": choices} if choices else own
    return definitions


def _any_step(types: list[str], registry: Registry) -> Schema:
    summaries: list[Json] = [SUMMARIES.get(each) or registry.steps[each].summary for each in types]
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": list[Json](types), "enumDescriptions": summaries}},
        "allOf": [_when({"type": {"const": each}}, _ref(each)) for each in types],
    }


def _branch() -> Schema:
    """A step, or a chain: what has steps and no type."""
    return {
        "if": {"type": "object", "required": ["steps"], "not": {"required": ["type"]}},
        "then": _ref("chain"),
        "else": _STEP,
    }


def _inlined(fragment: StepFragment) -> Schema:
    """A kind of step, its inner steps spelt out."""
    lists = _BRANCHES if fragment.branches else _STEPS
    inner = dict.fromkeys(fragment.lists, lists)
    if fragment.single is not None:
        inner[fragment.single] = _STEP
    schema = dict(fragment.schema)
    schema["properties"] = _with_steps(schema["properties"], inner)
    return schema


def _with_steps(properties: Json, inner: Mapping[str, Schema]) -> Json:
    if not isinstance(properties, dict):
        return properties
    found = dict(properties)
    for key, steps in inner.items():
        own = found[key]
        about = {"description": own["description"]} if isinstance(own, dict) else {}
        found[key] = {**about, "allOf": [steps]}
    return found


def _plugins(fragment: StepFragment, registry: Registry, own: Schema) -> list[Json]:
    """The conditions of a merge or split: its strategy chooses the parameters."""
    key = fragment.choice
    if key is None:
        return []
    plugins = registry.splits.values() if key == "split_strategy" else registry.merges.values()
    properties = own["properties"]
    if isinstance(properties, dict) and isinstance(choice := properties[key], dict):
        properties[key] = {**choice, **_named(plugins)}
    return [
        _when({key: {"const": each.name}}, {"properties": {fragment.params_key: _params_of(each)}})
        for each in plugins
    ]


def _named(plugins: Iterable[MergeStrategy | SplitMode]) -> Schema:
    return {
        "enum": [each.name for each in plugins],
        "enumDescriptions": [each.summary for each in plugins],
    }


def _params_of(plugin: MergeStrategy | SplitMode) -> Schema:
    if isinstance(plugin, SplitMode):
        return params.of_split(plugin)
    return params.of_merge(plugin)


def _models(
    step: StepType, registry: Registry, catalog: Catalog, definitions: dict[str, Json]
) -> list[Json]:
    """The conditions of a step that calls a model: the model chooses the parameters."""
    known = shelf(step.name, catalog)
    by_model: dict[str, list[Json]] = {}
    by_provider: dict[str, list[Json]] = {}
    for name, model in known.all.items():
        by_model.setdefault(model.name, []).append(name)
        by_provider.setdefault(model.provider, []).append(name)
    conditions: list[Json] = [_suggested(step, registry, catalog)]
    for name, names in by_model.items():
        model = catalog.models[name]
        key = f"{step.name}.{name}"
        definitions[key] = params.of_model(step, model, catalog)
        chosen: dict[str, Json] = {"model": {"enum": names}, "provider": {"const": model.provider}}
        conditions.append(_when(chosen, _taking(key, definitions), required="model"))
    definitions[f"{step.name}.local"] = params.of_local(step)
    local: dict[str, Json] = {"model": {"const": LOCAL}}
    conditions.append(_when(local, _taking(f"{step.name}.local", definitions), required="model"))
    definitions[f"{step.name}.endpoint"] = params.of_endpoint(step)
    taken: list[Json] = [{"properties": local}, {"properties": {"model": _OF_MATRIX}}]
    taken += [
        {"properties": {"model": {"enum": names}, "provider": {"const": provider}}}
        for provider, names in by_provider.items()
    ]
    conditions.append(
        {
            "if": {"required": ["model"], "not": {"anyOf": taken}},
            "then": _taking(f"{step.name}.endpoint", definitions),
        }
    )
    return conditions


def _taking(key: str, definitions: Mapping[str, Json]) -> Schema:
    schema = definitions[key]
    needed: Schema = (
        {"required": ["params"]} if isinstance(schema, dict) and "required" in schema else {}
    )
    return {**needed, "properties": {"params": _ref(key)}}


def _suggested(step: StepType, registry: Registry, catalog: Catalog) -> Schema:
    known = shelf(step.name, catalog)
    current: list[Json] = [LOCAL, *known.current]
    said: list[Json] = [
        "the embedded engine: real files, no cost",
        *(said_of(model, name) for name, model in known.current.items()),
    ]
    options: list[Json] = [{"enum": current, "enumDescriptions": said}]
    if known.retired:
        gone: list[Json] = [said_of_retired(found) for found in known.retired.values()]
        options.append({"enum": list[Json](known.retired), "enumDescriptions": gone})
    options.append(
        {
            "description": "provider:endpoint, for what the catalogue does not have",
            "pattern": endpoint_pattern(registry, catalog),
        }
    )
    return {
        "properties": {"fallback": fallback({"anyOf": options})},
        "if": {"not": {"required": ["provider"]}},
        "then": {"properties": {"model": {"anyOf": [*options, _OF_MATRIX]}}},
    }


def _when(chosen: Mapping[str, Json], then: Schema, required: str | None = None) -> Schema:
    wanted: list[Json] = [required] if required is not None else list[Json](chosen)
    return {"if": {"properties": dict(chosen), "required": wanted}, "then": then}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}

"""The JSON Schema (draft-07) of pipeline files, generated from plug-ins and catalogue.

`shapes` gives its pieces for checking a file quickly, `build` the whole for editors; both are
made of the same shapes, and a test proves that they agree.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from aipipe.catalog.catalogue import Catalog
from aipipe.catalog.model import Model
from aipipe.catalog.price import describe
from aipipe.contracts.artefact import Json
from aipipe.contracts.shapes import Shape, Shapes
from aipipe.contracts.media import TEXT
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.registry import Registry
from aipipe.contracts.split import SplitMode
from aipipe.contracts.step import JsonSchema, Slot, StepType

DRAFT = "http://json-schema.org/draft-07/schema#"
REFERENCE = r"\$\{\{.*\}\}"
RAW_ENDPOINT = r"^[a-z][a-z0-9_]*:.+"
LOCAL = "local"
RESERVED_KEYS = frozenset({"when", "matrix", "repeat", "fallback", "race", "uses", "with", "approve"})
RESERVED_TYPES = frozenset({"pipeline"})
SPLIT, MERGE, GROUP, BATCH = "split_input", "merge_outputs", "parallel_group", "batch_parallel"

_TEXT: JsonSchema = {"type": "string"}
_FLAG: JsonSchema = {"type": ["boolean", "string"]}
_COUNT: JsonSchema = {"type": "integer", "minimum": 1}
_STEPS: JsonSchema = {"type": "array", "minItems": 1}
_AMOUNT: JsonSchema = {
    "type": ["number", "string"],
    "minimum": 0,
    "pattern": r"^\$?[0-9]+(\.[0-9]+)?$",
}
_TIME: JsonSchema = {
    "type": ["number", "string"],
    "exclusiveMinimum": 0,
    "pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h)?)+$",
}
_RETRY: JsonSchema = {
    "type": "object",
    "description": "How often a call that may safely be sent again is sent.",
    "properties": {
        "max_attempts": {"type": "integer", "minimum": 1, "maximum": 20},
        "delay": _TIME,
        "max_delay": _TIME,
    },
    "additionalProperties": False,
}
_ON_ERROR: JsonSchema = {
    "enum": ["fail", "continue", "ignore"],
    "description": "fail: what needs it is skipped. continue: a gap, exit 1. ignore: a gap, exit 0.",
}
_OUTPUT_FILE: JsonSchema = {
    "type": "string",
    "minLength": 1,
    "description": "Where its output goes inside the output folder; the extension chooses the format.",
}
_LIMIT: JsonSchema = {
    "type": "object",
    "properties": {
        "concurrency": {"type": "integer", "minimum": 1},
        "rate": {"type": "string", "pattern": r"^[0-9]+ */ *([0-9]*)(s|sec|min|m|h|hour)$"},
    },
    "additionalProperties": False,
}
_FAILURES: JsonSchema = {
    "type": ["integer", "string"],
    "minimum": 0,
    "pattern": r"^[0-9]+(\.[0-9]+)? *%$",
    "description": "How many places may fail: a number, or a percentage such as 20%.",
}


def _said(schema: JsonSchema, description: str) -> JsonSchema:
    return {**schema, "description": description}


_COMMON: Mapping[str, JsonSchema] = {
    "type": _said(_TEXT, "What the step does."),
    "id": {
        "type": "string",
        "pattern": r"^[A-Za-z_][A-Za-z0-9_-]*$",
        "description": "What others call it: ${{ steps.ID.output }}.",
    },
    "name": {"type": "string", "minLength": 1, "description": "What its row is called."},
    "needs": {
        "type": "array",
        "items": _TEXT,
        "description": "Ids of the steps that it waits for.",
    },
    "input": {"description": "What it takes, in the place of what arrives."},
    "enabled": _said(_FLAG, "false: as if it were not written."),
    "on_error": _ON_ERROR,
}
_MODEL_KEYS: Mapping[str, JsonSchema] = {
    "model": _said(_TEXT, "A name of the catalogue, provider:endpoint, or local."),
    "provider": _said(_TEXT, "Who runs it, where the model's name alone does not say."),
    "params": {"type": "object", "description": "Parameters, in aipipe's own words."},
    "raw": {"type": "object", "description": "Wire parameters, passed on as they are."},
    "retry": _RETRY,
    "timeout": _said(_TIME, "Seconds, or 90s, 10m, 1h; a step that takes longer fails."),
    "cache": _said({"type": "boolean"}, "false: never reuse an earlier result."),
    "price": _said(_AMOUNT, "USD a call, for an endpoint that the catalogue doesn't have."),
}
_GROUP_KEYS: Mapping[str, JsonSchema] = {
    "max_failures": _FAILURES,
    "min_success": {
        "type": "integer",
        "minimum": 0,
        "description": "How many places must succeed; the others may fail.",
    },
    "budget": _said(_AMOUNT, "USD that all inside may cost together."),
}
_INPUTS: JsonSchema = {
    "type": ["array", "string", "object"],
    "description": "Texts, files, globs, a .csv or .jsonl file, or - for standard input.",
}


# --- pieces


def shapes(registry: Registry, catalog: Catalog) -> Shapes:
    """The pieces of the schema, those of models made when they are first asked for."""
    return Shapes(
        top=_top(),
        chain=Shape(
            what="a branch",
            properties={**{k: v for k, v in _COMMON.items() if k != "type"}, "steps": _STEPS},
            required=("steps",),
        ),
        steps=_steps(registry),
        params=_params_of(registry, catalog),
        merges={name: _merge_params(m) for name, m in registry.merges.items()},
        splits={name: _split_params(s) for name, s in registry.splits.items()},
        models=_models_of(registry, catalog),
        reserved_keys=RESERVED_KEYS,
        reserved_types=RESERVED_TYPES,
    )


def _top() -> Shape:
    return Shape(
        what="a pipeline",
        required=("steps",),
        properties={
            "aipipe": {"enum": [1, "1"], "description": "The version of the language."},
            "name": {"type": "string", "minLength": 1, "description": "Else the file's name."},
            "description": _said(_TEXT, "What it is for."),
            "prompt": _said(_TEXT, "The run's text; --prompt takes its place."),
            "input": _INPUTS,
            "inputs": _INPUTS,
            "vars": {"type": "object", "description": "Variables: ${{ vars.NAME }}, --var."},
            "budget": _said(_AMOUNT, "USD that a run may cost."),
            "limits": _limits(),
            "defaults": _defaults(),
            "output_dir": {"type": "string", "minLength": 1, "description": "Where outputs go."},
            "tags": _said(_FLAG, "off: published files carry no tags."),
            "steps": _said(_STEPS, "What happens, one after the other."),
        },
    )


def _limits() -> JsonSchema:
    return {
        "type": "object",
        "description": "How much may happen at once.",
        "properties": {
            "max_workers": _COUNT,
            "providers": {"type": "object", "additionalProperties": _LIMIT},
            "models": {"type": "object", "additionalProperties": _LIMIT},
        },
        "additionalProperties": False,
    }


def _defaults() -> JsonSchema:
    return {
        "type": "object",
        "description": "For all steps that don't say otherwise.",
        "properties": {"retry": _RETRY, "timeout": _TIME, "on_error": _ON_ERROR},
        "additionalProperties": False,
    }


def _steps(registry: Registry) -> dict[str, Shape]:
    shapes = {name: _model_step(step) for name, step in registry.steps.items()}
    shapes[GROUP] = _shape(
        GROUP,
        {
            "parallel_steps": _said(_STEPS, "The branches."),
            "steps": _said(_STEPS, "The branches."),
            "max_workers": _said(_COUNT, "Branches at once."),
            **_GROUP_KEYS,
            "merge_strategy": _names(registry.merges, "Short for a merge after it."),
            "merge_params": {"type": "object", "description": "Parameters of that merge."},
        },
    )
    shapes[BATCH] = _shape(
        BATCH,
        {
            "step_template": {"type": "object", "description": "The step for each item."},
            "steps": _said(_STEPS, "The chain for each item."),
            "batch_size": _said(_COUNT, "Items in flight."),
            "inputs": _INPUTS,
            "as": {
                "type": "string",
                "pattern": r"^[A-Za-z_][A-Za-z0-9_]*$",
                "description": "What inner batches call this item.",
            },
            **_GROUP_KEYS,
        },
    )
    merges = _names(registry.merges, "How the list becomes one.")
    shapes[MERGE] = _shape(
        MERGE,
        {"merge_strategy": merges, "params": {"type": "object"}},
        required=("merge_strategy",),
    )
    splits = _names(registry.splits, "How the one becomes a list.")
    shapes[SPLIT] = _shape(
        SPLIT,
        {"split_strategy": splits, "params": {"type": "object"}},
        required=("split_strategy",),
    )
    return shapes


def _model_step(step: StepType) -> Shape:
    return _shape(step.name, _MODEL_KEYS, required=("model",))


def _shape(name: str, own: Mapping[str, JsonSchema], required: tuple[str, ...] = ()) -> Shape:
    article = "an" if name[0] in "aeiou" else "a"
    return Shape(
        what=f"{article} {name} step",
        properties={**_COMMON, **own},
        required=("type", *required),
    )


def _names(plugins: Mapping[str, MergeStrategy] | Mapping[str, SplitMode], why: str) -> JsonSchema:
    return {"enum": list(plugins), "description": why}


def _merge_params(merge: MergeStrategy) -> Shape:
    extra = {} if merge.produces is None else {"output_file": _OUTPUT_FILE}
    return Shape(what=merge.name, properties={**merge.params, **extra}, references=True)


def _split_params(split: SplitMode) -> Shape:
    properties = {**split.params, "output_file": _OUTPUT_FILE}
    return Shape(what=split.name, properties=properties, references=True)


def _params_of(registry: Registry, catalog: Catalog) -> Callable[[str, str], Shape | None]:
    @lru_cache(maxsize=None)
    def params(step_type: str, model: str) -> Shape | None:
        step = registry.steps[step_type]
        if model == LOCAL or ":" in model:
            return _params(step, step.params, "local" if model == LOCAL else model)
        resolved = catalog.resolve(step_type, model)
        return None if resolved is None else model_params(step, resolved.model)

    return params


def model_params(step: StepType, model: Model) -> Shape:
    """What a model takes in a step of this type."""
    words = {word: _described(p.schema, step.params.get(word)) for word, p in model.params.items()}
    return _params(step, words, model.name)


def _described(schema: JsonSchema, general: JsonSchema | None) -> JsonSchema:
    if "description" in schema or general is None or "description" not in general:
        return schema
    return {**schema, "description": general["description"]}


def _params(step: StepType, words: Mapping[str, JsonSchema], what: str) -> Shape:
    slots = {word: _slot(slot) for slot in step.slots for word in (slot.name, *slot.words)}
    extra = {} if step.produces is None else {"output_file": _OUTPUT_FILE}
    return Shape(what=what, properties={**slots, **words, **extra}, references=True)


def _slot(slot: Slot) -> JsonSchema:
    outright: JsonSchema = {
        "type": "object",
        "properties": {"text": _TEXT, "file": _TEXT, "url": _TEXT},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    if slot.medium == TEXT:
        return {"type": ["string", "number", "object"], "description": slot.summary, **_only(outright)}
    return {"type": ["string", "object"], "description": slot.summary, **_only(outright)}


def _only(schema: JsonSchema) -> dict[str, Json]:
    return {k: v for k, v in schema.items() if k != "type"}


def _models_of(registry: Registry, catalog: Catalog) -> Callable[[str], Mapping[str, str]]:
    @lru_cache(maxsize=None)
    def models(step_type: str) -> Mapping[str, str]:
        found = {n: describe(m.price) for n, m in catalog.names(step_type).items()}
        if registry.steps[step_type].local is not None:
            found[LOCAL] = "free"
        return found

    return models


# --- the whole


def build(registry: Registry, catalog: Catalog) -> dict[str, Json]:
    """The whole schema, for editors."""
    pieces = shapes(registry, catalog)
    definitions: dict[str, Json] = {"step": _step_definition(pieces)}
    for name, shape in pieces.steps.items():
        definitions[name] = _whole_step(name, shape, pieces, registry, catalog)
    definitions["chain"] = _nested(_object(pieces.chain))
    top = _object(pieces.top)
    _set(top, "steps", {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/step"}})
    return {"$schema": DRAFT, "title": "aipipe pipeline", **top, "definitions": definitions}


def _step_definition(pieces: Shapes) -> Json:
    rules: list[Json] = [
        {
            "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
            "then": {"$ref": f"#/definitions/{name}"},
        }
        for name in pieces.steps
    ]
    types: list[Json] = list(pieces.steps)
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": types, "description": "What the step does."}},
        "allOf": rules,
    }


def _object(shape: Shape) -> dict[str, Json]:
    properties: dict[str, Json] = {
        key: _or_reference(schema, needed=shape.references)
        for key, schema in shape.properties.items()
    }
    required: list[Json] = list(shape.required)
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
    }


def _or_reference(schema: JsonSchema, *, needed: bool) -> Json:
    own = dict(schema)
    if not needed:
        return own
    outer: dict[str, Json] = {
        "anyOf": [own, {"type": "string", "pattern": REFERENCE}],
    }
    if "description" in own:
        outer["description"] = own["description"]
    return outer


def _set(schema: dict[str, Json], key: str, value: Json) -> None:
    properties = schema["properties"]
    if isinstance(properties, dict):
        properties[key] = value


def _nested(schema: dict[str, Json], *, branches: bool = False) -> dict[str, Json]:
    """A container's schema with its steps spelled out."""
    step: Json = {"$ref": "#/definitions/step"}
    if branches:
        chain: Json = {"$ref": "#/definitions/chain"}
        step = {"if": {"required": ["type"]}, "then": step, "else": chain}
    properties = schema["properties"]
    if isinstance(properties, dict):
        for key in ("steps", "parallel_steps"):
            if key in properties:
                properties[key] = {"type": "array", "minItems": 1, "items": step}
        if "step_template" in properties:
            properties["step_template"] = {"$ref": "#/definitions/step"}
    return schema


def _whole_step(
    name: str, shape: Shape, pieces: Shapes, registry: Registry, catalog: Catalog
) -> Json:
    schema = _nested(_object(shape), branches=name == GROUP)
    if name == GROUP:
        return {**schema, **_exactly_one("parallel_steps", "steps")}
    if name == BATCH:
        return {**schema, **_exactly_one("step_template", "steps")}
    if name == MERGE:
        return {**schema, "allOf": _by_name("merge_strategy", pieces.merges)}
    if name == SPLIT:
        return {**schema, "allOf": _by_name("split_strategy", pieces.splits)}
    return {**schema, "allOf": _by_model(registry.steps[name], pieces, catalog)}


def _exactly_one(first: str, second: str) -> dict[str, Json]:
    return {"oneOf": [{"required": [first]}, {"required": [second]}]}


def _by_name(key: str, shapes: Mapping[str, Shape]) -> list[Json]:
    return [
        {
            "if": {"properties": {key: {"const": name}}, "required": [key]},
            "then": {"properties": {"params": _object(shape)}},
        }
        for name, shape in shapes.items()
    ]


def _by_model(step: StepType, pieces: Shapes, catalog: Catalog) -> list[Json]:
    known: list[Json] = list(pieces.models(step.name))
    free: list[Json] = [{"enum": known}, {"type": "string", "pattern": RAW_ENDPOINT}]
    rules: list[Json] = [
        {
            "if": {"required": ["provider"]},
            "else": {"properties": {"model": {"anyOf": free}}},
        }
    ]
    by_model: dict[str, list[str]] = {}
    for name, model in catalog.names(step.name).items():
        resolved = catalog.resolve(step.name, name)
        by_model.setdefault(resolved.model.name if resolved else model.name, []).append(name)
    for names in by_model.values():
        rules.append(_model_rule({"enum": list(names)}, pieces.params(step.name, names[0])))
    general = pieces.params(step.name, LOCAL)
    rules.append(_model_rule({"const": LOCAL}, general))
    rules.append(_model_rule({"type": "string", "pattern": RAW_ENDPOINT}, general))
    return rules


def _model_rule(condition: dict[str, Json], shape: Shape | None) -> Json:
    if shape is None:
        return True
    return {
        "if": {"properties": {"model": condition}, "required": ["model"]},
        "then": {"properties": {"params": _object(shape)}},
    }

"""The keys of each kind of step, in one piece. What a choice decides comes beside it."""

from collections.abc import Mapping

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import StepFragment
from aipipe.contracts.registry import Registry
from aipipe.contracts.step import StepType
from aipipe.schema.keys import BATCH, CALLING, COMMON, GROUP, STEPS
from aipipe.schema.values import NAME, Schema, described, mapping

BUILT_IN = ("parallel_group", "merge_outputs", "split_input", "batch_parallel", "pipeline")
"""Step types that call no model."""
SUMMARIES: Mapping[str, str] = {
    "parallel_group": "Run branches side by side.",
    "merge_outputs": "Make one value of a list.",
    "split_input": "Make a list of one value.",
    "batch_parallel": "Run the same steps for every item of a list.",
    "pipeline": "Run another pipeline as one step.",
}
_JUDGE = (
    "The step that is asked about each, for best_of: its answer has a number from 0 to 100,"
    " and the last one in it counts."
)
_PARAMS: Schema = {"type": "object"}
_PROVIDER = "Whose endpoint 'model' names, where the catalogue has none."


def kinds(registry: Registry, providers: tuple[str, ...]) -> dict[str, StepFragment]:
    """Every kind of step, by type."""
    own = {step.name: calling(step, providers) for step in registry.steps.values()}
    return {**own, **_built_in(registry)}


def calling(step: StepType, providers: tuple[str, ...]) -> StepFragment:
    """A step that calls a model."""
    properties: dict[str, Json] = {
        **_typed(step.name, step.summary),
        "model": described(
            NAME, "Its name in the catalogue (aipipe models), or local for the embedded engine."
        ),
        "params": described(_PARAMS, "The model's parameters, in aipipe's words."),
        **CALLING,
        "provider": {"description": _PROVIDER, "enum": list[Json](providers)},
        "fallback": fallback(NAME),
    }
    schema = mapping(properties, required=["type", "model"], description=step.summary)
    return StepFragment(type=step.name, schema=schema, choice="model")


def fallback(model: Schema) -> Schema:
    """A model, or a list of them."""
    return {
        "title": "a model, or a list of them",
        "description": "Models to take its place where it fails, in this order.",
        "anyOf": [model, {"type": "array", "items": model, "minItems": 1}],
    }


def chain() -> StepFragment:
    """A branch of several steps, one after the other."""
    steps = described(STEPS, "One after the other; its value is the last one's.")
    schema = mapping({**COMMON, "steps": steps}, required=["steps"])
    return StepFragment(type="chain", schema=schema, lists=("steps",))


def _built_in(registry: Registry) -> dict[str, StepFragment]:
    found = (
        _group(),
        _batch(),
        _choosing("merge_outputs", "merge_strategy", tuple(registry.merges), single="judge"),
        _choosing("split_input", "split_strategy", tuple(registry.splits)),
        _pipeline(),
    )
    return {fragment.type: fragment for fragment in found}


def _group() -> StepFragment:
    branches = described(STEPS, "The branches: steps, or chains {id, steps: […]}.")
    properties: dict[str, Json] = {
        **_typed("parallel_group", SUMMARIES["parallel_group"]),
        "parallel_steps": branches,
        "steps": branches,
        **GROUP,
        "merge_strategy": described(NAME, "How to merge the branches: short for a merge after it."),
        "merge_params": described(_PARAMS, "The parameters of merge_strategy."),
    }
    either: list[Json] = [{"required": ["parallel_steps"]}, {"required": ["steps"]}]
    return StepFragment(
        type="parallel_group",
        schema=mapping(
            properties,
            required=["type"],
            oneOf=either,
            dependencies={"merge_params": ["merge_strategy"]},
        ),
        choice="merge_strategy",
        params_key="merge_params",
        lists=("parallel_steps", "steps"),
        branches=True,
    )


def _batch() -> StepFragment:
    properties: dict[str, Json] = {
        **_typed("batch_parallel", SUMMARIES["batch_parallel"]),
        "step_template": {"type": "object", "description": "The step that runs for each item."},
        "steps": described(STEPS, "The steps that run for each item, one after the other."),
        **BATCH,
    }
    either: list[Json] = [{"required": ["step_template"]}, {"required": ["steps"]}]
    return StepFragment(
        type="batch_parallel",
        schema=mapping(properties, required=["type"], oneOf=either),
        lists=("steps",),
        single="step_template",
    )


def _pipeline() -> StepFragment:
    properties: dict[str, Json] = {
        **_typed("pipeline", SUMMARIES["pipeline"]),
        "uses": described(NAME, "Its file, relative to this one."),
        "with": {
            "type": "object",
            "description": "What its variables are, and its prompt: values or references.",
        },
    }
    return StepFragment(type="pipeline", schema=mapping(properties, required=["type", "uses"]))


def _choosing(
    type_: str, choice: str, names: tuple[str, ...], single: str | None = None
) -> StepFragment:
    properties: dict[str, Json] = {
        **_typed(type_, SUMMARIES[type_]),
        choice: described(NAME, f"One of {', '.join(sorted(names))}."),
        "params": described(_PARAMS, f"The parameters of {choice}."),
    }
    if single is not None:
        properties[single] = {"type": "object", "description": _JUDGE}
    schema = mapping(properties, required=["type", choice])
    return StepFragment(type=type_, schema=schema, choice=choice, single=single)


def _typed(name: str, summary: str) -> dict[str, Json]:
    return {"type": {"const": name, "description": summary}, **COMMON}

"""Parameters that are held against the schema once the plan is known.

Those that references bring, and those of models that may take another's place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aipipe.app.late_models import of_matrix, value_at
from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import Fragments, ParamsFragment
from aipipe.contracts.step import JsonSchema
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.violations import Owner, violations
from aipipe.planning.bindings import Const
from aipipe.planning.plan import Plan, Task


def late_faults(plan: Plan, data: Mapping[str, Json], fragments: Fragments) -> list[Fault]:
    """The faults of parameters such as `${{ vars.seconds }}`, whose variables have a value.

    `data` is what each file holds, by its path; the pipeline's own has none.
    """
    found = (
        replace(fault, file=task.file)
        for task in plan.tasks
        for fault in (
            *_of_task(task, data[task.file], fragments),
            *(
                each
                for other in task.fallbacks
                for each in _of_fallback(other, data[task.file], fragments)
            ),
        )
    )
    return list(dict.fromkeys(found))


def _of_fallback(task: Task, data: Json, fragments: Fragments) -> list[Fault]:
    """The faults of all that a step says, by the model that may take its place."""
    found, step = fragments.params(task.type, task.asked, None), value_at(data, task.at)
    given = step.get("params", {}) if isinstance(step, dict) else {}
    if found is None or not isinstance(given, dict):
        return []
    owner = Owner(what=f"{found.owner} (fallback)", are_params=True)
    written = violations(given, found.schema, owner, (*task.at, "params"))
    return [*written, *_broken(dict(_late(task, data)), found, task.at)]


def _of_task(task: Task, data: Json, fragments: Fragments) -> list[Fault]:
    late = dict(_late(task, data))
    step = value_at(data, task.at)
    if not isinstance(step, dict):
        return []
    provider = step.get("provider")
    named = provider if isinstance(provider, str) else None
    told = _of_late(task, late, named, fragments)
    if _is_of_matrix(step):
        return [*of_matrix(task, step, named, data, fragments), *told]
    return told


def _is_of_matrix(step: Mapping[str, Json]) -> bool:
    model = step.get("model")
    return isinstance(model, str) and "${{" in model


def _of_late(
    task: Task, late: dict[str, Json], provider: str | None, fragments: Fragments
) -> list[Fault]:
    found = fragments.params(task.type, task.asked, provider) if late else None
    return [] if found is None else _broken(late, found, task.at)


def _broken(late: dict[str, Json], found: ParamsFragment, at: Path) -> list[Fault]:
    owner = Owner(what=found.owner, are_params=True)
    return violations(late, _only(found.schema, late), owner, (*at, "params"))


def _late(task: Task, data: Json) -> Iterator[tuple[str, Json]]:
    for word, binding in task.params.items():
        written = value_at(data, (*task.at, "params", word))
        if isinstance(written, str) and "${{" in written and isinstance(binding, Const):
            yield word, binding.value  # type: ignore[misc] # constants of params are plain data


def _only(schema: JsonSchema, words: Mapping[str, Json]) -> JsonSchema:
    """The schema of these words alone: what else is needed was checked as it is written."""
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    return {"type": "object", "properties": {w: known[w] for w in words if w in known}}

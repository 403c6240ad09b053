"""Models that a matrix brings: held against the catalogue and the schema once the plan is known."""

from collections.abc import Iterator, Mapping, Sequence

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import Fragments
from aipipe.language import choices
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.violations import Owner, violations
from aipipe.planning.plan import Task


def of_matrix(
    task: Task,
    step: Mapping[str, Json],
    provider: str | None,
    data: Json,
    fragments: Fragments,
) -> list[Fault]:
    """The faults of a step by one of the models of its matrix: unknown, or with other parameters.

    An unknown model is told where the matrix lists it.
    """
    found = fragments.params(task.type, task.asked, provider)
    if found is None:
        place = _listed(task, data) or (*task.at, "model")
        return [choices.unknown_model(fragments.steps[task.type], task.asked, place, fragments)]
    given = step.get("params", {})
    owner = Owner(what=found.owner, are_params=True)
    place = (*task.at, "params") if "params" in step else task.at
    return violations(given, found.schema, owner, place) if isinstance(given, dict) else []


def _listed(task: Task, data: Json) -> Path | None:
    """Where a matrix around a step lists its model; None: nowhere, it comes from a variable."""
    return next((place for place in _places(task.at, data) if _names(data, place, task)), None)


def _names(data: Json, place: Path, task: Task) -> bool:
    return value_at(data, place) == task.asked


def _places(at: Path, data: Json) -> Iterator[Path]:
    for length in range(len(at), 0, -1):
        matrix = value_at(data, (*at[:length], "matrix"))
        for name, values in matrix.items() if isinstance(matrix, dict) else ():
            for index in range(len(values) if isinstance(values, list) else 0):
                yield (*at[:length], "matrix", name, index)


def value_at(data: Json, path: Sequence[str | int]) -> Json:
    """What stands at a path; None: nothing."""
    found: Json = data
    for part in path:
        if isinstance(found, dict) and isinstance(part, str):
            found = found.get(part)
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
        else:
            return None
    return found

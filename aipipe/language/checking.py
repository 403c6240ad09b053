"""Every fault that the schema finds in a document, piece by piece.

Each step is held against the fragment of its own type, and its parameters against that of its
own model: as a whole, the schema would be tried with every model for every step.
"""

import re
from collections.abc import Iterator, Mapping

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import MATRIX_REFERENCE, Fragments, StepFragment
from aipipe.language import choices
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.kinds import kind
from aipipe.language.violations import Owner, violations

_PIPELINE = Owner(what="a pipeline")


def faults(data: Json, fragments: Fragments) -> list[Fault]:
    """All faults of a document's shape."""
    if not isinstance(data, dict):
        return [_no_pipeline(data)]
    found = violations(data, fragments.top, _PIPELINE, ())
    steps = data.get("steps")
    if isinstance(steps, list):
        found.extend(_steps(steps, ("steps",), fragments, branches=False))
    return found


def _no_pipeline(data: Json) -> Fault:
    return Fault(
        code="no_pipeline",
        message=f"a pipeline is a mapping with 'steps', not {kind(data)}",
        at=(),
        hints=("begin with  steps:  and indent the list under it",) if _is_list(data) else (),
    )


def _is_list(data: Json) -> bool:
    return isinstance(data, list)


def _steps(steps: list[Json], at: Path, fragments: Fragments, *, branches: bool) -> Iterator[Fault]:
    for index, step in enumerate(steps):
        yield from _step(step, (*at, index), fragments, branch=branches)


def _step(step: Json, at: Path, fragments: Fragments, *, branch: bool) -> Iterator[Fault]:
    if not isinstance(step, dict):
        yield Fault(
            code="wrong_type",
            message=f"a step is a mapping, not {kind(step)}",
            at=at,
            hints=("such as  - {type: text_to_speech, model: local}",),
        )
        return
    fragment = _fragment(step, fragments, branch=branch)
    if fragment is None:
        yield choices.no_type(step, at, fragments)
        return
    yield from _own(step, fragment, at, fragments)
    yield from _inside(step, fragment, at, fragments)


def _fragment(
    step: Mapping[str, Json], fragments: Fragments, *, branch: bool
) -> StepFragment | None:
    if branch and "type" not in step and "steps" in step:
        return fragments.chain
    type_ = step.get("type")
    return fragments.steps.get(type_) if isinstance(type_, str) else None


def _own(
    step: Mapping[str, Json], fragment: StepFragment, at: Path, fragments: Fragments
) -> Iterator[Fault]:
    """The faults of the step's keys and of its parameters."""
    chosen = step.get(fragment.choice) if fragment.choice is not None else None
    choice = chosen if isinstance(chosen, str) else None
    provider = step.get("provider")
    params = (
        fragments.params(fragment.type, choice, provider if isinstance(provider, str) else None)
        if choice is not None
        else None
    )
    words = _words(params.schema) if params is not None else frozenset()
    owner = Owner(what=_called(fragment), elsewhere=words)
    yield from violations(dict(step), fragment.schema, owner, at)
    yield from _fallbacks(step, fragment, at, fragments)
    if _is_of_matrix(fragment, choice):
        return  # what each of its models takes is checked once the plan is known
    if params is None:
        if choice:
            yield choices.unknown(fragment, choice, at, fragments)
        return
    given = step.get(fragment.params_key, {})
    if isinstance(given, dict):
        own = Owner(what=params.owner, are_params=True, elsewhere=_words(fragment.schema))
        place = (*at, fragment.params_key) if fragment.params_key in step else at
        yield from violations(given, params.schema, own, place)


def _fallbacks(
    step: Mapping[str, Json], fragment: StepFragment, at: Path, fragments: Fragments
) -> Iterator[Fault]:
    """The faults of the models that may take a step's place."""
    written = step.get("fallback") if fragment.choice == "model" else None
    named = enumerate(written) if isinstance(written, list) else [(None, written)]
    for index, name in named:
        if isinstance(name, str) and name and fragments.params(fragment.type, name, None) is None:
            place = (*at, "fallback") if index is None else (*at, "fallback", index)
            yield choices.unknown_model(fragment, name, place, fragments)


def _is_of_matrix(fragment: StepFragment, choice: str | None) -> bool:
    """Whether the model is a value of a matrix: `${{ matrix.model }}`."""
    return fragment.choice == "model" and re.search(MATRIX_REFERENCE, choice or "") is not None


def _called(fragment: StepFragment) -> str:
    if fragment.type == "chain":
        return "a branch"
    return f"{'an' if fragment.type[0] in 'aeiou' else 'a'} {fragment.type} step"


def _words(schema: Mapping[str, Json]) -> frozenset[str]:
    properties = schema.get("properties")
    return frozenset(properties) if isinstance(properties, dict) else frozenset()


def _inside(
    step: Mapping[str, Json], fragment: StepFragment, at: Path, fragments: Fragments
) -> Iterator[Fault]:
    for key in fragment.lists:
        inner = step.get(key)
        if isinstance(inner, list):
            yield from _steps(inner, (*at, key), fragments, branches=fragment.branches)
    if fragment.single is not None and fragment.single in step:
        template = step[fragment.single]
        if isinstance(template, dict):
            yield from _step(template, (*at, fragment.single), fragments, branch=False)

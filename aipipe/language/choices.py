"""The faults of a name that nothing answers to: a step type, a model, a strategy."""

from collections.abc import Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import Fragments, StepFragment
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.kinds import kind
from aipipe.language.suggestions import close, did_you_mean, one_of

_MOST_TYPES: Final = 24


def no_type(step: Mapping[str, Json], at: Path, fragments: Fragments) -> Fault:
    """The fault of a step whose type is missing or unknown."""
    types = f"types: {one_of(sorted(fragments.steps), _MOST_TYPES)}"
    if "type" not in step:
        return Fault(code="missing_type", message="a step needs 'type'", at=at, hints=(types,))
    type_ = step["type"]
    place = (*at, "type")
    if not isinstance(type_, str):
        message = f"'type' takes text, not {kind(type_)}"
        return Fault(code="wrong_type", message=message, at=place, hints=(types,))
    return Fault(
        code="unknown_type",
        message=f"unknown step type '{type_}'",
        at=place,
        hints=did_you_mean(type_, fragments.steps) or (types,),
    )


def unknown(fragment: StepFragment, choice: str, at: Path, fragments: Fragments) -> Fault:
    """The fault of a model or strategy that there is not."""
    key = fragment.choice or ""
    place = (*at, key)
    if key == "model":
        return unknown_model(fragment, choice, place, fragments)
    known = fragments.choices(fragment.type)
    return Fault(
        code="unknown_strategy",
        message=f"unknown {key.replace('_', ' ')} '{choice}'",
        at=place,
        hints=(*did_you_mean(choice, known), f"there are: {one_of(known, _MOST_TYPES)}"),
    )


def unknown_model(fragment: StepFragment, choice: str, place: Path, fragments: Fragments) -> Fault:
    """The fault of a model that there is not."""
    type_ = fragment.type
    provider, colon, _ = choice.partition(":")
    if colon:
        known = _providers(fragment)
        return Fault(
            code="unknown_provider",
            message=f"unknown provider '{provider}' in the model '{choice}'",
            at=place,
            hints=(*did_you_mean(provider, known), f"there are: {one_of(known, _MOST_TYPES)}"),
        )
    hints = [_meant(type_, each, fragments) for each in close(choice, fragments.choices(type_))]
    hints.append(f"all of them: aipipe models --type {type_}")
    return Fault(
        code="unknown_model",
        message=f"unknown {type_} model '{choice}'",
        at=place,
        hints=tuple(hints),
    )


def _meant(type_: str, name: str, fragments: Fragments) -> str:
    note = fragments.note(type_, name)
    return f"did you mean '{name}' ({note})?" if note else f"did you mean '{name}'?"


def _providers(fragment: StepFragment) -> list[str]:
    properties = fragment.schema.get("properties")
    provider = properties.get("provider") if isinstance(properties, dict) else None
    known = provider.get("enum") if isinstance(provider, dict) else None
    return [str(each) for each in known] if isinstance(known, list) else []

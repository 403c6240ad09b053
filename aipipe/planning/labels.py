"""What the rows of a group are called: by name, else by whatever differs among siblings."""

from collections.abc import Sequence

from aipipe.language.spec import ModelStep, StepSpec

_FIRST = ("model", "type", "voice", "seed", "prompt", "text")
_LONGEST = 24


def labels_of(
    steps: Sequence[StepSpec], ids: Sequence[str], *, are_branches: bool
) -> tuple[str, ...]:
    """A label for each sibling, distinct wherever something tells them apart.

    Steps one after the other do different things and go by their ids.
    """
    differing = _differing(steps) if are_branches else []
    return tuple(
        step.name or (differing[index] if differing else "") or ids[index]
        for index, step in enumerate(steps)
    )


def _differing(steps: Sequence[StepSpec]) -> list[str]:
    models = [step for step in steps if isinstance(step, ModelStep)]
    if len(models) < len(steps) or len(steps) < 2:  # noqa: PLR2004 (one has no siblings)
        return []
    facts = [_facts(step) for step in models]
    words = list(dict.fromkeys(word for fact in facts for word in fact))
    words.sort(key=lambda word: _FIRST.index(word) if word in _FIRST else len(_FIRST))
    varying = [word for word in words if len({fact.get(word) for fact in facts}) > 1]
    for word in varying:
        column = [fact.get(word, "") for fact in facts]
        if len(set(column)) == len(column):
            return column
    columns = [" ".join(fact[word] for word in varying if word in fact) for fact in facts]
    return columns if len(set(columns)) == len(columns) else []


def _facts(step: ModelStep) -> dict[str, str]:
    plain = {
        word: _short(value) if isinstance(value, str) else f"{word} {value}"
        for word, value in step.params.items()
        if isinstance(value, str | int | float) and word != "output_file"
    }
    return {"model": step.model, "type": step.type, **plain}


def _short(value: str) -> str:
    text = " ".join(value.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

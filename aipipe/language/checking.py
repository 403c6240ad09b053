"""Every fault that a schema can find, told in the user's words."""

from collections.abc import Iterator, Mapping

from aipipe.contracts.artefact import Json
from aipipe.contracts.shapes import Shape, Shapes
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.suggestions import close, did_you_mean, one_of
from aipipe.language.value_checking import value_faults

NESTED = ("steps", "parallel_steps")
GROUP, BATCH = "parallel_group", "batch_parallel"
_OPEN, _CLOSE = "${{", "}}"


def faults(data: Mapping[str, Json], shapes: Shapes) -> list[Fault]:
    """All faults of a document's shape, in the order of its text."""
    return list(_document(data, shapes))


def _document(data: Mapping[str, Json], shapes: Shapes) -> Iterator[Fault]:
    yield from _keys(data, shapes.top, (), shapes)
    yield from _values(data, shapes.top, (), skip=("steps",))
    if "steps" in data:
        yield from _steps(data["steps"], ("steps",), shapes, branches=False)


# --- steps


def _steps(written: Json, at: Path, shapes: Shapes, *, branches: bool) -> Iterator[Fault]:
    if not isinstance(written, list):
        yield Fault(
            code="wrong_type",
            message=f"'{at[-1]}' takes a list of steps",
            at=at,
            hints=("begin each step with a hyphen:  - type: text_to_speech",),
        )
        return
    if not written:
        yield Fault(code="no_steps", message=f"'{at[-1]}' is an empty list", at=at)
    for index, step in enumerate(written):
        yield from _step(step, (*at, index), shapes, branch=branches)


def _step(step: Json, at: Path, shapes: Shapes, *, branch: bool) -> Iterator[Fault]:
    if not isinstance(step, dict):
        yield Fault(
            code="wrong_type",
            message="a step is a mapping",
            at=at,
            hints=("- type: text_to_speech",),
        )
        return
    if branch and "type" not in step and "steps" in step:
        yield from _chain(step, at, shapes)
        return
    shape = _shape_of(step, shapes)
    if shape is None:
        yield _no_type(step, at, shapes)
        return
    yield from _typed(step, shape, at, shapes)


def _shape_of(step: Mapping[str, Json], shapes: Shapes) -> Shape | None:
    kind = step.get("type")
    return shapes.steps.get(kind) if isinstance(kind, str) else None


def _no_type(step: Mapping[str, Json], at: Path, shapes: Shapes) -> Fault:
    kind = step.get("type")
    if kind is None:
        return Fault(
            code="missing_type",
            message="a step needs 'type'",
            at=at,
            hints=(f"types: {one_of(shapes.steps, 20)}",),
        )
    if kind in shapes.reserved_types:
        return _not_yet(f"step type '{kind}'", (*at, "type"))
    hints = did_you_mean(str(kind), shapes.steps)
    return Fault(
        code="unknown_type",
        message=f"unknown step type '{kind}'",
        at=(*at, "type"),
        hints=hints or (f"types: {one_of(shapes.steps, 20)}",),
    )


def _not_yet(what: str, at: Path, *, on_key: bool = False) -> Fault:
    return Fault(
        code="not_yet",
        message=f"{what} is not supported yet",
        at=at,
        on_key=on_key,
        hints=("the word is reserved for a coming version",),
    )


def _chain(step: Mapping[str, Json], at: Path, shapes: Shapes) -> Iterator[Fault]:
    yield from _keys(step, shapes.chain, at, shapes)
    yield from _values(step, shapes.chain, at, skip=NESTED)
    yield from _steps(step["steps"], (*at, "steps"), shapes, branches=False)


def _typed(
    step: Mapping[str, Json], shape: Shape, at: Path, shapes: Shapes
) -> Iterator[Fault]:
    kind = str(step["type"])
    yield from _keys(step, shape, at, shapes)
    yield from _values(step, shape, at, skip=(*NESTED, "step_template", "type", "model"))
    if kind == GROUP:
        yield from _inside(step, at, ("parallel_steps", "steps"), shapes)
        yield from _params(step, "merge_params", shapes.merges.get(_word(step, "merge_strategy")), at)
    elif kind == BATCH:
        yield from _inside(step, at, ("step_template", "steps"), shapes)
    elif "model" in shape.properties:
        yield from _model(step, kind, at, shapes)
    else:
        merge = shapes.merges.get(_word(step, "merge_strategy"))
        split = shapes.splits.get(_word(step, "split_strategy"))
        yield from _params(step, "params", merge or split, at)


def _word(step: Mapping[str, Json], key: str) -> str:
    value = step.get(key)
    return value if isinstance(value, str) else ""


def _inside(
    step: Mapping[str, Json], at: Path, either: tuple[str, str], shapes: Shapes
) -> Iterator[Fault]:
    first, second = either
    if first in step and second in step:
        yield Fault(
            code="both_keys",
            message=f"'{first}' and '{second}' together",
            at=(*at, second),
            on_key=True,
            hints=(f"keep '{first}'",),
        )
    if first not in step and second not in step:
        yield Fault(
            code="missing_key", message=f"a {step['type']} step needs '{first}'", at=at
        )
    for key in either:
        if key == "step_template" and key in step:
            yield from _step(step[key], (*at, key), shapes, branch=False)
        elif key in step:
            group = step["type"] == GROUP
            yield from _steps(step[key], (*at, key), shapes, branches=group)


# --- models and parameters


def _model(step: Mapping[str, Json], kind: str, at: Path, shapes: Shapes) -> Iterator[Fault]:
    model = step.get("model")
    if model is None:
        return
    if not isinstance(model, str):
        yield from value_faults(model, {"type": "string"}, "'model'", (*at, "model"))
        return
    shape = shapes.params(kind, model)
    if shape is None:
        if "provider" not in step:
            yield _unknown_model(model, kind, (*at, "model"), shapes)
        return
    yield from _params(step, "params", shape, at)


def _unknown_model(model: str, kind: str, at: Path, shapes: Shapes) -> Fault:
    known = shapes.models(kind)
    found = close(model, known)
    hints = [f"did you mean '{found[0]}' ({known[found[0]]})?"] if found else []
    hints.append(f"all of them: aipipe models --type {kind}")
    return Fault(
        code="unknown_model", message=f"unknown {kind} model '{model}'", at=at, hints=tuple(hints)
    )


def _params(
    step: Mapping[str, Json], key: str, shape: Shape | None, at: Path
) -> Iterator[Fault]:
    params = step.get(key)
    if shape is None or not isinstance(params, dict):
        return
    place = (*at, key)
    for word, value in params.items():
        schema = shape.properties.get(word)
        if schema is None:
            if not word.startswith("x-"):
                yield _unknown_param(word, shape, (*place, word))
        elif not (shape.references and _is_reference(value)):
            yield from value_faults(value, schema, f"'{word}' of {shape.what}", (*place, word))
    for word in shape.required:
        if word not in params:
            yield Fault(code="missing_key", message=f"{shape.what} needs '{word}'", at=place)


def _is_reference(value: Json) -> bool:
    return isinstance(value, str) and _OPEN in value and _CLOSE in value.split(_OPEN, 1)[1]


def _unknown_param(word: str, shape: Shape, at: Path) -> Fault:
    known = list(shape.properties)
    return Fault(
        code="unknown_param",
        message=f"{shape.what} has no parameter '{word}'",
        at=at,
        on_key=True,
        hints=(*did_you_mean(word, known), f"it takes: {one_of(known, 24)}"),
    )


# --- keys and values


def _keys(
    written: Mapping[str, Json], shape: Shape, at: Path, shapes: Shapes
) -> Iterator[Fault]:
    for key in written:
        if key in shape.properties or key.startswith("x-"):
            continue
        if key in shapes.reserved_keys:
            yield _not_yet(f"'{key}'", (*at, key), on_key=True)
            continue
        hints = did_you_mean(key, shape.properties) or (f"it takes: {one_of(shape.properties, 24)}",)
        yield Fault(
            code="unknown_key",
            message=f"unknown key '{key}' in {shape.what}",
            at=(*at, key),
            on_key=True,
            hints=hints,
        )
    for key in shape.required:
        if key not in written:
            message = f"missing '{key}'" if not at else f"{shape.what} needs '{key}'"
            yield Fault(code="missing_key", message=message, at=at)


def _values(
    written: Mapping[str, Json], shape: Shape, at: Path, *, skip: tuple[str, ...]
) -> Iterator[Fault]:
    for key, value in written.items():
        schema = shape.properties.get(key)
        if schema is not None and key not in skip and key != "params":
            yield from value_faults(value, schema, f"'{key}'", (*at, key))
        elif key == "params" and schema is not None and not isinstance(value, dict):
            yield from value_faults(value, schema, "'params'", (*at, key))

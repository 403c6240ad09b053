"""The published schema: current, and of one mind with the check that dispatches on its pieces."""

import copy
import json
import random
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from aipipe import schema
from aipipe.app import discover, schema_file
from aipipe.contracts.fragments import Fragments
from aipipe.language import checking
from aipipe.shipped import schema_path, service_schema_path

ROOT = Path(__file__).parents[2]
JUNK: list[Any] = [None, True, 0, -1, 2.5, "", "zzz", "6", "6s", "${{ vars.x }}", [], ["a"], {}]
KEYS = ("id", "name", "needs", "enabled", "when", "x-note", "params", "input", "typo", "retry")
VARIED: list[Any] = [{"seed": [1]}, {"x": "*.png", "exclude": [{"x": 1}]}, "${{ matrix.model }}"]
WORDS = ("seed", "duration", "output_file", "voice", "size", "x-mine", "prompt", "sead", "count")


@cache
def whole() -> Draft7Validator:
    return Draft7Validator(schema.whole(discover.own_registry(), discover.catalog()))


@cache
def fragments() -> Fragments:
    return schema.fragments(discover.own_registry(), discover.catalog())


@cache
def choices() -> list[tuple[str, str]]:
    """Every step type that calls a model with every name that it may call."""
    found = discover.own_registry().steps
    names = discover.catalog().names
    return [(t, n) for t in found for n in (*names(t), "local", "fal:some/endpoint", "nothing")]


def sound_step(chance: random.Random) -> dict[str, Any]:
    kind, model = chance.choice(choices())
    step: dict[str, Any] = {"type": kind, "model": model}
    found = fragments().params(kind, model, None)
    words = found.schema["properties"] if found is not None else {}
    assert isinstance(words, dict)
    step["params"] = {
        word: value(own, chance)
        for word, own in words.items()
        if isinstance(own, dict) and chance.random() < 0.5
    }
    return step


def value(own: dict[str, Any], chance: random.Random) -> Any:
    """A value that is likely to fit."""
    if "anyOf" in own:
        return value(chance.choice(own["anyOf"]), chance)
    if "enum" in own:
        return chance.choice(own["enum"])
    types = own.get("type", "string")
    kind = types[0] if isinstance(types, list) else types
    number = own.get("minimum", own.get("maximum", 1))
    return {
        "string": "words",
        "integer": number,
        "number": number,
        "boolean": True,
        "array": ["words"],
        "object": {"file": "a.png"},
    }.get(kind)


def container(chance: random.Random) -> dict[str, Any]:
    inner = [sound_step(chance) for _ in range(chance.randint(1, 2))]
    kind = chance.randint(0, 5)
    if kind == 0:
        return {"type": "parallel_group", "parallel_steps": [*inner, {"steps": inner}]}
    if kind == 1:
        return {"type": "batch_parallel", "step_template": inner[0], "inputs": ["a"]}
    if kind == 2:
        return {"type": "merge_outputs", "merge_strategy": "concat_text", "params": {}}
    if kind == 3:
        return {"type": "split_input", "split_strategy": "chunks", "params": {"size": 100}}
    if kind == 4:
        return {"type": "pipeline", "uses": "part.yaml", "with": {"who": "Ann", "seeds": [1]}}
    return {"type": "batch_parallel", "steps": inner, "batch_size": 2}


def places(node: Any) -> list[Any]:
    """Every mapping and list inside, itself included."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [node, *chain.from_iterable(places(each) for each in inner)] if inner != () else []


def spoilt(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The document with something changed somewhere."""
    found = copy.deepcopy(document)
    place = chance.choice(places(found))
    if isinstance(place, list):
        if chance.random() < 0.5:
            place.append(chance.choice(JUNK))
        elif place:
            place[chance.randrange(len(place))] = chance.choice(JUNK)
        return found
    known = list(place)
    if known and chance.random() < 0.3:
        del place[chance.choice(known)]
    elif known and chance.random() < 0.5:
        place[chance.choice(known)] = chance.choice(JUNK)
    else:
        key = chance.choice((*KEYS, *WORDS, "matrix", "repeat", "model"))
        place[key] = chance.choice((*JUNK, *VARIED))
    return found


def agree(document: Any) -> None:
    fits = whole().is_valid(document)
    told = checking.faults(document, fragments())

    assert fits == (told == []), (
        document,
        told,
        [e.message for e in whole().iter_errors(document)],
    )


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_check_and_the_whole_schema_agree(seed: int) -> None:
    chance = random.Random(seed)
    steps = [chance.choice([sound_step, container])(chance) for _ in range(chance.randint(1, 3))]
    document: dict[str, Any] = {"prompt": "a fox", "steps": steps}

    agree(document)
    for _ in range(3):
        agree(spoilt(document, chance))


@pytest.mark.full
@settings(max_examples=5_000, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_check_and_the_whole_schema_agree_on_many(seed: int) -> None:
    chance = random.Random(seed)
    document: dict[str, Any] = {"steps": [chance.choice([sound_step, container])(chance)]}

    agree(spoilt(spoilt(document, chance), chance))


@pytest.mark.parametrize("document", [None, [], "steps", 7, {}, {"steps": None}, {"steps": [[]]}])
def test_they_agree_on_what_is_no_pipeline(document: Any) -> None:
    agree(document)


@pytest.mark.parametrize(
    "more",
    [
        {"outputs": {"clip": "${{ steps.a }}"}},
        {"outputs": {"clip": 7}},
        {"outputs": {"no name": "x"}},
        {"outputs": []},
        {"vars": {"x": {"required": True, "choices": ["a", 1, False]}}},
        {"vars": {"x": {"required": "yes"}}},
        {"vars": {"x": {"choices": []}}},
        {"vars": {"x": {"choices": [["a"]]}}},
        {"steps": [{"type": "pipeline"}]},
        {"steps": [{"type": "pipeline", "uses": ""}]},
        {"steps": [{"type": "pipeline", "uses": "a.yaml", "with": ["a"]}]},
        {"steps": [{"type": "pipeline", "uses": "a.yaml", "params": {}}]},
    ],
)
def test_they_agree_on_pipelines_that_are_made_to_be_used(more: dict[str, Any]) -> None:
    agree({"steps": [{"type": "pipeline", "uses": "a.yaml", "with": {"x": [1]}}], **more})


def test_the_published_schema_is_what_this_version_generates() -> None:
    assert schema_path().read_text(encoding="utf-8") == schema_file.text()
    assert service_schema_path().read_text(encoding="utf-8") == schema_file.service_text()


@pytest.mark.parametrize("path", [schema_path(), service_schema_path()], ids=lambda p: p.name)
def test_the_published_schema_is_one(path: Path) -> None:
    Draft7Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted((ROOT / "pipelines").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_examples_fit_it(path: Path) -> None:
    from aipipe.language import reader  # noqa: PLC0415 (only here)

    assert [e.message for e in whole().iter_errors(reader.read(str(path)).data)] == []

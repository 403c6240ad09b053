"""The file that ships, its sources, and what they may say."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest

from aipipe.catalog.catalogue import FILE, load
from aipipe.catalog.compile import compiled
from aipipe.catalog.sources import SourceError, models

SHARED = {
    "fragments": {
        "seed": {"type": "integer"},
        "small_seed": {"like": "seed", "most": 9},
        "speed": {"type": "number", "least": Decimal("0.5")},
    },
    "formats": {"jpg_png": {"wire": "form", "extensions": {"jpg": "jpeg", "png": "png"}}},
}
FAMILY = {
    "provider": "fal",
    "types": ["text_to_image"],
    "medium": "image",
    "slots": {"prompt": "prompt"},
    "formats": "jpg_png",
    "source": "a page",
}
FIRST = {
    "aliases": ["one"],
    "endpoint": "fal-ai/first",
    "params": {"seed": "small_seed", "speed": {"like": "speed", "wire": "voice.speed"}},
    "price": {"unit": "image", "usd": Decimal("0.040"), "round_up": True},
    "note": "The first.",
}


def spelt(**sources: object) -> dict[str, dict[str, object]]:
    family = {**FAMILY, "models": sources}
    return {model["name"]: model for model in models({"family": family}, SHARED, {})}


def test_the_file_that_ships_is_made_of_its_sources() -> None:
    assert FILE.read_text(encoding="utf-8") == compiled()


def test_reading_the_catalogue_needs_no_yaml() -> None:
    code = "import sys, aipipe.catalog.catalogue as c; c.load(); print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_the_catalogue_is_read_once() -> None:
    assert load() is load()


def test_a_model_is_spelled_out() -> None:
    assert spelt(first=FIRST) == {
        "first": {
            "name": "first",
            "types": ["text_to_image"],
            "provider": "fal",
            "endpoint": "fal-ai/first",
            "medium": "image",
            "slots": {"prompt": "prompt"},
            "aliases": ["one"],
            "formats": ["jpg", "png"],
            "format_param": {
                "wire": "form",
                "schema": {"type": "string", "enum": ["jpg", "png"]},
                "values": {"jpg": "jpeg", "png": "png"},
            },
            "params": {
                "seed": {"wire": "seed", "schema": {"type": "integer", "maximum": 9}},
                "speed": {"wire": "voice.speed", "schema": {"type": "number", "minimum": 0.5}},
            },
            "price": {"unit": "image", "usd": "0.040", "extra": {"round_up": True}},
            "note": "The first.",
            "source": "a page",
        }
    }


def test_a_likeness_takes_over_all_but_names_and_notes() -> None:
    second = {"like": "first", "endpoint": "fal-ai/second", "params": {"seed": None}}
    found = spelt(first=FIRST, second=second)

    del found["first"]["aliases"], found["first"]["note"]
    params = {"speed": {"wire": "voice.speed", "schema": {"type": "number", "minimum": 0.5}}}
    assert found["second"] == {
        **found["first"],
        "name": "second",
        "endpoint": "fal-ai/second",
        "params": params,
    }


@pytest.mark.parametrize(
    ("enum", "rule", "values"),
    [
        ([6, 10], "text", {"6": "6", "10": "10"}),
        ([4], "{}s", {"4": "4s"}),
        (["768p"], "upper", {"768p": "768P"}),
        (["rachel"], "title", {"rachel": "Rachel"}),
        (["1280x720"], "colon", {"1280x720": "1280:720"}),
    ],
)
def test_a_rule_makes_wire_values(enum: list[object], rule: str, values: object) -> None:
    word = {"type": "string", "enum": enum, "values": rule}
    found = spelt(first={**FIRST, "params": {"word": word}})

    assert found["first"]["params"] == {
        "word": {"wire": "word", "schema": {"type": "string", "enum": enum}, "values": values}
    }


def test_an_unknown_key_is_a_fault() -> None:
    with pytest.raises(SourceError, match=r"^'first' has unknown keys: prise$"):
        spelt(first={**FIRST, "prise": 1})


def test_a_name_that_is_there_twice_is_a_fault() -> None:
    family = {**FAMILY, "models": {"first": FIRST}}

    with pytest.raises(SourceError, match=r"^'first' is there twice$"):
        models({"one": family, "other": family}, SHARED, {})


def test_every_entry_has_a_line_of_its_own() -> None:
    lines = compiled().splitlines()
    names = [line.split('"')[1] for line in lines if line.startswith('"') and ": {" in line]

    assert set(load().models) <= set(names)
    assert json.loads(compiled())["models"].keys() == load().models.keys()

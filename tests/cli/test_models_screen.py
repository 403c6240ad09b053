"""The catalogue on the screen, with models made by hand."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from support.golden import golden

from aipipe.catalog.model import Model, ModelParam, Price, Retirement, Voice
from aipipe.cli import models_screen, schema_words
from aipipe.cli.diagnostics import Look
from aipipe.contracts.step import JsonSchema

GOLDEN = Path(__file__).parent / "golden"
FLUX = Model(
    name="flux_dev",
    aliases=("flux", "flux-dev"),
    types=("text_to_image",),
    provider="fal",
    endpoint="fal-ai/flux/dev",
    medium="image",
    formats=("jpg", "png"),
    slots={"prompt": "prompt"},
    params={
        "seed": ModelParam(word="seed", schema={"type": "integer"}, wire="seed"),
        "reference": ModelParam(
            word="reference", schema={"type": "string"}, wire="image_url", file="image"
        ),
        "references": ModelParam(
            word="references",
            schema={"type": "array", "items": {"type": "string"}},
            wire="image_urls",
            file="image",
        ),
        "guidance": ModelParam(
            word="guidance",
            schema={
                "type": "number",
                "minimum": 1,
                "maximum": 20,
                "default": 3.5,
                "description": "How closely to follow the prompt.",
            },
            wire="guidance_scale",
        ),
        "aspect_ratio": ModelParam(
            word="aspect_ratio",
            schema={"enum": ["1:1", "16:9"], "default": "16:9"},
            wire="image_size",
            required=True,
        ),
    },
    price=Price(
        unit="megapixel",
        usd=Decimal("0.025"),
        extra={"extra_usd": "0.01", "round_up": True},
        source="the provider's page",
    ),
)
KLING = Model(
    name="kling_2_5",
    aliases=("kling",),
    types=("image_to_video", "text_to_video"),
    provider="fal",
    endpoint="fal-ai/kling",
    medium="video",
    formats=("mp4",),
    slots={"image": "image_url", "prompt": "prompt"},
    params={
        "resolution": ModelParam(
            word="resolution", schema={"enum": ["720p", "1080p"], "default": "720p"}, wire="size"
        ),
        "audio": ModelParam(word="audio", schema={"type": "boolean"}, wire="generate_audio"),
    },
    price=Price(
        unit="second",
        usd=None,
        by=("resolution", "audio"),
        rules={
            "720p|false": Decimal("0.07"),
            "720p|true": Decimal("0.1"),
            "1080p|*": Decimal("0.14"),
        },
        as_of="2026-04",
    ),
    ends=date(2027, 1, 31),
    note="Sound costs nothing more.",
)
OLD = replace(
    FLUX,
    name="imagen4",
    aliases=(),
    params={},
    price=Price(unit="image", usd=None),
    retired=Retirement(replacement="flux_dev", on=date(2026, 8, 17)),
)


def test_the_models_are_a_table() -> None:
    golden(GOLDEN / "models.txt", models_screen.render([FLUX, KLING], Look()) + "\n")


def test_on_a_narrow_terminal_the_names_stay() -> None:
    lines = models_screen.render([FLUX, KLING], Look(columns=40)).split("\n")

    assert max(map(len, lines)) <= 40
    assert [line.split()[0] for line in lines] == ["model", "kling_2_5", "flux_dev"]


def test_without_a_terminal_every_name_is_there_in_full() -> None:
    many = replace(FLUX, aliases=tuple(f"another_name_of_flux_{place}" for place in range(40)))
    line = models_screen.render([many], Look()).split("\n")[1]

    assert line.endswith(", ".join(many.aliases))


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("model", [FLUX, KLING, OLD], ids=lambda model: model.name)
def test_on_a_terminal_all_of_a_model_is_there_within_its_width(model: Model, columns: int) -> None:
    told = replace(model, note="A long note. " * 20)
    wide, narrow = (models_screen.full(told, Look(columns=width)) for width in (None, columns))

    assert max(map(len, narrow.split("\n"))) <= columns
    assert narrow.split() == wide.split()


@pytest.mark.parametrize("model", [FLUX, KLING, OLD], ids=lambda model: model.name)
def test_a_model_is_shown_in_full(model: Model) -> None:
    golden(GOLDEN / f"model_{model.name}.txt", models_screen.full(model, Look()) + "\n")


def test_prices_to_check_come_with_their_source() -> None:
    golden(GOLDEN / "check_prices.txt", models_screen.unsure([FLUX, OLD], Look()) + "\n")


def test_a_model_as_json_has_amounts_as_strings() -> None:
    found = json.loads(json.dumps(models_screen.as_json(KLING)))

    assert found["price"] == {
        "unit": "second",
        "usd": None,
        "by": ["resolution", "audio"],
        "rules": {"720p|false": "0.07", "720p|true": "0.1", "1080p|*": "0.14"},
        "extra": {},
        "as_of": "2026-04",
        "source": "",
    }
    assert found["ends"] == "2027-01-31"


def test_voices_are_a_table() -> None:
    voices = [
        Voice(
            name="bella", provider="elevenlabs", id="hpp4J3VqNfWAUOO0d1Us", note="the current one"
        ),
        Voice(name="drew", provider="local", id="drew", note="embedded engine"),
    ]

    golden(GOLDEN / "voices.txt", models_screen.voices(voices, Look()) + "\n")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1}, "whole number from 1"),
        ({"type": "number", "maximum": 2.0}, "number up to 2"),
        ({"type": ["string", "number"]}, "text or number"),
        ({"enum": [5, "10", True]}, "5, 10, true"),
        ({"anyOf": [{"enum": ["a"]}, {"type": "string"}]}, "a or text"),
        ({"const": "x"}, "x"),
        ({}, "any"),
    ],
)
def test_what_a_parameter_takes_is_said_in_words(schema: JsonSchema, words: str) -> None:
    assert schema_words.takes(schema) == words

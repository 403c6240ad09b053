"""From a name in a file to the model that is called."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from aipipe.catalog.catalogue import Catalog, Resolved, load
from aipipe.catalog.model import Model, Price, Retirement

NEW = Model(
    name="new",
    aliases=("fresh",),
    types=("text_to_image",),
    provider="fal",
    endpoint="fal-ai/new",
    medium="image",
    formats=("png",),
    slots={"prompt": "prompt"},
    price=Price(unit="image", usd=Decimal("0.04")),
)
OLD = replace(NEW, name="old", aliases=("aged",), retired=Retirement(replacement="new"))
OLDER = replace(
    NEW, name="older", aliases=(), retired=Retirement(replacement="old", on=date(2026, 1, 2))
)
FILM = replace(NEW, name="film", aliases=("fresh", "new"), types=("text_to_video",))
BOTH = replace(NEW, name="both", aliases=(), types=("text_to_video", "text_to_image"))
CATALOG = Catalog(models={m.name: m for m in (OLDER, OLD, NEW, FILM, BOTH)}, voices={})


@pytest.mark.parametrize(
    ("step_type", "name", "found"),
    [
        ("text_to_image", "new", Resolved(model=NEW)),
        ("text_to_image", "fresh", Resolved(model=NEW)),
        ("text_to_video", "fresh", Resolved(model=FILM)),
        ("text_to_video", "new", Resolved(model=FILM)),
        ("text_to_image", "both", Resolved(model=BOTH)),
        ("text_to_video", "both", Resolved(model=BOTH)),
        ("text_to_image", "aged", Resolved(model=NEW, asked=OLD)),
        ("text_to_image", "older", Resolved(model=NEW, asked=OLDER)),
        ("text_to_image", "film", None),
        ("text_to_image", "New", None),
        ("text_to_speech", "new", None),
        ("nothing", "new", None),
    ],
)
def test_a_name_means_a_model_by_step_type(
    step_type: str, name: str, found: Resolved | None
) -> None:
    assert CATALOG.resolve(step_type, name) == found


def test_names_are_all_that_resolve_takes() -> None:
    assert dict(CATALOG.names("text_to_image")) == {
        "older": OLDER,
        "old": OLD,
        "aged": OLD,
        "new": NEW,
        "fresh": NEW,
        "both": BOTH,
    }
    assert CATALOG.names("nothing") == {}


def test_the_models_of_a_type_are_those_that_can_be_called_by_name() -> None:
    assert CATALOG.of_type("text_to_image") == (BOTH, NEW)
    assert CATALOG.of_type("nothing") == ()


@pytest.mark.parametrize(
    ("step_type", "name", "model"),
    [
        ("text_to_image", "flux", "flux_dev"),
        ("text_to_image", "imagen4", "nano_banana_2"),
        ("text_to_image", "imagen4_ultra", "nano_banana_pro"),
        ("text_to_image", "gpt-image-1", "gpt_image_2_openai"),
        ("text_to_image", "seedream", "seedream_4_5"),
        ("image_to_image", "seedream", "seedream_4_5_edit"),
        ("image_to_video", "hailuo", "hailuo_02"),
        ("image_to_video", "kling", "kling_2_5_turbo_pro"),
        ("text_to_video", "kling", "kling_3_pro_t2v"),
        ("text_to_video", "sora", "veo_3_1"),
        ("image_to_video", "veo3", "veo_3_1_i2v"),
        ("text_to_speech", "elevenlabs", "elevenlabs"),
    ],
)
def test_well_known_names_mean_what_they_did(step_type: str, name: str, model: str) -> None:
    found = load().resolve(step_type, name)

    assert found is not None
    assert found.model.name == model

"""What a price depends on, in words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aipipe.catalog import price_terms
from aipipe.catalog.catalogue import load
from aipipe.catalog.model import Model
from aipipe.catalog.sources import EXTRA

MODELS = list(load().models.values())
EVERY = pytest.mark.parametrize("model", MODELS, ids=[model.name for model in MODELS])


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("seedream_5_pro", []),
        (
            "flux_2_pro",
            [
                "$0.03/MP, $0.015 for each further MP",
                "each picture is rounded up to whole megapixels",
            ],
        ),
        (
            "veo_3_1",
            [
                "4k, no audio: $0.40/s",
                "4k, with audio: $0.60/s",
                "720p or 1080p, no audio: $0.20/s",
                "720p or 1080p, with audio: $0.40/s",
            ],
        ),
        (
            "kling_2_6_pro",
            [
                "no audio: $0.07/s",
                "with audio, no voice_ids: $0.14/s",
                "with audio, with voice_ids: $0.168/s",
            ],
        ),
        (
            "nano_banana_2",
            [
                "0.5K: $0.06/image",
                "1K: $0.08/image",
                "2K: $0.12/image",
                "4K: $0.16/image",
                "with web_search: $0.015 more for each image",
                "thinking_level high: $0.002 more for each image",
            ],
        ),
        ("hailuo_2_3", ["6 s: $0.28/video", "10 s: $0.56/video"]),
        ("hailuo_02_pro", ["each video lasts 6 s"]),
        (
            "runway_gen4_image",
            [
                "1280x720 or 720x1280: $0.05/image",
                "720x720: $0.05/image",
                "960x720 or 720x960: $0.05/image",
                "1680x720 or 720x1680: $0.05/image",
                "any other size: $0.08/image",
            ],
        ),
        ("ideogram_v3", ["rendering_speed balanced: $0.06/image"]),
        ("flux_2_flex", ["the picture that arrives is counted too"]),
        ("seedream_4", ["every picture costs, also those that 'max_images' allows"]),
        (
            "gemini_2_5_flash_image",
            [
                "text in: $0.30/1M tokens",
                "image in: $0.30/1M tokens",
                "text out: $2.50/1M tokens",
                "image out: $30.00/1M tokens",
                "it is billed by what it takes, and no bound is known",
            ],
        ),
        (
            "seedance_1_5_pro",
            [
                "with audio: $2.40/1M tokens",
                "no audio: $1.20/1M tokens",
                "a token is 1,024 pixels of a frame, and a second has 24 frames",
                "it may come to 5 % more than estimated",
            ],
        ),
        (
            "gemini_tts",
            [
                "text in: $0.50/1M tokens",
                "audio out: $9.00/1M tokens",
                "a second of speech takes about 25 tokens",
            ],
        ),
        (
            "gemini_omni_flash",
            [
                "text in: $1.50/1M tokens",
                "video out: $17.50/1M tokens",
                "a second comes to about $0.10",
            ],
        ),
    ],
)
def test_the_terms_of_a_price_are_told_in_words(name: str, terms: list[str]) -> None:
    assert list(price_terms.terms(load().models[name])) == terms


@pytest.mark.parametrize(
    ("rules", "terms"),
    [
        (("4k|false", "*|*"), ["4k, no audio", "otherwise"]),
        (
            ("720p|false", "1080p|*", "*|true"),
            ["720p, no audio", "1080p", "720p or 4k, with audio"],
        ),
        (("*|true", "*|*"), ["with audio", "no audio"]),
    ],
)
def test_any_stands_for_what_the_rules_before_it_left_over(
    rules: tuple[str, ...], terms: list[str]
) -> None:
    veo = load().models["veo_3_1"]
    price = replace(veo.price, rules=dict.fromkeys(rules, Decimal(1)))

    assert list(price_terms.terms(replace(veo, price=price))) == [f"{t}: $1.00/s" for t in terms]


@EVERY
def test_all_that_a_price_depends_on_is_told(model: Model) -> None:
    told = list(price_terms.terms(model))

    for key in model.price.extra:
        rest = {k: v for k, v in model.price.extra.items() if k != key}
        without = replace(model, price=replace(model.price, extra=rest))
        assert list(price_terms.terms(without)) != told, key


def test_every_term_of_a_price_is_of_some_model() -> None:
    assert {key for model in MODELS for key in model.price.extra} == EXTRA

"""Prices in words: in the list, for a call, and what was counted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aipipe.catalog import price_terms, price_words
from aipipe.catalog.catalogue import load
from aipipe.catalog.model import Model, Price
from aipipe.catalog.price import Facts, PriceEstimate, estimate
from aipipe.catalog.sources import EXTRA
from aipipe.contracts.artefact import Json

MODELS = list(load().models.values())
EVERY = pytest.mark.parametrize("model", MODELS, ids=[model.name for model in MODELS])


def price(name: str, /, *unknown: str, **params: Json) -> PriceEstimate:
    return estimate(load().models[name], params, frozenset(unknown), Facts())


@pytest.mark.parametrize(
    ("name", "unknown", "params", "words"),
    [
        ("kling_3", ["duration", "audio"], {}, "3 to 15 s, with or without audio"),
        ("nano_banana_2", ["count"], {"resolution": "2K"}, "1 to 4 images, 2K"),
        ("flux_dev", ["count", "size"], {}, "1 or more images, size not known yet"),
        (
            "gpt_image_2",
            [],
            {"quality": "auto", "size": "auto"},
            "1 image, low to high, any size",
        ),
        ("minimax_h3", ["duration"], {}, "length not known yet, 2k"),
        ("elevenlabs", [], {}, "a text not known yet"),
        ("gpt_4o_transcribe", [], {}, "1 call"),
        ("gpt_image_2_openai", [], {"count": 2}, "2 images"),
        ("wizper", [], {}, "time not known yet"),
        ("kling_2_6_pro", ["voice_ids"], {}, "5 s, with audio, with or without voice_ids"),
    ],
)
def test_what_is_counted_in_words(
    name: str, unknown: list[str], params: dict[str, Json], words: str
) -> None:
    assert price(name, *unknown, **params).counted == words


def test_one_character_is_no_characters() -> None:
    found = estimate(load().models["elevenlabs"], {}, frozenset(), Facts(characters=1))

    assert found.counted == "1 character"


@pytest.mark.parametrize(
    ("name", "words", "dated"),
    [
        ("flux_2_pro", "$0.03 + $0.015/MP", "undated"),
        ("elevenlabs_scribe_fal", "$0.03/min", "undated"),
        ("elevenlabs_scribe", "$0.0000611/s", "undated"),
        ("hailuo_2_3", "$0.28", "undated"),
        ("seedance_1_5_pro", "$2.40/1M tokens", "2026-04"),
        ("gemini_tts", "$0.50 to $9.00/1M tokens", "2026-11"),
        ("wizper", "$0.00/GPU second", "undated"),
        ("local_ollama", "$0.00", "local"),
        ("flux_2_max", "", "unknown"),
    ],
)
def test_the_unit_price_in_words(name: str, words: str, dated: str) -> None:
    found = price(name)

    assert (found.unit_price, found.priced) == (words, dated)


@pytest.mark.parametrize(
    ("price", "listed", "suggested"),
    [
        (Price(unit="image", usd=Decimal("0.04")), "$0.04/image", "$0.04 per image"),
        (
            Price(unit="1k_chars", usd=Decimal("0.1")),
            "$0.10/1,000 characters",
            "$0.10 per 1,000 characters",
        ),
        (Price(unit="second", usd=Decimal("0.0375")), "$0.0375/s", "$0.0375 per second"),
        (Price(unit="image", usd=None), "unknown", "price unknown"),
        (Price(unit="image", usd=None, rules={"a": Decimal(1)}), "$1.00/image", "$1.00 per image"),
        (
            Price(unit="video", usd=Decimal(2), rules={"a": Decimal(1), "b": Decimal(2)}),
            "$1.00 to $2.00/video",
            "from $1.00 per video",
        ),
        (
            Price(unit="megapixel", usd=Decimal("0.03"), extra={"extra_usd": "0.015"}),
            "$0.015 to $0.03/MP",
            "$0.03 per megapixel",
        ),
        (
            Price(unit="1m_tokens", usd=None, extra={"tokens": {"in": "0.5", "out": "12"}}),
            "$0.50 to $12.00/1M tokens",
            "from $0.50 per 1,000,000 tokens",
        ),
        (Price(unit="request", usd=Decimal(0)), "$0.00/call", "$0.00 per call"),
        (Price(unit="moon", usd=Decimal(1)), "$1.00/moon", "$1.00 per moon"),
    ],
)
def test_a_listed_price_is_exact_and_unknown_is_never_zero(
    price: Price, listed: str, suggested: str
) -> None:
    assert (price_words.listed(price), price_words.suggested(price)) == (listed, suggested)


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
                "1280x720: $0.05/image",
                "720x720: $0.05/image",
                "960x720: $0.05/image",
                "1680x720: $0.05/image",
                "any other size: $0.08/image",
            ],
        ),
        ("ideogram_v3", ["rendering_speed balanced: $0.06/image"]),
        ("flux_2_flex", ["the picture that arrives is counted too"]),
        ("seedream_4", ["every picture costs, also those that 'max_images' allows"]),
        ("gemini_2_5_flash_image", ["it is billed by what it takes, and no bound is known"]),
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


@EVERY
def test_all_that_a_price_depends_on_is_told(model: Model) -> None:
    told = list(price_terms.terms(model))

    for key in model.price.extra:
        rest = {k: v for k, v in model.price.extra.items() if k != key}
        without = replace(model, price=replace(model.price, extra=rest))
        assert list(price_terms.terms(without)) != told, key


def test_every_term_of_a_price_is_of_some_model() -> None:
    assert {key for model in MODELS for key in model.price.extra} == EXTRA

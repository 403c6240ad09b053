"""Prices in words: in the list, for a call, and what was counted."""

from decimal import Decimal

import pytest

from aipipe.catalog import price_words
from aipipe.catalog.catalogue import load
from aipipe.catalog.model import Price
from aipipe.catalog.price import Facts, PriceEstimate, estimate
from aipipe.contracts.artefact import Json


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

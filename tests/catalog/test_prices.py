"""Exact prices, worked out by hand."""

from decimal import Decimal

import pytest

from aipipe.catalog.catalogue import load
from aipipe.catalog.price import Facts, PriceEstimate, estimate
from aipipe.contracts.artefact import Json


def price(name: str, /, *unknown: str, **params: Json) -> PriceEstimate:
    return estimate(load().models[name], params, frozenset(unknown), Facts())


def price_of(name: str, facts: Facts, **params: Json) -> PriceEstimate:
    return estimate(load().models[name], params, frozenset(), facts)


def amounts(found: PriceEstimate) -> tuple[Decimal | None, ...]:
    return found.low, found.likely, found.at_most


def test_a_picture_by_its_resolution() -> None:
    assert price("nano_banana_2") == PriceEstimate(
        low=Decimal("0.08"),
        likely=Decimal("0.08"),
        at_most=Decimal("0.08"),
        counted="1 image, 1K",
        unit_price="$0.08",
        priced="undated",
        assumptions=("nano_banana_2: 1K",),
    )


def test_a_picture_by_its_megapixels() -> None:
    assert price("flux_dev") == PriceEstimate(
        low=Decimal("0.025"),
        likely=Decimal("0.025"),
        at_most=Decimal("0.025"),
        counted="1 image, 1 MP",
        unit_price="$0.025/MP",
        priced="undated",
        assumptions=("flux_dev: 1024x768 (landscape_4_3) rounds up to 1 MP",),
    )


def test_a_picture_at_a_flat_price() -> None:
    assert price("seedream_4_5") == PriceEstimate(
        low=Decimal("0.04"),
        likely=Decimal("0.04"),
        at_most=Decimal("0.04"),
        counted="1 image",
        unit_price="$0.04",
        priced="2026-04",
    )


def test_spoken_text_by_the_character() -> None:
    assert price_of("elevenlabs", Facts(characters=1250), voice="rachel") == PriceEstimate(
        low=Decimal("0.1"),
        likely=Decimal("0.1"),
        at_most=Decimal("0.1"),
        counted="1,250 characters",
        unit_price="$0.08/1,000 characters",
        priced="2026-11",
    )


def test_a_clip_by_the_second() -> None:
    assert price("hailuo_02") == PriceEstimate(
        low=Decimal("0.27"),
        likely=Decimal("0.27"),
        at_most=Decimal("0.27"),
        counted="6 s, 768p",
        unit_price="$0.045/s",
        priced="undated",
        assumptions=("hailuo_02: 6 s, 768p",),
    )


@pytest.mark.parametrize(
    ("name", "params", "usd", "counted"),
    [
        ("flux_dev", {"count": 3}, "0.075", "3 images, 1 MP"),
        ("flux_dev", {"size": {"width": 1500, "height": 1500}}, "0.075", "1 image, 3 MP"),
        ("flux_dev", {"size": "100x100"}, "0.025", "1 image, 1 MP"),
        ("flux_2_pro", {"size": "100x100"}, "0.03", "1 image, 1 MP"),
        ("flux_2_pro", {"size": "1500x1500"}, "0.06", "1 image, 3 MP"),
        ("nano_banana_2", {"resolution": "4k", "count": 2}, "0.32", "2 images, 4K"),
        ("nano_banana_2", {"web_search": True, "thinking_level": "high"}, "0.097", "1 image, 1K"),
        ("nano_banana_pro", {"resolution": "2K"}, "0.15", "1 image, 2K"),
        ("seedream_4", {"count": 6}, "0.18", "6 images"),
        ("gpt_image_2", {}, "0.145", "1 image, high, 1024x768 (landscape_4_3)"),
        (
            "gpt_image_2",
            {"quality": "low", "size": "1080x1920"},
            "0.005",
            "1 image, low, 1080x1920",
        ),
        ("gpt_image_2", {"size": "square_hd"}, "0.211", "1 image, high, 1024x1024 (square_hd)"),
        ("hailuo_02", {"duration": "10s", "resolution": "512P"}, "0.17", "10 s, 512p"),
        ("hailuo_02_pro", {}, "0.48", "6 s"),
        ("hailuo_2_3", {}, "0.28", "1 video, 6 s"),
        ("hailuo_2_3", {"duration": "10"}, "0.56", "1 video, 10 s"),
        ("hailuo_2_3_pro", {}, "0.49", "1 video"),
        ("kling_2_5_turbo_pro", {"duration": 10}, "0.7", "10 s"),
        ("kling_2_6_pro", {}, "0.7", "5 s, with audio"),
        ("kling_2_6_pro", {"audio": False}, "0.35", "5 s, no audio"),
        ("kling_2_6_pro", {"voice_ids": ["x"]}, "0.84", "5 s, with audio, with voice_ids"),
        ("kling_o3_pro", {"duration": 3}, "0.336", "3 s, no audio"),
        ("veo_3_1", {}, "3.2", "8 s, 720p, with audio"),
        ("veo_3_1", {"audio": False, "duration": "4s"}, "0.8", "4 s, 720p, no audio"),
        ("veo_3_1", {"resolution": "4k"}, "4.8", "8 s, 4k, with audio"),
        ("veo_3_1", {"resolution": "4k", "audio": False}, "3.2", "8 s, 4k, no audio"),
        ("veo_3_1_google", {"count": 2, "duration": 4}, "3.2", "2 videos, 4 s, 720p"),
        ("seedance_2", {"duration": 4, "resolution": "480p"}, "0.5384", "4 s, 480p"),
        ("runway_gen4_image", {"size": "1920x1080"}, "0.08", "1 image, 1920x1080"),
        ("elevenlabs_music", {"duration": 90}, "1.2", "90 s"),
        ("local_kokoro", {}, "0", "1 call"),
    ],
)
def test_an_exact_price(name: str, params: dict[str, Json], usd: str, counted: str) -> None:
    found = price(name, **params)

    assert (*amounts(found), found.counted) == (*[Decimal(usd)] * 3, counted)


@pytest.mark.parametrize(
    ("name", "facts", "usd"),
    [
        ("openai_tts_1", Facts(characters=4096), "0.06144"),
        ("elevenlabs_flash", Facts(characters=1), "0.00004"),
        ("whisper_1", Facts(seconds=90), "0.009"),
        ("elevenlabs_scribe", Facts(seconds=3600), "0.21996"),
        ("elevenlabs_scribe_fal", Facts(seconds=10), "0.005"),
    ],
)
def test_an_exact_price_by_what_arrives(name: str, facts: Facts, usd: str) -> None:
    assert amounts(price_of(name, facts)) == (Decimal(usd),) * 3


def test_a_clip_by_the_pixels_of_its_frames() -> None:
    found = price("seedance_1_5_pro", duration=5, audio=True)
    likely = Decimal("2.4") * 1280 * 720 * 5 * 24 / 1024 / 1_000_000

    assert amounts(found) == (likely, likely, likely * Decimal("1.05"))
    assert found.assumptions == ("seedance_1_5_pro: 24 frames a second, 720p",)


def test_megapixels_that_arrive_are_counted_where_they_cost() -> None:
    alone = price("flux_2_flex", size="1000x1000")
    both = price_of("flux_2_flex", Facts(megapixels=Decimal(2)), size="1000x1000")

    assert both.at_most is not None
    assert (alone.at_most, both.at_most) == (Decimal("0.05"), Decimal("0.15"))

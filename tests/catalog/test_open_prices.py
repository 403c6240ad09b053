"""Prices of calls that are not decided yet, and those without a bound."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aipipe.catalog.catalogue import load
from aipipe.catalog.model import ModelParam, Price
from aipipe.catalog.price import Facts, PriceEstimate, estimate
from aipipe.contracts.artefact import Json


def price(name: str, /, *unknown: str, **params: Json) -> PriceEstimate:
    return estimate(load().models[name], params, frozenset(unknown), Facts())


def amounts(found: PriceEstimate) -> tuple[Decimal | None, ...]:
    return found.low, found.likely, found.at_most


def test_a_price_that_nobody_lists_is_unknown() -> None:
    assert price("flux_2_max") == PriceEstimate(
        low=None, likely=None, at_most=None, counted="1 image, 0.75 MP", priced="unknown"
    )


@pytest.mark.parametrize(
    ("name", "unknown", "params", "expected"),
    [
        ("hailuo_2_3", ["duration"], {}, ("0.28", "0.28", "0.56")),
        ("hailuo_02", ["duration", "resolution"], {}, ("0.102", "0.27", "0.45")),
        ("kling_3", ["audio"], {"duration": 10}, ("0.84", "1.26", "1.26")),
        ("nano_banana_2", ["count", "resolution"], {}, ("0.06", "0.08", "0.64")),
        ("nano_banana_2", ["web_search"], {}, ("0.08", "0.08", "0.095")),
        ("flux_dev", ["count"], {}, ("0.025", "0.025", None)),
        ("flux_dev", ["size"], {}, (None, None, None)),
        ("flux_dev", [], {"size": "square_hd"}, ("0.025", "0.025", "0.05")),
        ("flux_2_pro", [], {"size": "1920x1080"}, ("0.045", "0.045", "0.06")),
        ("seedream_4", [], {"count": 2, "max_images": 3}, ("0.06", "0.18", "0.18")),
        ("seedance_2", [], {}, ("1.2136", "4.551", "4.551")),
        ("gpt_image_2", [], {"size": "auto"}, ("0.145", "0.145", "0.401")),
        ("gpt_image_2", [], {"quality": "auto"}, ("0.005", "0.145", "0.145")),
        ("gpt_image_2", [], {"size": "9000x9000"}, (None, None, None)),
        ("gpt_image_2", [], {"size": "2000x2000"}, ("0.145", "0.222", "0.401")),
        ("seedance_1_5_pro", [], {"resolution": "odd"}, (None, None, None)),
        ("minimax_h3", ["duration"], {}, ("0.13", "0.65", None)),
        ("ideogram_v3", [], {"rendering_speed": "quality"}, (None, None, None)),
        ("gemini_3_1_flash_image", [], {}, ("0.067", "0.067", None)),
        ("elevenlabs", [], {}, (None, None, "0.8")),
        ("whisper_1", [], {}, (None, None, None)),
        ("wizper", [], {}, (None, None, None)),
        ("elevenlabs_sfx", [], {"duration": 5}, (None, None, None)),
        ("gpt_image_2_openai", [], {}, (None, None, None)),
        ("gemini_omni_flash", [], {"duration": 5}, (None, "0.5", None)),
    ],
)
def test_what_is_open_is_a_span_and_what_has_no_bound_is_unknown(
    name: str, unknown: list[str], params: dict[str, Json], expected: tuple[str | None, ...]
) -> None:
    found = price(name, *unknown, **params)

    assert amounts(found) == tuple(None if each is None else Decimal(each) for each in expected)


def test_a_word_without_a_list_of_values_can_not_be_priced_before_it_is_known() -> None:
    look = ModelParam(word="look", schema={"type": "string", "default": "plain"}, wire="look")
    rules = {"plain": Decimal(1), "rich": Decimal(2)}
    model = replace(
        load().models["flux_dev"],
        params={"look": look},
        price=Price(unit="image", usd=None, by=("look",), rules=rules),
    )

    def most(unknown: frozenset[str], **params: Json) -> Decimal | None:
        return estimate(model, params, unknown, Facts()).at_most

    assert most(frozenset()) == Decimal(1)
    assert most(frozenset(), look="rich") == Decimal(2)
    assert most(frozenset(), look="other") is None
    assert most(frozenset({"look"})) is None


def test_speech_by_tokens_is_estimated_and_has_no_bound() -> None:
    found = estimate(load().models["gemini_tts"], {}, frozenset(), Facts(characters=1500))
    read, spoken = Decimal("0.5") * 1500 / 4, 9 * Decimal(25) * 1500 / 15

    assert amounts(found) == (None, (read + spoken) / 1_000_000, None)
    assert found.assumptions == ("gemini_tts: about 15 characters and 25 tokens a second",)

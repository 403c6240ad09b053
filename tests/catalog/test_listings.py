"""A price of ours beside what its provider lists."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from aipipe.catalog.catalogue import load
from aipipe.catalog.listings import Standing, standing, taken
from aipipe.catalog.model import Price
from aipipe.contracts.provider import ListedPrice
from aipipe.providers.fal import PROVIDER as FAL

UNITS = {"megapixels": "megapixel", "images": "image"}
DAY = date(2026, 11, 24)
OURS = Price(unit="megapixel", usd=Decimal("0.025"), extra={"round_up": True}, source="a page")
NONE = Price(unit="megapixel", usd=None)
RULED = Price(unit="megapixel", usd=Decimal(1), by=("audio",), rules={"true": Decimal(1)})
TOKENS = Price(unit="megapixel", usd=None, extra={"tokens": {"text_input": "5"}})


def listed(amount: str = "0.03", unit: str = "megapixels", currency: str = "USD") -> ListedPrice:
    where = "http://127.0.0.1/v1"
    return ListedPrice(amount=Decimal(amount), unit=unit, currency=currency, address=where)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (OURS, listed("0.0250"), Standing.EQUAL),
        (OURS, listed(), Standing.DIFFERS),
        (OURS, None, Standing.UNLISTED),
        (OURS, listed(unit="images"), Standing.UNIT),
        (OURS, listed(unit="units"), Standing.UNIT),
        (OURS, listed(unit="megapixel"), Standing.UNIT),
        (OURS, listed(unit=""), Standing.UNIT),
        (OURS, listed(currency="EUR"), Standing.CURRENCY),
        (OURS, listed(currency=""), Standing.CURRENCY),
        (OURS, listed("0"), Standing.REFUSED),
        (OURS, listed("-0.03"), Standing.REFUSED),
        (OURS, listed("10000.01"), Standing.REFUSED),
        (OURS, listed("2.5"), Standing.DIFFERS),
        (OURS, listed("2.51"), Standing.REFUSED),
        (OURS, listed("0.00025"), Standing.DIFFERS),
        (OURS, listed("0.00024"), Standing.REFUSED),
        (NONE, listed(), Standing.UNKNOWN),
        (NONE, listed("0"), Standing.REFUSED),
        (RULED, listed("1"), Standing.RULES),
        (TOKENS, listed(), Standing.RULES),
    ],
)
def test_only_what_counts_the_same_is_compared(
    ours: Price, theirs: ListedPrice | None, expected: Standing
) -> None:
    assert standing(ours, theirs, UNITS) is expected


def test_what_is_listed_takes_the_place_of_the_figure_with_its_day_and_source() -> None:
    assert taken(OURS, listed(), UNITS, by="fal", on=DAY) == Price(
        unit="megapixel",
        usd=Decimal("0.03"),
        extra={"round_up": True},
        as_of="2026-11-24",
        source="fal's own list, 2026-11-24",
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (NONE, listed()),
        (NONE, listed("0")),
        (OURS, listed("0")),
        (OURS, listed("9")),
        (OURS, listed(unit="images")),
        (RULED, listed("1")),
    ],
)
def test_what_can_not_be_compared_leaves_our_price_alone(ours: Price, theirs: ListedPrice) -> None:
    assert taken(ours, theirs, UNITS, by="fal", on=DAY) is None


def test_a_price_that_has_two_figures_is_never_compared_as_one() -> None:
    several = [
        m.name
        for m in load().models.values()
        if m.price.by
        or m.price.rules
        or {"tokens", "surcharges", "extra_usd"} & m.price.extra.keys()
    ]
    found = {
        name: standing(load().models[name].price, _like(load().models[name].price), FAL.price_units)
        for name in several
    }

    assert found.keys() >= {"flux_2_pro", "nano_banana_2", "veo_3_1"}
    assert set(found.values()) == {Standing.RULES}


def _like(price: Price) -> ListedPrice:
    word = next((w for w, unit in FAL.price_units.items() if unit == price.unit), "units")
    return listed(str(price.usd or 1), word)


def test_every_word_of_fals_for_a_unit_is_one_of_the_catalogues() -> None:
    units: Mapping[str, str] = FAL.price_units

    assert set(units.values()) <= {m.price.unit for m in load().models.values()} | {"video"}

"""Tokens that an answer counts come to a bill, and nothing else does."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Job, OutputRequest, Provenance, Receipt, Wire
from aipipe.providers.http import tokens

PRICES: dict[str, Json] = {"text_in": "5", "image_out": "0.3"}
JOB = Job(provider="p", id="1", data={tokens.TOKENS: PRICES})


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_bill_is_the_sum_over_all_kinds_rounded_up_to_nano_dollars(one: int, two: int) -> None:
    found = tokens.receipt(JOB, {"text_in": one, "image_out": two})

    exact = (Decimal(5) * one + Decimal("0.3") * two) / 10**6
    if not one and not two:
        assert found is None
    else:
        assert found is not None
        assert 0 <= Decimal(found.nano_usd) / 10**9 - exact < Decimal("1e-9")
        assert not found.computed


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {"text_in": 0},
        {"text_in": None},
        {"text_in": -1},
        {"text_in": True},
        {"text_in": 1.5},
        {"text_in": "12"},
        {"text_in": [1]},
        {"text_in": 10**40},
        {"text_in": 1, "video_out": 1},
    ],
)
def test_what_is_no_count_or_has_no_price_is_no_bill(counts: dict[str, Json]) -> None:
    assert tokens.receipt(JOB, counts) is None


@pytest.mark.parametrize("prices", [None, [], {}, {"text_in": "free"}, {"text_in": None}])
def test_without_prices_there_is_no_bill(prices: Json) -> None:
    job = Job(provider="p", id="1", data={tokens.TOKENS: prices})

    assert tokens.receipt(job, {"text_in": 1}) is None


def test_the_prices_travel_with_the_job() -> None:
    job = Job(provider="p", id="1", data=tokens.kept(call(Wire(tokens={"text_in": "5"}))))

    assert tokens.receipt(job, {"text_in": 2}) == Receipt(nano_usd=10_000, detail="2 tokens")


@pytest.mark.parametrize("wire", [None, Wire()])
def test_where_nothing_is_billed_by_tokens_nothing_travels(wire: Wire | None) -> None:
    assert tokens.kept(call(wire)) == {}


def call(wire: Wire | None) -> Call:
    told = Provenance(pipeline="p", step="s", model="m", provider="p", mock=False)
    output = OutputRequest(medium="text", extension="txt")
    return Call(
        task="s",
        plugin="provider:p",
        type="text_to_text",
        model="m",
        wire=wire,
        output=output,
        provenance=told,
    )

"""The prices that fal lists: asked for in its batches, page by page, whatever it answers."""

from collections.abc import Callable
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from support.fakes.fal import Fal
from support.till.replies import RESET, Reply, of_json
from support.till.server import served

from aipipe.backends.price_lists import asked
from aipipe.contracts.outcome import Problem
from aipipe.contracts.provider import ListedPrice
from aipipe.providers.fal import PROVIDER

MANY = [f"fal-ai/model-{n}" for n in range(120)]


def listed(fake: Fal, endpoints: list[str]) -> dict[str, ListedPrice]:
    found = told(fake, endpoints)
    assert not isinstance(found, Problem), found
    return found


def told(fake: Fal, endpoints: list[str]) -> dict[str, ListedPrice] | Problem:
    with served(fake) as base:
        fake.base = base
        found = asked(PROVIDER, endpoints, fake.environment.get)
    return found if isinstance(found, Problem) else dict(found)


def asked_for(fake: Fal) -> list[int]:
    """How many endpoints each request named."""
    queries = [parse_qs(urlsplit(each.request.target).query) for each in fake.seen]
    return [len(query["endpoint_id"][0].split(",")) for query in queries]


def test_no_request_names_more_endpoints_than_fal_allows() -> None:
    fake = Fal()

    assert listed(fake, [*MANY, *MANY]).keys() == set(MANY)
    assert asked_for(fake) == [50, 50, 20]
    assert fake.faults == []


def test_a_price_is_told_as_fal_words_it() -> None:
    fake = Fal(prices={"fal-ai/flux/dev": {"unit_price": 0.035, "unit": "megapixels"}})

    assert listed(fake, ["fal-ai/flux/dev"]) == {
        "fal-ai/flux/dev": ListedPrice(
            amount=Decimal("0.035"), unit="megapixels", currency="USD", address=f"{fake.base}/v1"
        )
    }


def test_every_page_is_read() -> None:
    fake = Fal(page=20)

    assert listed(fake, MANY[:50]).keys() == set(MANY[:50])
    assert fake.count("price") == 3


def test_an_endpoint_that_fal_does_not_know_spoils_no_other() -> None:
    fake = Fal(unlisted=frozenset({MANY[7], MANY[31]}))

    assert listed(fake, MANY[:50]).keys() == set(MANY[:50]) - {MANY[7], MANY[31]}
    assert listed(Fal(unlisted=frozenset(MANY)), MANY[:3]) == {}


def test_a_list_without_an_end_is_given_up() -> None:
    fake = Fal()
    page = of_json(200, {"prices": [], "next_cursor": "again", "has_more": True})
    fake.trouble("price", *[page] * 60)

    found = told(fake, MANY[:2])

    assert isinstance(found, Problem)
    assert found.message == "the list of prices does not end"
    assert fake.count("price") <= 50


ODD = {
    "no number": {"unit_price": "much"},
    "true": {"unit_price": True},
    "endless": {"unit_price": "Infinity"},
    "another": {"endpoint_id": "fal-ai/other"},
    "nothing": {"endpoint_id": None},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_is_no_price_is_left_out(odd: dict[str, object]) -> None:
    fake = Fal(prices={MANY[0]: odd})

    assert listed(fake, MANY[:2]).keys() == {MANY[1]}


def test_zero_and_less_are_told_as_they_are_for_others_to_refuse() -> None:
    fake = Fal(prices={MANY[0]: {"unit_price": 0}, MANY[1]: {"unit_price": -1, "unit": 7}})

    assert [(each.amount, each.unit) for each in listed(fake, MANY[:2]).values()] == [
        (Decimal(0), "images"),
        (Decimal(-1), ""),
    ]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (lambda key: of_json(401, {"error": {"message": key}}), "bad_key"),
        (lambda key: of_json(429, {"error": {"message": key}}), "rate_limit"),
        (lambda key: of_json(500, {"error": {"message": key}}), "unreached"),
        (lambda key: Reply(body=f"<html>{key}".encode()), "answer_unreadable"),
        (lambda key: of_json(200, [key]), "answer_unreadable"),
        (lambda key: of_json(200, {"prices": key}), "answer_unreadable"),
        (lambda _key: RESET, "unreached"),
    ],
)
def test_an_answer_of_no_use_is_a_problem_that_tells_no_key(
    reply: Callable[[str], Reply], code: str
) -> None:
    fake = Fal()
    fake.trouble("price", reply(fake.key))

    found = told(fake, MANY[:2])

    assert isinstance(found, Problem)
    assert found.code == code
    assert "canary" not in found.message

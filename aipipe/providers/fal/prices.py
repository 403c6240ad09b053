"""What fal lists as the price of one unit of its endpoints, today.

Wire facts: fal's published specification of its platform and its reference of it (2026-08).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from aipipe.contracts.artefact import Json
from aipipe.contracts.provider import ListedPrice
from aipipe.contracts.tools import Tools
from aipipe.providers.fal.sites import PLATFORM, site
from aipipe.providers.http import addresses, json_text, money
from aipipe.providers.http.asking import ask
from aipipe.providers.http.errors import GoneError, HttpError, UnreadableError
from aipipe.providers.http.site import Site

MOST: Final = 50
"""Endpoints that one request may name."""
UNITS: Final = MappingProxyType(
    {
        "images": "image",
        "megapixels": "megapixel",
        "videos": "video",
        "seconds": "second",
        "minutes": "minute",
        "1000 characters": "1k_chars",
        "compute seconds": "gpu_second",
    }
)
"""Its words for what the catalogue counts too. Of `units` and `generations` nobody can say."""


def prices(endpoints: Sequence[str], tools: Tools) -> Mapping[str, ListedPrice]:
    """By endpoint; those that fal does not list are left out.

    Raises:
        StepError: it can't be asked.
    """
    platform, names = site(tools, PLATFORM), tuple(dict.fromkeys(endpoints))
    found: dict[str, ListedPrice] = {}
    for start in range(0, len(names), MOST):
        found |= _known(platform, names[start : start + MOST])
    return found


@cache
def unit_price(
    base: str, credentials: tuple[tuple[str, str], ...], endpoint: str
) -> ListedPrice | None:
    """Of one endpoint; None where fal does not tell it."""
    try:
        return _listed(Site(base=base, credentials=dict(credentials)), (endpoint,)).get(endpoint)
    except HttpError:
        return None


def _known(platform: Site, names: Sequence[str]) -> Mapping[str, ListedPrice]:
    """Of the endpoints that fal knows: one that it doesn't may spoil the whole answer."""
    try:
        return _listed(platform, names)
    except GoneError:
        if len(names) == 1:
            return {}
    half = len(names) // 2
    return {**_known(platform, names[:half]), **_known(platform, names[half:])}


def _listed(platform: Site, names: Sequence[str]) -> Mapping[str, ListedPrice]:
    """All pages of one answer."""
    address = addresses.shown(addresses.parsed(platform.base))
    query = {"endpoint_id": ",".join(names)}
    found: dict[str, ListedPrice] = {}
    for _ in range(MOST):
        body = ask(platform, f"/models/pricing?{urlencode(query, safe=',/')}").body
        page = json_text.parsed_object(body)
        found |= {name: each for name, each in _on(page, address) if name in names}
        cursor = page.get("next_cursor")
        if page.get("has_more") is not True or not isinstance(cursor, str) or not cursor:
            return found
        query["cursor"] = cursor
    raise UnreadableError("the list of prices does not end")


def _on(page: Mapping[str, Json], address: str) -> Iterator[tuple[str, ListedPrice]]:
    listed = page.get("prices")
    if not isinstance(listed, list):
        raise UnreadableError("the answer has no 'prices'")
    for each in json_text.objects(listed):
        yield from _price(each, address)


def _price(told: Mapping[str, Json], address: str) -> Iterator[tuple[str, ListedPrice]]:
    """Nothing where the amount is no number."""
    name, amount = _text(told.get("endpoint_id")), money.number(told.get("unit_price"))
    if name and amount is not None:
        unit, currency = _text(told.get("unit")), _text(told.get("currency"))
        yield name, ListedPrice(amount=amount, unit=unit, currency=currency, address=address)


def _text(told: Json) -> str:
    return told.strip() if isinstance(told, str) else ""

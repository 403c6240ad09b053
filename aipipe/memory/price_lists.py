"""What providers listed as their prices, kept in the user's folder until they are asked again.

One JSON file, `prices.json`: by provider the day, and by endpoint the amount (a text, exact), the
provider's word for the unit, the currency, and the address that told it.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from aipipe.contracts.provider import ListedPrice
from aipipe.memory import durable

NAME: Final = "prices.json"
VERSION: Final = 1
MOST_BYTES: Final = 4 << 20
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class PriceListError(Exception):
    """The file can't be used: why, for a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """What one provider listed on a day, by endpoint."""

    on: date
    prices: Mapping[str, ListedPrice]


def path_in(home: Path) -> Path:
    """Where the lists are."""
    return home / NAME


def read(home: Path) -> Mapping[str, PriceList]:
    """The lists by provider; none where there is no file.

    Raises:
        PriceListError: there is one, and it can't be used.
    """
    try:
        with path_in(home).open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise PriceListError((error.strerror or str(error)).lower()) from error
    if len(text) > MOST_BYTES:
        raise PriceListError("it is larger than 4 MB")
    return _lists(text)


def keep(home: Path, lists: Mapping[str, PriceList]) -> None:
    """Put these in the place of what was kept; whole and for good, or not at all.

    Raises:
        OSError: the folder can't be written to.
    """
    durable.make_folder(home, mode=_PRIVATE_FOLDER)
    whole = {"v": VERSION, "lists": {name: _plain(each) for name, each in lists.items()}}
    descriptor, name = tempfile.mkstemp(prefix=f".{NAME}-", dir=home)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(whole, file, indent=1, ensure_ascii=False)
        durable.settle(fresh, path_in(home), mode=_PRIVATE_FILE)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _plain(found: PriceList) -> Mapping[str, Any]:
    prices = {
        endpoint: {
            "amount": f"{each.amount:f}",
            "unit": each.unit,
            "currency": each.currency,
            "address": each.address,
        }
        for endpoint, each in found.prices.items()
    }
    return {"on": found.on.isoformat(), "prices": prices}


def _lists(text: bytes) -> Mapping[str, PriceList]:
    try:
        whole = json.loads(text)
        if whole["v"] != VERSION:
            raise PriceListError(f"its version is {whole['v']!r}, and this aipipe knows {VERSION}")
        return {str(name): _list(each) for name, each in whole["lists"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PriceListError("it is damaged") from error


def _list(plain: Mapping[str, Any]) -> PriceList:
    prices = {str(endpoint): _price(each) for endpoint, each in plain["prices"].items()}
    return PriceList(on=date.fromisoformat(plain["on"]), prices=prices)


def _price(plain: Mapping[str, Any]) -> ListedPrice:
    texts = [plain[word] for word in ("amount", "unit", "currency", "address")]
    if not all(isinstance(each, str) for each in texts):
        raise TypeError("a price is told in texts")
    amount, unit, currency, address = texts
    return ListedPrice(amount=_amount(amount), unit=unit, currency=currency, address=address)


def _amount(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError("an amount is a number") from None
    if not found.is_finite():
        raise ValueError("an amount has an end")
    return found

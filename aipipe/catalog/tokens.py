"""What is billed by tokens of several kinds: estimated, without an upper bound."""

from decimal import Decimal
from typing import Final

from aipipe.catalog.counting import decimal, seconds
from aipipe.catalog.facts import Facts
from aipipe.catalog.given import Given
from aipipe.catalog.model import Model, Price
from aipipe.catalog.spans import UNTOLD, Span
from aipipe.contracts.media import TEXT

CHARACTERS_TOKEN: Final = 4
"""Of usual text."""
CHARACTERS_SECOND: Final = 15
"""Of usual speech."""
SECONDS: Final = "seconds"
_MILLION: Final = 1_000_000


def amounts(price: Price) -> dict[str, Decimal]:
    """USD for a million tokens, by kind; empty where it is not billed so."""
    tokens = price.extra.get("tokens")
    return {k: decimal(v) for k, v in tokens.items()} if isinstance(tokens, dict) else {}


def counted(model: Model) -> dict[str, str]:
    """USD for a million of each kind that an answer counts: of tokens, else of seconds heard."""
    price = model.price
    if price.unit == "second" and price.usd is not None and model.medium == TEXT:
        return {SECONDS: f"{price.usd * _MILLION:f}"}
    return {kind: f"{usd:f}" for kind, usd in amounts(price).items()}


def cost(given: Given, facts: Facts) -> Span:
    """USD for a call. No provider bounds what comes out, so there is no upper end."""
    extra = given.model.price.extra
    if "about_usd_second" in extra:
        about = Span.exactly(decimal(extra["about_usd_second"]))
        return Span(None, (seconds(given, facts) * about).likely, None)
    if "tokens_second" in extra and facts.characters is not None:
        return Span(None, _spoken(given, facts.characters), None)
    return UNTOLD


def _spoken(given: Given, characters: int) -> Decimal:
    """A text read aloud: what goes in, and the sound that comes out."""
    usd = amounts(given.model.price)
    read = usd["text_in"] * characters / CHARACTERS_TOKEN
    each_second = usd["audio_out"] * decimal(given.model.price.extra["tokens_second"])
    return (read + each_second * characters / CHARACTERS_SECOND) / _MILLION

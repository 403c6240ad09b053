"""How many units a call takes: images, megapixels, seconds, characters, tokens."""

from decimal import Decimal
from typing import Final

from aipipe.catalog import pixels, sizing
from aipipe.catalog.facts import Facts
from aipipe.catalog.given import Given, number, values
from aipipe.catalog.spans import ONE, UNTOLD, Span
from aipipe.contracts.artefact import Json

COUNT, DURATION, RESOLUTION = "count", "duration", "resolution"
_HEARD: Final = frozenset({"audio", "video"})
_LINES: Final = {"2k": 1440, "4k": 2160}


def images(given: Given) -> Span:
    """How many are made."""
    asked = number(given, COUNT) if COUNT in given.model.params else ONE
    word = given.model.price.extra.get("times_up_to")
    if not isinstance(word, str):
        return asked
    each = number(given, word)
    return Span(asked.low, _times(asked.likely, each.likely), _times(asked.most, each.most))


def megapixels(given: Given, facts: Facts) -> Span:
    """Of one picture, rounded where the price list says so."""
    extra = given.model.price.extra
    asked = sorted(sizing.sizes(given), key=pixels.area)
    if not asked:
        return UNTOLD
    made = Span(
        pixels.megapixels(asked[0], pixels.BINARY),
        pixels.megapixels(asked[-1], pixels.BINARY),
        pixels.megapixels(asked[-1], pixels.DECIMAL),
    )
    if extra.get("counts_input") and facts.megapixels is not None:
        made += Span.exactly(facts.megapixels)
    return made.rounded_up() if extra.get("round_up") else made


def seconds(given: Given, facts: Facts) -> Span:
    """Of what is made, else of what arrives."""
    if DURATION in given.model.params:
        return number(given, DURATION)
    fixed = given.model.price.extra.get("seconds")
    if fixed is not None:
        return Span.exactly(decimal(fixed))
    if facts.seconds is not None and _HEARD & set(given.model.slots):
        return Span.exactly(Decimal(str(facts.seconds)))
    return UNTOLD


def characters(given: Given, facts: Facts) -> Span:
    """Of the text; one that is not known yet has at most what the model takes."""
    if facts.characters is not None:
        return Span.exactly(Decimal(facts.characters))
    limit = given.model.max_characters
    return Span(None, None, None if limit is None else Decimal(limit))


def frame_pixels(given: Given, facts: Facts) -> Span:
    """Of all frames of a video together."""
    extra = given.model.price.extra
    asked = values(given, RESOLUTION)
    areas = [_area(each) for each in asked.values]
    known = [Decimal(area) for area in areas if area is not None]
    if not known or len(known) < len(areas):
        return UNTOLD
    likely = _area(asked.likely) if asked.likely is not None else None
    margin = 1 + decimal(extra.get("margin", 0))
    frame = Span(min(known), Decimal(likely or max(known)), max(known) * margin)
    return frame * seconds(given, facts) * Span.exactly(decimal(extra.get("frames", 0)))


def decimal(value: Json) -> Decimal:
    """An amount of the price list."""
    return Decimal(str(value))


def _times(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one * other


def _area(resolution: str) -> int | None:
    """The pixels of a frame of 16:9."""
    text = resolution.lower()
    lines = _LINES.get(text) or (int(text[:-1]) if text[:-1].isdigit() else None)
    return None if lines is None else lines * round(lines * 16 / 9)

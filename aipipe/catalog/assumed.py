"""What a price takes for granted: every default that decided it."""

from collections.abc import Iterator

from aipipe.catalog import counting, phrases, sizing, tokens
from aipipe.catalog.facts import Facts
from aipipe.catalog.given import Given


def assumptions(given: Given, facts: Facts) -> tuple[str, ...]:
    """One line that begins with the model's name; nothing where all was said."""
    found = [*_area(given, facts), *_length(given), *_tokens(given), *_choices(given)]
    return (f"{given.model.name}: {', '.join(found)}",) if found else ()


def _area(given: Given, facts: Facts) -> Iterator[str]:
    """What a size amounts to, where that is not for the user to know."""
    found = counting.megapixels(given, facts)
    one = given.model.price.unit == "megapixel" and len(sizing.sizes(given)) == 1
    if not one or found.likely is None or found.most is None:
        return
    how = "rounds up to" if given.model.price.extra.get("round_up") else "is"
    most = f", at most {phrases.megapixels(found.most)}" if found.most > found.likely else ""
    if most or given.defaulted(sizing.SIZE):
        yield f"{phrases.size(given)} {how} {phrases.megapixels(found.likely)}{most}"


def _length(given: Given) -> Iterator[str]:
    price = given.model.price
    lasts = price.unit in {"second", "minute", "1m_tokens"}
    if lasts and given.defaulted(counting.DURATION):
        yield from phrases.choice(given, counting.DURATION)
    if price.unit == "second" and "seconds" in price.extra:
        yield f"{price.extra['seconds']} s"


def _tokens(given: Given) -> Iterator[str]:
    extra = given.model.price.extra
    if "tokens_second" in extra:
        each_second = f"{tokens.CHARACTERS_SECOND} characters and {extra['tokens_second']} tokens"
        yield f"about {each_second} a second"
    if "about_usd_second" in extra:
        yield f"about {phrases.usd(counting.decimal(extra['about_usd_second']))} a second"
    if "frames" in extra:
        yield f"{extra['frames']} frames a second"


def _choices(given: Given) -> Iterator[str]:
    price = given.model.price
    shape = [counting.RESOLUTION] if "frames" in price.extra else []
    for word in (*shape, *price.by):
        if given.defaulted(word):
            yield from phrases.choice(given, word)

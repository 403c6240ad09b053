"""The terms of a model's price in words, a line each: its rules, and what else it depends on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

from aipipe.catalog import phrases, price_words, tokens
from aipipe.catalog.counting import DURATION, RESOLUTION, decimal
from aipipe.catalog.model import Model, Price
from aipipe.catalog.sizing import SIZE
from aipipe.contracts.artefact import Json

_ANY: Final = "*"
_FEW: Final = 3


def terms(model: Model) -> Iterator[str]:
    """`720p or 1080p, no audio: $0.20/s`, `with web_search: $0.015 more for each image`."""
    yield from _rules(model)
    for kind, usd in tokens.amounts(model.price).items():
        yield f"{kind.replace('_', ' ')}: {phrases.usd(usd)}/1M tokens"
    for name, spoken in _SPOKEN.items():
        if name in model.price.extra:
            yield from spoken(model.price.extra[name], model.price)


def _rules(model: Model) -> Iterator[str]:
    """Each rule; what `*` stands for is what the rules before it left over."""
    before: list[list[str]] = []
    for joined, usd in model.price.rules.items():
        rule = joined.split("|")
        parts = [
            _said(word, rule[at])
            if rule[at] != _ANY
            else _rest(model, word, _named(rule, at, before))
            for at, word in enumerate(model.price.by)
        ]
        each = price_words.each(model.price, usd)
        yield f"{', '.join(part for part in parts if part) or 'otherwise'}: {each}"
        before.append(rule)


def _named(rule: Sequence[str], at: int, before: Sequence[Sequence[str]]) -> list[str]:
    """The values at a place that rules before this one, as wide elsewhere, take away from it."""
    return [
        other[at]
        for other in before
        if all(
            place == at or theirs in {_ANY, mine}
            for place, (mine, theirs) in enumerate(zip(rule, other, strict=True))
        )
    ]


def _rest(model: Model, word: str, named: Sequence[str]) -> str:
    """All values but those named; nothing where none is."""
    if not named:
        return ""
    enum = model.params[word].schema.get("enum", ["false", "true"])
    rest = [str(each) for each in enum if str(each) not in named] if isinstance(enum, list) else []
    few = len(rest) <= _FEW
    return " or ".join(_said(word, each) for each in rest) if few else f"any other {word}"


def _said(word: str, value: str) -> str:
    """`720p`, `1280x720 or 720x1280`, `6 s`, `with audio`, `quality low`."""
    if word == SIZE:
        turned = "x".join(reversed(value.split("x")))
        return value if turned == value else f"{value} or {turned}"
    if word == RESOLUTION:
        return value
    match value:
        case "true" | "given":
            return f"with {word}"
        case "false" | "none":
            return f"no {word}"
        case _:
            return f"{value} s" if word == DURATION else f"{word} {value}"


def _surcharges(extra: Json, price: Price) -> Iterator[str]:
    for rule, usd in (extra if isinstance(extra, dict) else {}).items():
        word, _, value = rule.partition("=")
        yield f"{_said(word, value)}: {phrases.usd(decimal(usd))} more for each {price.unit}"


def _further(extra: Json, price: Price) -> Iterator[str]:
    first = price_words.listed(replace(price, extra={}))
    yield f"{first}, {phrases.usd(decimal(extra))} for each further MP"


def _frames(frames: Json, price: Price) -> Iterator[str]:
    yield f"a token is 1,024 pixels of a frame, and a second has {frames} frames"
    if "margin" in price.extra:
        percent = phrases.plain(decimal(price.extra["margin"]) * 100)
        yield f"it may come to {percent} % more than estimated"


def _about(usd: Json, _: Price) -> Iterator[str]:
    yield f"a second comes to about {phrases.usd(decimal(usd))}"


def _line(words: str) -> "_Spoken":
    """A line with the value in the place of `{}`."""
    return lambda value, _: iter([words.format(value)])


_Spoken: TypeAlias = Callable[[Json, Price], Iterator[str]]
_SPOKEN: Final[Mapping[str, _Spoken]] = MappingProxyType(
    {
        "extra_usd": _further,
        "surcharges": _surcharges,
        "round_up": _line("each picture is rounded up to whole megapixels"),
        "counts_input": _line("the picture that arrives is counted too"),
        "times_up_to": _line("every picture costs, also those that '{}' allows"),
        "seconds": _line("each video lasts {} s"),
        "frames": _frames,
        "tokens_second": _line("a second of speech takes about {} tokens"),
        "about_usd_second": _about,
        "unbounded": _line("it is billed by what it takes, and no bound is known"),
    }
)

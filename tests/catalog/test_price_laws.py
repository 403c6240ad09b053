"""Laws of prices, over all models and random parameters."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from aipipe.catalog.catalogue import load
from aipipe.catalog.model import Model, ModelParam
from aipipe.catalog.price import Facts, PriceEstimate, estimate
from aipipe.contracts.artefact import Json

MODELS = list(load().models.values())
FACTS = st.builds(
    Facts,
    characters=st.none() | st.integers(1, 100_000),
    seconds=st.none() | st.floats(0.1, 36_000),
    megapixels=st.none() | st.decimals("0.1", "50", places=2),
)
SIZES = st.tuples(st.integers(64, 4096), st.integers(64, 4096)).map(lambda s: f"{s[0]}x{s[1]}")
PLAIN: Mapping[str, st.SearchStrategy[Json]] = {
    "boolean": st.booleans(),
    "array": st.lists(st.just("x"), max_size=2),
    "object": st.just({}),
    "string": st.text(max_size=5),
}


@dataclass(frozen=True)
class Call:
    model: Model
    params: Mapping[str, Json]
    unknown: frozenset[str]
    facts: Facts

    def price(self) -> PriceEstimate:
        return estimate(self.model, self.params, self.unknown, self.facts)

    def given(self, **params: Json) -> "Call":
        found = self.without(*params)
        return replace(found, params={**found.params, **params})

    def forgetting(self, word: str) -> "Call":
        found = self.without(word)
        return replace(found, unknown=found.unknown | {word})

    def without(self, *words: str) -> "Call":
        """Neither the words nor others that say the same."""
        wires = {self.model.params[word].wire for word in words}
        same = {word for word, param in self.model.params.items() if param.wire in wires}
        params = {word: value for word, value in self.params.items() if word not in same}
        return replace(self, params=params, unknown=self.unknown - same)


def values(param: ModelParam) -> st.SearchStrategy[Json]:
    """What a word takes, also as people write it."""
    schema = param.schema
    match schema:
        case {"anyOf": [{"enum": list(names)}, *_]}:
            return st.sampled_from(names) | SIZES
        case {"enum": list(listed)}:
            plain = st.sampled_from(listed)
            return plain | plain.map(str) if param.word == "duration" else plain
        case {"type": "integer" | "number" as kind}:
            return _numbers(kind, schema.get("minimum", 1), schema.get("maximum", 600))
        case {"type": str(kind)}:
            return PLAIN[kind]
    raise AssertionError(schema)


def _numbers(kind: str, least: Json, most: Json) -> st.SearchStrategy[Json]:
    assert isinstance(least, int | float)
    assert isinstance(most, int | float)
    whole = st.integers(math.ceil(least), int(most))
    return (
        whole
        if kind == "integer"
        else whole | whole.map(lambda n: n + 0.25).filter(lambda n: n <= most)
    )


@st.composite
def calls(draw: st.DrawFn) -> Call:
    model = draw(st.sampled_from(MODELS))
    words = draw(st.sets(st.sampled_from(sorted(model.params)))) if model.params else set()
    call = Call(model, {}, frozenset(), draw(FACTS))
    for word in sorted(words):
        if draw(st.integers(0, 3)) == 0:
            call = call.forgetting(word)
        else:
            call = call.given(**{word: draw(values(model.params[word]))})
    return call


def ordered(*amounts: Decimal | None) -> bool:
    known = [amount for amount in amounts if amount is not None]
    return known == sorted(known)


@settings(deadline=None)
@given(calls())
def test_least_likely_and_most_are_in_order(call: Call) -> None:
    found = call.price()

    assert ordered(Decimal(0), found.low, found.likely, found.at_most)


@settings(deadline=None)
@given(calls())
def test_only_what_is_listed_as_free_costs_nothing(call: Call) -> None:
    found = call.price()

    assert call.model.price.usd == 0 or 0 not in {found.low, found.likely, found.at_most}


@settings(deadline=None)
@given(calls(), st.data())
def test_what_is_not_known_spans_all_that_it_may_be(call: Call, data: st.DataObject) -> None:
    if not call.model.params:
        return
    word = data.draw(st.sampled_from(sorted(call.model.params)))
    known = call.given(**{word: data.draw(values(call.model.params[word]))}).price()
    open_ = call.forgetting(word).price()

    assert ordered(open_.low, known.low)
    assert ordered(known.at_most, open_.at_most)


@settings(deadline=None)
@given(calls(), st.data())
def test_a_default_that_is_written_out_changes_nothing(call: Call, data: st.DataObject) -> None:
    usual = {w: p.schema["default"] for w, p in call.model.params.items() if "default" in p.schema}
    if not usual:
        return
    word = data.draw(st.sampled_from(sorted(usual)))
    left = call.without(word)
    found = left.given(**{word: usual[word]}).price()

    assert replace(found, assumptions=()) == replace(left.price(), assumptions=())


@settings(deadline=None)
@given(calls(), st.integers(1, 5), st.integers(1, 5))
def test_more_costs_no_less(call: Call, fewer: int, more: int) -> None:
    word = "count" if "count" in call.model.params else "duration"
    if word not in call.model.params or call.model.price.unit == "video":
        return
    one, other = call.given(**{word: fewer}).price(), call.given(**{word: fewer + more}).price()

    assert ordered(one.low, other.low)
    assert ordered(one.likely, other.likely)
    assert ordered(one.at_most, other.at_most)


@settings(deadline=None)
@given(calls(), st.integers(1, 50_000), st.integers(0, 50_000))
def test_a_longer_text_costs_no_less(call: Call, characters: int, more: int) -> None:
    short = replace(call, facts=replace(call.facts, characters=characters)).price()
    long = replace(call, facts=replace(call.facts, characters=characters + more)).price()

    assert ordered(short.likely, long.likely)
    assert ordered(short.at_most, long.at_most)


@settings(deadline=None)
@given(calls())
def test_an_assumption_begins_with_the_model_and_needs_a_price(call: Call) -> None:
    found = call.price()

    assert all(each.startswith(f"{call.model.name}: ") for each in found.assumptions)
    assert found.likely is not None or not found.assumptions
    assert found.counted

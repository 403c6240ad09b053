"""What holds for every model and voice of the catalogue."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

import pytest
from jsonschema import Draft7Validator

from aipipe.app.discover import own_registry
from aipipe.catalog import pixels
from aipipe.catalog.catalogue import load
from aipipe.catalog.model import Model, ModelParam
from aipipe.catalog.wiring import wire
from aipipe.contracts.media import KINDS
from aipipe.media import sizes

MODELS = list(load().models.values())
EVERY = pytest.mark.parametrize("model", MODELS, ids=[model.name for model in MODELS])
UNITS = {"image", "megapixel", "second", "minute", "video", "1k_chars", "1m_tokens"}
BOTH_WAYS = {"size", "aspect_ratio"}
ADAPTERS = {"sync_mode", "stream", "end_user_id", "format", "output_file", "model"}


def words(model: Model) -> Iterator[ModelParam]:
    return chain(model.params.values(), [model.format_param] if model.format_param else [])


def listed(param: ModelParam) -> list[object]:
    enum = param.schema.get("enum")
    return [*enum] if isinstance(enum, list) else []


@EVERY
def test_a_model_says_where_it_is_and_what_it_makes(model: Model) -> None:
    kind = next(kind for kind in KINDS if kind.name == model.medium)

    assert model.endpoint
    assert model.provider
    assert model.formats
    assert set(model.formats) <= set(kind.formats)
    assert model.price.unit in UNITS | {"request", "gpu_second"}
    assert model.source


@EVERY
def test_a_model_serves_known_step_types_with_their_slots(model: Model) -> None:
    steps = [own_registry().steps[name] for name in model.types]
    slots = {slot.name for step in steps for slot in step.slots}
    needed = {slot.name for step in steps for slot in step.slots if slot.required}

    assert {step.produces for step in steps} == {model.medium}
    assert needed <= set(model.slots) <= slots
    assert not {slot for step in steps for s in step.slots for slot in s.words} & set(model.params)
    assert not slots & set(model.params)


@EVERY
def test_every_wire_name_is_there_once_except_for_size_and_ratio(model: Model) -> None:
    params = {p.word: p.wire for p in words(model)}
    single = [wire for wire in model.slots.values() if "[]" not in wire]  # a list takes several
    wires = [*params.values(), *single, *model.fixed]
    twice = [wire for wire, times in Counter(wires).items() if times > 1]

    assert all(wires)
    assert max(Counter(wires).values(), default=0) <= 2
    assert {word for word, wire in params.items() if wire in twice} in (set(), BOTH_WAYS)


@EVERY
def test_every_word_has_a_sound_schema_and_a_description(model: Model) -> None:
    for param in model.params.values():
        Draft7Validator.check_schema(dict(param.schema))
        assert {"type", "enum", "anyOf"} & set(param.schema)
        assert re.fullmatch(r"[A-Z][^.]*\.", str(param.schema["description"])), param.word
        assert param.word not in ADAPTERS


@EVERY
def test_a_default_is_among_the_values_that_a_word_takes(model: Model) -> None:
    for param in model.params.values():
        if "default" in param.schema:
            Draft7Validator(dict(param.schema)).validate(param.schema["default"])
        assert not param.always or "default" in param.schema
        assert not (param.required and "default" in param.schema)


@EVERY
def test_values_for_the_wire_cover_all_that_a_word_takes(model: Model) -> None:
    for param in words(model):
        assert not param.values or set(param.values) == {str(value) for value in listed(param)}


@EVERY
def test_a_price_goes_by_words_that_the_model_has(model: Model) -> None:
    price = model.price
    parts = [rule.split("|") for rule in price.rules]

    assert set(price.by) <= set(model.params)
    assert bool(price.by) == bool(price.rules)
    assert {len(part) for part in parts} <= {len(price.by)}
    assert all(amount > 0 for amount in price.rules.values())
    assert price.usd is None or price.usd >= 0
    assert price.usd in {None, *price.rules.values()} or not price.rules


@EVERY
def test_surcharges_and_multipliers_go_by_words_that_the_model_has(model: Model) -> None:
    extra = model.price.extra
    surcharges = extra.get("surcharges", {})
    assert isinstance(surcharges, dict)
    words_ = {rule.partition("=")[0] for rule in surcharges} | {extra.get("times_up_to")}

    assert words_ - {None} <= set(model.params)


@EVERY
def test_every_listed_value_has_a_price_or_is_known_to_have_none(model: Model) -> None:
    for place, word in enumerate(model.price.by):
        param = model.params[word]
        ruled = {rule.split("|")[place] for rule in model.price.rules}
        open_ones = {"auto"} | ({"turbo", "quality"} if model.name == "ideogram_v3" else set())
        assert "*" in ruled or {str(v) for v in listed(param)} - open_ones <= ruled


@EVERY
def test_a_retired_model_leads_to_one_that_works(model: Model) -> None:
    if model.retired is None:
        return
    for step_type in model.types:
        found = load().resolve(step_type, model.name)
        assert found is not None
        assert found.asked is model
        assert found.model.retired is None
        assert step_type in found.model.types


@pytest.mark.parametrize("step_type", sorted({each for model in MODELS for each in model.types}))
def test_a_name_means_one_model_in_a_step(step_type: str) -> None:
    served = [model for model in MODELS if step_type in model.types]
    names = Counter(name for model in served for name in (model.name, *model.aliases))

    assert [name for name, times in names.items() if times > 1] == []


def test_a_size_by_name_is_the_same_for_the_price_and_for_the_embedded_engine() -> None:
    assert dict(pixels.NAMED) == dict(sizes.NAMED)


def test_a_word_means_the_same_in_every_model() -> None:
    meant: dict[tuple[str, str], set[object]] = {}
    for model in MODELS:
        for param in model.params.values():
            meant.setdefault((param.word, model.medium), set()).add(param.schema["description"])

    assert [word for word, sentences in meant.items() if len(sentences) > 1] == []


def test_the_names_that_people_write_are_known() -> None:
    asked = {
        "text_to_image": "flux imagen4 seedream nano_banana gpt_image ideogram recraft runway",
        "image_to_image": "flux kontext seedream nano_banana_2 gpt_image_2",
        "image_to_video": "hailuo kling veo veo3 seedance wan runway luma",
        "text_to_video": "hailuo kling veo veo3 seedance wan sora luma",
        "text_to_speech": "elevenlabs kokoro gemini openai_tts",
        "speech_to_text": "whisper scribe",
        "text_to_audio": "music sfx",
        "text_to_text": "ollama",
    }
    unknown = [
        (step_type, name)
        for step_type, names in asked.items()
        for name in names.split()
        if load().resolve(step_type, name) is None
    ]

    assert unknown == []


def test_voices_have_ids_and_the_two_bellas_are_told_apart() -> None:
    known = load().voices["elevenlabs"]

    assert all(re.fullmatch(r"[A-Za-z0-9]{20}", voice.id) for voice in known.values())
    assert len({voice.id for voice in known.values()}) == len(known)
    assert known["bella"].id == "hpp4J3VqNfWAUOO0d1Us"
    assert known["bella"].note == "the current Bella; the older voice of that name is 'sarah'"
    assert {voice.name: voice.notice for voice in known.values() if voice.notice} == {
        "bella": "'bella' is ElevenLabs' current Bella; the older voice of that name is 'sarah'"
    }
    assert known["sarah"].id == "EXAVITQu4vr4xnSDxMaL"
    assert known["rachel"].note == "a legacy voice; its provider lists it only on request"
    assert load().voices["openai"]["alloy"].id == "alloy"


@EVERY
def test_a_call_knows_the_prices_of_all_that_its_answer_may_count(model: Model) -> None:
    told = wire(model, {}, None, {}).tokens

    prices = model.price.extra.get("tokens", {})
    assert isinstance(prices, dict)
    heard = model.price.unit == "second" and model.medium == "text" and model.price.usd
    of_seconds = {"seconds": heard * 1_000_000} if heard else {}
    assert {kind: Decimal(usd) for kind, usd in told.items()} == {
        **{kind: Decimal(str(usd)) for kind, usd in prices.items()},
        **of_seconds,
    }

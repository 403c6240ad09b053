"""Our words in the endpoints' own: all of a model's values, against what is published of it."""

from collections.abc import Iterator

import pytest
from support.fakes.specs import against, spec

from aipipe.catalog.catalogue import load
from aipipe.catalog.model import Model, ModelParam
from aipipe.catalog.wiring import Endpoint
from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Wire

CATALOG = load()
PUBLISHED = spec("fal-endpoints.schema") or {}
FAL = [
    m
    for m in CATALOG.models.values()
    if m.provider == "fal" and m.endpoint in PUBLISHED and m.retired is None
]


def wire(model: str, extension: str | None = None, **params: Json) -> Wire:
    """A call of a model of the catalogue."""
    found = CATALOG.models[model]
    return Endpoint(found, CATALOG.voices.get(found.provider, {})).wire(params, extension)


def samples(param: ModelParam) -> Iterator[Json]:
    """Values of a word that our schema allows."""
    schema = param.schema
    choices = schema.get("anyOf")
    for each in [schema, *(choices if isinstance(choices, list) else [])]:
        assert isinstance(each, dict)
        enum = each.get("enum")
        if isinstance(enum, list):
            yield from enum
    for word in ("minimum", "maximum", "default"):
        if word in schema:
            yield schema[word]
    if schema.get("type") == "boolean":
        yield from (True, False)


def faults(model: Model, sent: Wire) -> list[str]:
    """What is published of the endpoint and not kept; inputs are there."""
    endpoint = PUBLISHED[model.endpoint]
    assert isinstance(endpoint, dict)
    body: dict[str, object] = {n: v for n, v in sent.body.items() if "." not in n}
    for name in sent.slots.values():
        listed = name.endswith("[]")
        body[name.removesuffix("[]")] = ["https://a.test/1.png"] if listed else "https://a.test/1"
    return against(endpoint["input"], body, {})


@pytest.mark.skipif(not PUBLISHED, reason="the published types are not here")
@pytest.mark.parametrize("model", FAL, ids=lambda model: model.name)
def test_every_value_of_every_word_is_one_that_the_endpoint_takes(model: Model) -> None:
    endpoint = Endpoint(model, CATALOG.voices.get(model.provider, {}))
    published = PUBLISHED[model.endpoint]
    assert isinstance(published, dict)
    known = set(published["input"]["properties"])
    said = {word: list(samples(param)) for word, param in model.params.items() if not param.file}

    told = [
        (word, value, faults(model, endpoint.wire({word: value}, None)))
        for word, values in said.items()
        for value in values
    ]
    names = {name.split(".")[0] for each in model.params.values() for name in [each.wire]}

    assert [each for each in told if each[2]] == []
    assert names | {name.removesuffix("[]") for name in model.slots.values()} <= known


def test_a_number_becomes_the_text_that_the_endpoint_wants() -> None:
    assert wire("hailuo_02", duration=6).body == {"duration": "6"}
    assert wire("hailuo_02", duration="6s").body == {"duration": "6"}
    assert wire("hailuo_02", resolution="768P").body == {"resolution": "768P"}


def test_a_size_in_pixels_becomes_its_sides_where_the_endpoint_wants_them() -> None:
    assert wire("flux_dev", size="1024x768").body == {"image_size": {"width": 1024, "height": 768}}
    assert wire("flux_dev", size="square").body == {"image_size": "square"}
    assert wire("flux_dev", aspect_ratio="3:2").body == {
        "image_size": {"width": 1152, "height": 768}
    }


def test_the_format_is_asked_for_where_the_endpoint_can_make_it() -> None:
    assert wire("flux_dev", "png").body == {"output_format": "png"}
    assert wire("flux_dev", "jpg").body == {"output_format": "jpeg"}
    assert wire("flux_dev", "webp").body == {}


def test_a_voice_goes_by_its_id_and_into_the_path() -> None:
    sent = wire("elevenlabs", "mp3", voice="rachel", speed=1.1)

    assert sent.path == {"voice_id": "21m00Tcm4TlvDq8ikWAM"}
    assert sent.query == {"output_format": "mp3_44100_128"}
    assert sent.body == {"model_id": "eleven_multilingual_v2", "voice_settings.speed": 1.1}


def test_seconds_become_what_the_endpoint_counts_in() -> None:
    assert wire("elevenlabs_music", duration=10).body["music_length_ms"] == 10_000


def test_a_file_has_a_place_and_no_value() -> None:
    sent = wire("hailuo_02", end_image="last.png")

    assert sent.body == {}
    assert sent.slots == {
        "prompt": "prompt",
        "image": "image_url",
        "end_image": "end_image_url",
    }


def test_a_seed_is_open_until_one_is_given() -> None:
    assert wire("flux_dev").seed == "seed"
    assert wire("flux_dev", seed=7).seed is None
    assert wire("hailuo_02").seed is None

"""One word for the shape of a picture, whatever its model wants to be told."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from jsonschema import Draft7Validator

from aipipe.app.discover import own_registry
from aipipe.catalog import pixels
from aipipe.catalog.catalogue import load
from aipipe.catalog.model import Model
from aipipe.catalog.price import Facts, PriceEstimate, estimate
from aipipe.contracts.artefact import Json
from aipipe.schema import params

PICTURES = [m for m in load().models.values() if m.medium == "image" and m.retired is None]
SHAPED = [m for m in PICTURES if {"size", "aspect_ratio"} & set(m.params)]
BY_SIZE = [m for m in SHAPED if m.params["aspect_ratio"].values]
BY_RATIO = [m for m in SHAPED if m.params["size"].values and m not in BY_SIZE]
USUAL = ("1:1", "4:3", "3:4", "16:9", "9:16")
SQUARE_OR_3_TO_2 = {m.name for m in SHAPED if m.provider == "openai"}


def named(models: list[Model]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("model", models, ids=[model.name for model in models])


def price(name: str, /, *unknown: str, **params: Json) -> PriceEstimate:
    return estimate(load().models[name], params, frozenset(unknown), Facts())


def check(model: Model, written: Mapping[str, Json]) -> list[str]:
    step = own_registry().steps[model.types[0]]
    schema = params.of_model(step, model, load())
    needed = {word: ["a.png"] for word, param in model.params.items() if param.required}
    found = Draft7Validator(schema).iter_errors({**needed, **written})
    return [str(each.validator) for each in found]


def sides(ratio: str) -> tuple[int, int]:
    width, height = ratio.split(":")
    return int(width), int(height)


@named(SHAPED)
def test_every_picture_model_takes_the_usual_ratios_and_names(model: Model) -> None:
    ratios = ("1:1", "3:2", "2:3") if model.name in SQUARE_OR_3_TO_2 else USUAL

    assert [check(model, {"aspect_ratio": ratio}) for ratio in ratios] == [[]] * len(ratios)
    assert model.name in SQUARE_OR_3_TO_2 | {"runway_gen4_image", "runway_gen4_image_turbo"} or [
        check(model, {"size": name}) for name in pixels.NAMED
    ] == [[]] * len(pixels.NAMED)


@named(SHAPED)
def test_a_size_and_a_ratio_together_are_a_fault(model: Model) -> None:
    ratio, size = "1:1", "1024x1024" if model in BY_SIZE else "square_hd"

    assert check(model, {"size": size, "aspect_ratio": ratio}) == ["not"]


@named(BY_SIZE)
def test_a_ratio_becomes_a_size_of_just_that_ratio(model: Model) -> None:
    wire = model.params["aspect_ratio"].values
    ours = {theirs: size for size, theirs in model.params["size"].values.items()}
    found = {ratio: pixels.size(ours.get(str(size), size)) for ratio, size in wire.items()}

    for ratio, size in found.items():
        assert size is not None
        assert size[0] * sides(ratio)[1] == size[1] * sides(ratio)[0], ratio


@named(BY_SIZE)
def test_a_ratio_becomes_a_size_that_the_model_takes(model: Model) -> None:
    wire, size = model.params["aspect_ratio"].values, model.params["size"]
    ours = {theirs: ours for ours, theirs in size.values.items()}

    assert [check(model, {"size": ours.get(str(each), each)}) for each in wire.values()] == (
        [[]] * len(wire)
    )


@named(BY_RATIO)
def test_a_size_by_name_becomes_a_ratio_that_the_model_takes(model: Model) -> None:
    for name, ratio in model.params["size"].values.items():
        width, height = pixels.NAMED[name]

        assert width * sides(str(ratio))[1] == height * sides(str(ratio))[0]
        assert check(model, {"aspect_ratio": ratio}) == []


@named(BY_RATIO)
def test_pixels_are_refused_where_only_a_ratio_can_be_asked_for(model: Model) -> None:
    assert check(model, {"size": "1024x768"}) == ["anyOf"]


@pytest.mark.parametrize(
    ("name", "ratio", "usd", "counted", "assumed"),
    [
        ("flux_dev", "16:9", "0.025", "1 image, 1 MP", "1024x576 (16:9) rounds up to 1 MP"),
        ("flux_2_pro", "21:9", "0.03", "1 image, 1 MP", "1344x576 (21:9) rounds up to 1 MP"),
        ("gpt_image_2", "3:2", "0.165", "1 image, high, 1536x1024 (3:2)", "high, 1536x1024 (3:2)"),
        ("gpt_image_2", "1:1", "0.211", "1 image, high, 1024x1024 (1:1)", "high, 1024x1024 (1:1)"),
        ("runway_gen4_image", "9:16", "0.05", "1 image, 720x1280 (9:16)", "720x1280 (9:16)"),
    ],
)
def test_a_price_follows_the_ratio(
    name: str, ratio: str, usd: str, counted: str, assumed: str
) -> None:
    found = price(name, aspect_ratio=ratio)

    assert (found.low, found.likely, found.at_most) == (Decimal(usd),) * 3
    assert (found.counted, found.assumptions) == (counted, (f"{name}: {assumed}",))


@pytest.mark.parametrize(
    ("name", "params", "spans"),
    [
        ("flux_dev", {}, ("0.025", "0.025", "0.05")),
        ("flux_dev", {"size": "1500x1500"}, ("0.075", "0.075", "0.075")),
        ("gpt_image_2", {"quality": "low"}, ("0.005", "0.012", "0.012")),
        ("runway_gen4_image", {}, ("0.05", "0.05", "0.05")),
    ],
)
def test_a_ratio_that_is_not_known_yet_may_be_any(
    name: str, params: dict[str, Json], spans: tuple[str, ...]
) -> None:
    found = price(name, "aspect_ratio", **params)

    assert (found.low, found.likely, found.at_most) == tuple(map(Decimal, spans))


def test_a_ratio_that_is_not_known_yet_has_no_price_where_one_of_its_sizes_has_none() -> None:
    listed = load().models["gpt_image_2"]
    price = replace(listed.price, rules={"high|1024x1024": Decimal("0.2")})
    model = replace(listed, price=price)

    assert estimate(model, {}, frozenset({"aspect_ratio"}), Facts()).at_most is None


def test_a_ratio_that_the_model_lacks_has_no_price() -> None:
    assert price("flux_dev", aspect_ratio="7:5").at_most is None

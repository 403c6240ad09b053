"""Posters differ where they should and agree where they should."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image
from support.seeing import difference

from aipipe.media import palettes, plates, poster
from aipipe.media.moves import AUTO, MOTIONS, boxes, named
from aipipe.media.poster import SCENES, Order
from aipipe.media.scenes.brush import Size

ORDER = Order(prompt="a fox", model="flux", seed=0, size=(120, 80), mock=False)


def test_models_and_seeds_that_are_compared_look_different() -> None:
    """Side by side, so that no two of a sheet can be taken for each other."""
    orders = [replace(ORDER, model=model) for model in ("flux", "imagen4", "seedream", "kling")]
    orders += [poster.seeded(ORDER, seed) for seed in (1, 2, 3)]
    made = [poster.poster(order) for order in orders]

    for number, one in enumerate(made):
        for other in made[number + 1 :]:
            assert difference(one, other) > 8


@pytest.mark.parametrize(
    ("prompt", "scenes"),
    [
        ("a lighthouse by the sea", {"sea"}),
        ("Neon city, robot.", {"city"}),
        ("sand dunes", {"dunes"}),
    ],
)
def test_a_prompt_can_call_for_what_it_names(prompt: str, scenes: set[str]) -> None:
    asked = [replace(ORDER, prompt=prompt, seed=seed) for seed in range(3)]
    drawn = {poster._scene(order).__name__ for order in asked}

    assert scenes <= drawn


@pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])
@pytest.mark.parametrize("size", [(48, 48), (301, 77), (60, 200)])
def test_every_scene_fills_every_shape_with_more_than_one_colour(
    scene: poster.Scene, size: Size
) -> None:
    drawn = scene(size, palettes.PALETTES[0], poster._chance("x"))

    assert (drawn.size, drawn.mode) == (size, "RGB")
    assert len(drawn.getcolors(1 << 24) or []) > 4


@pytest.mark.parametrize("model", "abcdef")
def test_lettering_over_a_picture_looks_as_if_drawn_on_it(model: str) -> None:
    order = replace(ORDER, mock=True, size=(240, 160), model=model)
    palette = palettes.PALETTES[0]
    over = Image.new("RGBA", order.size, palette.middle)
    over.alpha_composite(poster.lettering_of(order, palette, prompt=True))
    drawn = Image.new("RGB", order.size, palette.middle)
    plates.plate_of(poster._chance(model, "plate"))(drawn, order.prompt, palette)
    plates.sign(drawn, model, mock=True)

    assert difference(over, drawn) < 1


def test_without_a_prompt_and_a_mock_there_is_no_lettering() -> None:
    layer = poster.lettering_of(ORDER, palettes.PALETTES[0], prompt=False)

    assert layer.getbbox() is None


def test_a_palette_that_the_prompt_names_comes_first() -> None:
    found = palettes.called_for("foxes in the snow, at dusk", poster._chance("x"))

    assert {found[0].name, found[1].name} == {"ice", "dusk"}
    assert sorted(palette.name for palette in found) == sorted(p.name for p in palettes.PALETTES)


@pytest.mark.parametrize(
    ("colour", "name"),
    [((255, 0, 0), "red"), ((255, 255, 255), "white"), ((0, 0, 0), "black"), ((0, 0, 255), "blue"),
     ((245, 215, 60), "yellow"), ((120, 120, 120), "grey"), ((0, 128, 0), "green")],
)  # fmt: skip
def test_colours_are_called_what_people_call_them(colour: tuple[int, int, int], name: str) -> None:
    assert palettes.name_of(colour) == name


@pytest.mark.parametrize("motion", [*MOTIONS, AUTO])
@pytest.mark.parametrize("choice", [0, 5, 13, 27])
def test_a_view_never_leaves_the_picture_and_never_stands_still(motion: str, choice: int) -> None:
    seen = list(boxes(named(motion, "", choice), 25, (1000, 600)))

    for left, top, right, bottom in seen:
        assert -1e-6 <= left < right <= 1000 + 1e-6
        assert -1e-6 <= top < bottom <= 600 + 1e-6
        assert (right - left) / (bottom - top) == pytest.approx(1000 / 600)
    assert all(one != other for one, other in pairwise(seen))


def test_a_single_picture_has_a_view() -> None:
    assert len(list(boxes(named("zoom_in", "", 0), 1, (100, 100)))) == 1

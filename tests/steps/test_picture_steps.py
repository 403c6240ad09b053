"""Pictures have the size asked for, are the same every time, and say what they are."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat
from support.seeing import difference, halves, made_by, picture_file
from support.sinks import FolderSink, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.media import pictures
from aipipe.steps import image_to_image, image_understanding, text_to_image, upscale_image

PROMPT = "a lighthouse in fog, 35mm"
AMBER = (255, 176, 0)


def drawn(tools: Tools, prompt: str = PROMPT, *, size: str = "96x64", **how: Any) -> "Image.Image":
    """The picture that is drawn for a prompt."""
    return opened(
        tools, made_by(text_to_image.STEP, tools, {"prompt": prompt}, size=size, **how)[0]
    )


def opened(tools: Tools, artefact: ArtefactRef) -> "Image.Image":
    return pictures.read(tools.sink.path_of(artefact))


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"size": "16x16"}, (16, 16)),
        ({"size": "33x57"}, (33, 57)),
        ({"size": "17x600"}, (17, 600)),
        ({"size": "4096x16"}, (4096, 16)),
        ({"size": {"width": 50, "height": 70}}, (50, 70)),
        ({"size": "landscape_16_9"}, (1024, 576)),
        ({"aspect_ratio": "16:9", "resolution": "0.5K"}, (512, 288)),
        ({"aspect_ratio": "9:16", "resolution": "0.5K"}, (288, 512)),
    ],
)
def test_a_picture_has_the_size_asked_for(
    tmp_path: Path, params: dict[str, Any], size: tuple[int, int]
) -> None:
    tools = tools_in(tmp_path)
    made = made_by(text_to_image.STEP, tools, {"prompt": PROMPT}, **params)[0]

    assert (made.medium, made.extension, made.width, made.height) == ("image", "png", *size)
    assert opened(tools, made).size == size


@pytest.mark.full
def test_the_largest_picture_can_be_drawn(tmp_path: Path) -> None:
    assert drawn(tools_in(tmp_path), size="4096x4096").size == (4096, 4096)


def test_a_picture_depends_on_prompt_model_seed_and_style_alone(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    variants: list[dict[str, Any]] = [
        {}, {"seed": 1}, {"seed": 2}, {"model": "flux"}, {"style": "noir"},
        {"negative_prompt": "people"}, {"quality": "high"}, {},
    ]  # fmt: skip
    made = [
        made_by(text_to_image.STEP, tools, {"prompt": PROMPT}, size="96x64", **variant)[0].sha256
        for variant in variants
    ]

    assert made[0] == made[6] == made[7]
    assert len(set(made)) == 6


@pytest.mark.parametrize("size", ["400x300", "40x40", "20x20"])
def test_a_mock_says_so_in_the_corner(tmp_path: Path, size: str) -> None:
    tools = tools_in(tmp_path)
    mocked, real = (drawn(tools, size=size, mock=mock, model="flux") for mock in (True, False))
    corner = (mocked.width // 2, 0, mocked.width, mocked.height // 2)

    assert amber_in(mocked.crop(corner)) > 0.02 * (corner[2] - corner[0]) * corner[3]
    assert amber_in(real.crop(corner)) == 0


def amber_in(picture: "Image.Image") -> int:
    """How many pixels have the colour of the sign, and nearly no other colour."""
    colours = picture.getcolors(1 << 24) or []
    return sum(n for n, at in colours if isinstance(at, tuple) and at[:3] == AMBER)


@pytest.mark.parametrize("extension", ["png", "jpg", "jpeg", "webp", "gif", "avif"])
def test_a_picture_is_written_in_the_format_asked_for(tmp_path: Path, extension: str) -> None:
    tools = tools_in(tmp_path)
    made = made_by(
        text_to_image.STEP, tools, {"prompt": PROMPT}, size="64x48", extension=extension
    )[0]

    assert made.extension == extension
    with Image.open(tools.sink.path_of(made)) as picture:
        assert picture.format == pictures.FORMATS[extension]


def test_several_pictures_have_seeds_one_after_the_other(tmp_path: Path) -> None:
    tools, fractions = tools_in(tmp_path), []
    told = tools_in(tmp_path, report=lambda fraction, _phase: fractions.append(fraction))
    three = made_by(text_to_image.STEP, told, {"prompt": PROMPT}, size="32x32", count=3, seed=7)
    alone = made_by(text_to_image.STEP, tools, {"prompt": PROMPT}, size="32x32", seed=8)

    assert [made.label for made in three] == ["seed 7", "seed 8", "seed 9"]
    assert three[1].sha256 == alone[0].sha256
    assert fractions == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"size": "4097x16"}, "4097x16 pixels can't be drawn: 16 to 4096 a side can"),
        (
            {"size": "big"},
            "'size' is 'big' and must be like '1024x768', or a name such as 'square_hd'",
        ),
        ({"aspect_ratio": "wide"}, "'aspect_ratio' is 'wide' and must be like '16:9'"),
        ({"count": 11}, "'count' is '11' and must be a number from 1 to 10"),
    ],
)
def test_what_can_not_be_drawn_is_told(
    tmp_path: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(StepError) as caught:
        made_by(text_to_image.STEP, tools_in(tmp_path), {"prompt": PROMPT}, **params)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"size": "9000x4500"}, (4096, 2048)),
        ({"size": "portrait_hd_xl"}, (1024, 1024)),
        ({"size": "1x1"}, (16, 16)),
    ],
)
def test_a_mock_takes_the_words_of_any_model(
    tmp_path: Path, params: dict[str, Any], size: tuple[int, int]
) -> None:
    tools = tools_in(tmp_path)
    made = made_by(text_to_image.STEP, tools, {"prompt": PROMPT}, mock=True, model="x", **params)[0]

    assert (made.width, made.height) == size


def test_a_cancelled_step_draws_nothing(tmp_path: Path) -> None:
    tools = tools_in(tmp_path, cancelled=lambda: True)

    with pytest.raises(CancelledError):
        made_by(text_to_image.STEP, tools, {"prompt": PROMPT})
    assert list(tmp_path.iterdir()) == []


def test_a_changed_picture_keeps_its_size_and_goes_as_far_as_told(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    inputs = {"image": picture_file(sink, size=(201, 101)), "prompt": "dusk"}
    steps = [
        opened(tools, made_by(image_to_image.STEP, tools, inputs, strength=strength)[0])
        for strength in (0, 0.5, 1)
    ]
    upper = (0, 0, 201, 80)  # the caption is below
    far = [difference(halves((201, 101)).crop(upper), made.crop(upper)) for made in steps]

    assert {made.size for made in steps} == {(201, 101)}
    assert far[0] == 0
    assert far[1] == pytest.approx(far[2] / 2, rel=0.1)
    assert far[2] > 5


def test_a_changed_picture_is_the_same_every_time_and_another_for_each_model(
    tmp_path: Path,
) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    inputs = {"image": picture_file(sink), "prompt": "dusk"}
    made = [
        made_by(image_to_image.STEP, tools, inputs, model=model)[0].sha256
        for model in ("a", "a", "b", "c")
    ]

    assert made[0] == made[1]
    assert len(set(made)) == 3


def test_a_changed_picture_takes_a_new_size(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    inputs = {"image": picture_file(sink), "prompt": "dusk"}

    made = made_by(image_to_image.STEP, tools, inputs, size="50x50", count=2)
    assert [(each.width, each.height, each.label) for each in made] == [
        (50, 50, "seed 0"), (50, 50, "seed 1"),
    ]  # fmt: skip


def test_every_manner_leaves_the_picture_to_be_seen(tmp_path: Path) -> None:
    """Light stays light and dark stays dark, so that the left half still differs from the right."""
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    scratch = sink.scratch("png")
    halves((120, 120), "white", "black").save(scratch)
    inputs = {"image": sink.adopt(scratch, "image"), "prompt": "dusk"}
    for model in "abcdefghijkl":
        made = opened(
            tools, made_by(image_to_image.STEP, tools, inputs, model=model, strength=1)[0]
        )
        light, dark = (made.crop(box).convert("L") for box in ((5, 30, 50, 90), (70, 30, 115, 90)))

        assert mean(light) > mean(dark) + 60, model


def mean(grey: "Image.Image") -> float:
    return float(ImageStat.Stat(grey).mean[0])


@pytest.mark.parametrize(
    ("factor", "size"),
    [(None, (80, 60)), (1, (40, 30)), (1.5, (60, 45)), ("3x", (120, 90)), (8, (320, 240))],
)
def test_a_picture_grows_by_the_factor_and_stays_the_same_picture(
    tmp_path: Path, factor: Json, size: tuple[int, int]
) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    made = made_by(upscale_image.STEP, tools, {"image": picture_file(sink)}, factor=factor)[0]

    assert (made.width, made.height) == size
    assert difference(opened(tools, made), halves(size)) < 3


def test_a_picture_keeps_its_transparency_as_it_grows(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    path = sink.scratch("png")
    Image.new("RGBA", (10, 10), (255, 0, 0, 128)).save(path)
    made = made_by(upscale_image.STEP, tools, {"image": sink.adopt(path, "image")})[0]

    assert opened(tools, made).getpixel((10, 10)) == (255, 0, 0, 128)


def test_a_picture_grows_no_larger_than_can_be_handled(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    path = sink.scratch("png")
    Image.new("L", (4000, 3000)).save(path)

    with pytest.raises(StepError) as caught:
        made_by(upscale_image.STEP, tools, {"image": sink.adopt(path, "image")}, factor=8)
    assert (caught.value.code, caught.value.message, caught.value.hint) == (
        "local.size",
        "32000x24000 pixels are more than 64 megapixels",
        "choose a factor of at most 2.3",
    )


def described(tmp_path: Path, picture: "Image.Image", **how: Any) -> list[str]:
    """The lines of a report on a picture."""
    sink = FolderSink(folder=tmp_path)
    path = sink.scratch("png")
    picture.save(path)
    inputs = {"image": sink.adopt(path, "image"), "prompt": how.pop("prompt", None)}
    made = made_by(image_understanding.STEP, tools_in(tmp_path), inputs, **how)[0]
    return (made.text or "").splitlines()


def test_the_facts_of_a_picture_are_measured(tmp_path: Path) -> None:
    picture = halves((300, 100), (250, 250, 250), (205, 35, 40))
    picture.putalpha(255)
    size = len(picture_bytes(tmp_path, picture)) / 1000

    assert described(tmp_path, picture, prompt="What\nis it?") == [
        "Picture facts, measured by the embedded engine; no model has looked at it",
        "Question: What is it?",
        "Size: 300 x 100 pixels, 0.03 megapixels",
        "Orientation: landscape (3:1)",
        "Main colours: white 50%, red 50%",
        "Brightness: bright (0.66 of 1)",
        "Contrast: high (0.32)",
        "Sharpness: soft",
        "Transparency: none",
        f"Format: png, {size:.1f} kB",
    ]


def picture_bytes(folder: Path, picture: "Image.Image") -> bytes:
    path = folder / "measured.png"
    picture.save(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("picture", "line"),
    [
        (Image.new("RGB", (90, 160), "black"), "Orientation: portrait (9:16)"),
        (Image.new("RGB", (77, 77), "black"), "Orientation: square (1:1)"),
        (Image.new("RGB", (1000, 301), "black"), "Orientation: landscape (3.32:1)"),
        (Image.new("RGB", (9, 9), "black"), "Brightness: very dark (0.00 of 1)"),
        (Image.new("RGB", (9, 9), "white"), "Brightness: very bright (1.00 of 1)"),
        (Image.new("RGB", (9, 9), "white"), "Contrast: very low (0.00)"),
        (Image.new("RGB", (1, 1), "white"), "Sharpness: soft"),
        (Image.effect_noise((64, 64), 90), "Sharpness: sharp"),
        (Image.new("RGBA", (9, 9), (0, 0, 0, 51)), "Transparency: 80% of it"),
    ],
)
def test_each_fact_is_right(tmp_path: Path, picture: "Image.Image", line: str) -> None:
    assert line in described(tmp_path, picture)


def test_a_report_is_as_detailed_as_asked_and_says_whose_place_it_takes(tmp_path: Path) -> None:
    picture = halves((96, 96))
    short, usual, long = (
        described(tmp_path, picture, detail=detail, mock=True, model="gpt")
        for detail in ("low", "auto", "high")
    )

    assert short[0] == "Picture facts, measured in the place of 'gpt'; no model has looked at it"
    assert short == usual[:7]
    assert usual == long[: len(usual)]
    assert long[len(usual) :] == [
        "Brightness of the upper third, left to right: 0.32, 0.25, 0.19",
        "Brightness of the middle third, left to right: 0.32, 0.25, 0.19",
        "Brightness of the lower third, left to right: 0.32, 0.25, 0.19",
        "Colour #c81e1e: red, 50.0%",
        "Colour #1e1ec8: blue, 50.0%",
    ]


@pytest.mark.parametrize(
    "step", [text_to_image.STEP, image_to_image.STEP, upscale_image.STEP, image_understanding.STEP]
)
def test_every_parameter_is_described(step: object) -> None:
    params = step.params  # type: ignore[attr-defined]
    assert all(schema.get("description") for schema in params.values())

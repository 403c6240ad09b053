"""Videos are as long, as large and as quick as asked, move, and play in a browser."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image, ImageChops
from support.seeing import Film, difference, film_file, halves, made_by, picture_file, watched
from support.sinks import FolderSink, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.step import StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.steps import add_audio, image_to_video, text_to_video, upscale_video

SMALL: dict[str, Any] = {"size": "96x64", "duration": 1}
ENCODED = 4
"""How much two encodings of one picture differ at most: x264 gives no exact bytes when so small."""


def filmed(tools: Tools, **params: Any) -> Film:
    """The video that is made for a prompt."""
    made = made_by(text_to_video.STEP, tools, {"prompt": "boats"}, **{**SMALL, **params})[0]
    return watched(tools.sink.path_of(made))


def boxes_of(path: Path) -> list[bytes]:
    """The names of the boxes at the top of an MP4 file."""
    content, at, names = path.read_bytes(), 0, []
    while at < len(content):
        names.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4], "big")
    return names


def test_a_video_plays_in_any_browser_from_its_first_bytes_on(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    made = made_by(text_to_video.STEP, tools, {"prompt": "boats"}, **SMALL)[0]
    path = tools.sink.path_of(made)
    film, names = watched(path), boxes_of(path)

    assert (made.medium, made.extension, made.seconds) == ("video", "mp4", 1)
    assert (film.codec, film.pixels, film.size) == ("h264", "yuv420p", (96, 64))
    assert names.index(b"moov") < names.index(b"mdat")


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (1, Fraction(1)),
        (24, Fraction(24)),
        (23.976, Fraction(24_000, 1001)),
        ("29.97", Fraction(30_000, 1001)),
        (59.94, Fraction(60_000, 1001)),
        (12.5, Fraction(25, 2)),
        (60, Fraction(60)),
    ],
)
def test_a_video_has_the_frame_rate_and_the_length_asked_for(
    tmp_path: Path, fps: Json, rate: Fraction
) -> None:
    film = filmed(tools_in(tmp_path), fps=fps, duration="1.3s", size="32x32")

    assert film.rate == rate
    assert film.seconds == pytest.approx(1.3, abs=float(1 / rate) / 2)


@pytest.mark.parametrize("duration", [0.04, 0.5, "2", "3 seconds"])
def test_a_video_is_as_long_as_asked(tmp_path: Path, duration: Json) -> None:
    film = filmed(tools_in(tmp_path), duration=duration, size="32x32", audio=True)
    wanted = float(str(duration).split()[0])

    assert film.seconds == pytest.approx(wanted, abs=1 / 24)
    assert film.sound == pytest.approx(film.seconds, abs=0.07)


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"size": "97x65"}, (96, 64)),
        ({"size": "16x16"}, (16, 16)),
        ({"size": None, "aspect_ratio": "1:1", "resolution": "360p"}, (360, 360)),
        ({"size": None, "aspect_ratio": "9:16", "resolution": "360p"}, (360, 640)),
        ({"size": None, "resolution": "480p"}, (854, 480)),
    ],
)
def test_a_video_has_the_size_asked_for_made_even(
    tmp_path: Path, params: dict[str, Any], size: tuple[int, int]
) -> None:
    assert filmed(tools_in(tmp_path), duration=0.1, **params).size == size


@pytest.mark.parametrize(
    ("extension", "codec"), [("mov", "h264"), ("mkv", "h264"), ("webm", "vp9"), ("gif", "h264")]
)
def test_a_video_is_written_in_the_format_asked_for_or_as_mp4(
    tmp_path: Path, extension: str, codec: str
) -> None:
    tools = tools_in(tmp_path)
    made = made_by(
        text_to_video.STEP, tools, {"prompt": "boats"}, extension=extension, audio=True, **SMALL
    )[0]
    film = watched(tools.sink.path_of(made))

    assert made.extension == ("mp4" if extension == "gif" else extension)
    assert (film.codec, film.pixels, len(film.pictures)) == (codec, "yuv420p", 24)
    assert film.sound == pytest.approx(1, abs=0.07)


@pytest.mark.parametrize("extension", ["mp4", "webm"])
def test_a_video_looks_the_same_every_time_and_another_for_each_seed(
    tmp_path: Path, extension: str
) -> None:
    tools = tools_in(tmp_path)
    first, again, other = (
        filmed(tools, extension=extension, seed=seed).pictures[-1] for seed in (0, 0, 1)
    )

    assert difference(first, again) < ENCODED < difference(first, other)


def striped(tools: Tools) -> ArtefactRef:
    """A picture with fine stripes, in which every move shows, and a mark in the middle."""
    picture = Image.new("RGB", (192, 128), "white")
    for x in range(0, 192, 16):
        picture.paste("black", (x, 0, x + 8, 128))
    picture.paste("red", (90, 0, 102, 128))
    path = tools.sink.scratch("png")
    picture.save(path)
    return tools.sink.adopt(path, "image")


def red_of(picture: "Image.Image") -> tuple[float, float]:
    """Where the red mark is, and how wide, in pixels."""
    row = [picture.getpixel((x, 20)) for x in range(picture.width)]
    red = [x for x, at in enumerate(row) if isinstance(at, tuple) and at[0] > at[1] + 80]
    return sum(red) / len(red), len(red)


@pytest.mark.parametrize(
    ("motion", "moves", "grows"),
    [("zoom_in", 0, 1), ("zoom_out", 0, -1), ("pan_left", 1, 0), ("pan_right", -1, 0)],
)
def test_the_view_moves_as_told(tmp_path: Path, motion: str, moves: int, grows: int) -> None:
    tools = tools_in(tmp_path)
    made = made_by(
        image_to_video.STEP,
        tools,
        {"image": striped(tools)},
        motion=motion,
        duration=1,
        size="192x128",
    )[0]
    film = watched(tools.sink.path_of(made))
    (first, narrow), (last, wide) = red_of(film.pictures[0]), red_of(film.pictures[-1])

    assert (last - first) * moves > 15 if moves else abs(last - first) < 12
    assert (wide - narrow) * grows >= 2 if grows else abs(wide - narrow) <= 1


@pytest.mark.parametrize(
    ("prompt", "motion"),
    [
        ("the camera zooms in on her", "zoom_in"),
        ("slow pull back", "zoom_out"),
        ("panning left over the sea", "pan_left"),
        ("pan to the right", "pan_right"),
    ],
)
def test_the_view_moves_as_the_prompt_says(tmp_path: Path, prompt: str, motion: str) -> None:
    tools = tools_in(tmp_path)
    inputs: dict[str, Value] = {"image": striped(tools), "prompt": prompt}
    said, told = (
        watched(tools.sink.path_of(made_by(image_to_video.STEP, tools, inputs, **how)[0]))
        for how in (SMALL, {**SMALL, "motion": motion})
    )

    assert difference(said.pictures[0], told.pictures[0]) < ENCODED
    assert difference(said.pictures[-1], told.pictures[-1]) < ENCODED
    assert difference(said.pictures[0], said.pictures[-1]) > ENCODED


def test_a_video_begins_with_the_picture_and_has_its_shape(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    inputs: dict[str, Value] = {"image": picture_file(tools.sink, size=(301, 201))}
    made = made_by(image_to_video.STEP, tools, inputs, motion="zoom_in", duration=0.1)[0]
    film = watched(tools.sink.path_of(made))

    assert film.size == (1078, 720)
    assert difference(film.pictures[0], halves((1078, 720))) < 4


@pytest.mark.parametrize(
    ("size", "made_size"), [((400, 20), (1728, 720)), ((20, 400), (720, 1728))]
)
def test_a_very_long_picture_is_cut_to_a_shape_that_screens_have(
    tmp_path: Path, size: tuple[int, int], made_size: tuple[int, int]
) -> None:
    tools = tools_in(tmp_path)
    inputs: dict[str, Value] = {"image": picture_file(tools.sink, size=size)}
    made = made_by(image_to_video.STEP, tools, inputs, duration=0.04)[0]

    assert (made.width, made.height) == made_size


@pytest.mark.parametrize("step", [text_to_video.STEP, image_to_video.STEP])
def test_a_mocked_video_says_so_in_every_picture(tmp_path: Path, step: StepType) -> None:
    tools = tools_in(tmp_path)
    inputs: dict[str, Value] = {"image": picture_file(tools.sink), "prompt": "x"}
    how: dict[str, Any] = {"size": "192x128", "duration": 0.5}
    mocked, real = (
        watched(
            tools.sink.path_of(made_by(step, tools, inputs, mock=mock, model="kling", **how)[0])
        )
        for mock in (True, False)
    )
    signs = [amber(picture) for picture in mocked.pictures]

    assert min(signs) > 0.8 * max(signs) > 100
    assert max(amber(picture) for picture in real.pictures) < 20


def amber(picture: "Image.Image") -> int:
    """How many pixels in the upper right quarter have nearly the colour of the sign."""
    corner = picture.crop((picture.width // 2, 0, picture.width, picture.height // 2))
    off = ImageChops.difference(corner, Image.new("RGB", corner.size, (255, 176, 0)))
    furthest = ImageChops.lighter(ImageChops.lighter(*off.split()[:2]), off.split()[2])
    return sum(furthest.histogram()[:40])


@pytest.mark.parametrize("after", [1, 7])
def test_a_cancelled_video_leaves_no_file(tmp_path: Path, after: int) -> None:
    answers = iter([False] * after)
    tools = tools_in(tmp_path, cancelled=lambda: next(answers, True))

    with pytest.raises(CancelledError):
        made_by(text_to_video.STEP, tools, {"prompt": "boats"}, **SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("step", "params"),
    [(text_to_video.STEP, SMALL), (upscale_video.STEP, {}), (add_audio.STEP, {})],
)
def test_progress_rises_to_the_end(tmp_path: Path, step: StepType, params: dict[str, Any]) -> None:
    told: list[tuple[float, str]] = []
    tools = tools_in(tmp_path, report=lambda fraction, phase: told.append((fraction, phase)))
    made_by(step, tools, {"video": film_file(tools.sink), "prompt": "x"}, **params)

    assert len(told) >= 10
    assert told == sorted(told)
    assert told[-1] == (1, "encoding")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"duration": 0}, "'duration' is '0' and must be a number from 0.04 to 600 seconds"),
        ({"duration": "x"}, "'duration' is 'x' and must be a number from 0.04 to 600 seconds"),
        ({"fps": 61}, "'fps' is '61' and must be a number from 1 to 60"),
        ({"size": "5000x10"}, "5000x10 pixels can't be drawn: 16 to 4096 a side can"),
        (
            {"size": None, "resolution": "hd"},
            "'resolution' is 'hd' and must be like '1K' (pictures) or '720p' (videos)",
        ),
    ],
)
def test_what_can_not_be_filmed_is_told(
    tmp_path: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(StepError) as caught:
        filmed(tools_in(tmp_path), **params)
    assert caught.value.message == message


@pytest.mark.parametrize("extension", ["mp4", "webm", "mov", "mkv"])
@pytest.mark.parametrize(("factor", "size"), [(None, (128, 96)), (1.5, (96, 72)), (1, (64, 48))])
def test_a_video_grows_by_the_factor_and_keeps_pictures_times_and_sound(
    tmp_path: Path, extension: str, factor: Json, size: tuple[int, int]
) -> None:
    tools = tools_in(tmp_path)
    video = film_file(tools.sink, extension, seconds=0.7, sound=True)
    made = made_by(upscale_video.STEP, tools, {"video": video}, factor=factor, extension=extension)[
        0
    ]
    film = watched(tools.sink.path_of(made))

    assert (made.extension, made.width, made.height) == (extension, *size)
    assert (film.size, film.rate, len(film.pictures)) == (size, Fraction(10), 7)
    assert film.sound == pytest.approx(0.7, abs=0.07)
    assert difference(film.pictures[3], halves(size)) < 6


def test_a_video_that_would_grow_too_large_is_refused(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    video = film_file(tools.sink, seconds=0.1, size=(2100, 16))

    with pytest.raises(StepError) as caught:
        made_by(upscale_video.STEP, tools, {"video": video}, factor=4)
    assert (caught.value.code, caught.value.message) == (
        "local.size",
        "a video of 8400x64 pixels is more than 8192 a side",
    )
    assert FolderSink(folder=tmp_path).scratched() == []


def test_a_cancelled_enlargement_leaves_no_file(tmp_path: Path) -> None:
    video, answers = film_file(FolderSink(folder=tmp_path)), iter([False] * 3)
    tools = tools_in(tmp_path, cancelled=lambda: next(answers, True))

    with pytest.raises(CancelledError):
        made_by(upscale_video.STEP, tools, {"video": video})
    assert FolderSink(folder=tmp_path).scratched() == []


def test_a_sound_track_is_put_on_a_video_of_several_seconds_in_step_with_it(tmp_path: Path) -> None:
    """Sound and pictures are interleaved, so that a player needs to hold little of the file."""
    tools = tools_in(tmp_path)
    video = film_file(tools.sink, seconds=4, sound=True)
    path = tools.sink.path_of(made_by(add_audio.STEP, tools, {"video": video, "prompt": "sea"})[0])
    film = watched(path)
    ahead = {"video": 0.0, "audio": 0.0}
    apart = 0.0
    with av.open(str(path)) as container:
        kinds = [stream.type for stream in container.streams]
        for packet in container.demux():
            if packet.pts is not None and packet.time_base:
                ahead[packet.stream.type] = float(packet.pts * packet.time_base)
                apart = max(apart, abs(ahead["video"] - ahead["audio"]))

    assert sorted(kinds) == ["audio", "video"]
    assert film.seconds == 4
    assert film.sound == pytest.approx(4, abs=0.07)
    assert apart < 1.5

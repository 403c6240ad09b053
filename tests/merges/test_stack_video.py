"""Videos play at the same time beside each other, each whole, in its place, with its name."""

from array import array
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from support.films import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    Reel,
    colours_of,
    is_colour,
    merged,
    merged_file,
    reel,
    seen_at,
    stopping,
)
from support.listening import decoded, pitch_of
from support.sinks import FolderSink, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.tools import Sink
from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import sound_of
from aipipe.merges import stack_video

MERGE = stack_video.MERGE
COLOURS = {"red": RED, "green": GREEN, "blue": BLUE, "yellow": YELLOW}


def four(sink: Sink) -> list[ArtefactRef]:
    """One of each colour, of one size."""
    return [reel(sink, colour=colour, seconds=0.5) for colour in COLOURS.values()]


@pytest.mark.parametrize(
    ("layout", "size", "places"),
    [
        ("horizontal", (384, 64), [(1 / 8, 0.5), (3 / 8, 0.5), (5 / 8, 0.5), (7 / 8, 0.5)]),
        ("vertical", (96, 256), [(0.5, 1 / 8), (0.5, 3 / 8), (0.5, 5 / 8), (0.5, 7 / 8)]),
        ("grid", (192, 128), [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]),
    ],
)
def test_each_has_its_place_in_the_order_written_in_every_picture(
    tmp_path: Path, layout: str, size: tuple[int, int], places: list[tuple[float, float]]
) -> None:
    tools = tools_in(tmp_path)
    film = merged(MERGE, tools, four(tools.sink), params={"layout": layout, "labels": False})

    assert film.size == size
    for place, name in zip(places, COLOURS, strict=True):
        assert colours_of(film, place) == [(name, 12)]


def test_nothing_of_the_background_shows_through_a_large_picture(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, colour=RED, size=(640, 360), seconds=0.5) for _ in range(3)]
    film = merged(MERGE, tools, parts, params={"layout": "grid", "labels": False})

    for picture in film.pictures:
        assert ImageStat.Stat(picture.crop((0, 0, 1280, 360))).extrema[0][0] > 150


@pytest.mark.parametrize("number", [1, 2, 5, 9])
def test_any_number_of_videos_of_any_kind_makes_a_picture_of_even_sides(
    tmp_path: Path, number: int
) -> None:
    tools = tools_in(tmp_path)
    kinds = [
        Reel(),
        Reel(size=(61, 97), extension="webm", pixels="yuv420p"),
        Reel(size=(130, 50), extension="mov", rate=Fraction(30), pixels="yuv444p"),
    ]
    parts = [
        reel(
            tools.sink,
            size=kind.size,
            extension=kind.extension,
            rate=kind.rate,
            pixels=kind.pixels,
            seconds=0.25,
        )
        for kind in (kinds * 3)[:number]
    ]
    film = merged(MERGE, tools, parts, params={"layout": "grid"})

    assert film.size[0] % 2 == film.size[1] % 2 == 0
    assert film.seconds == pytest.approx(0.25, abs=0.05)


def test_names_are_written_below_the_videos_and_cover_nothing(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, colour=colour, size=(320, 180)) for colour in (RED, GREEN)]
    plain = merged(MERGE, tools, parts, params={"labels": False})
    film = merged(MERGE, tools, parts, labels=("flux", "a name that is too long for it" * 3))

    room = film.size[1] - plain.size[1]
    below = film.pictures[3].convert("L").crop((0, 180, *film.size))
    left, right = (below.crop((x, 0, x + 320, room)) for x in (0, 320))
    assert 10 < room < 60
    assert all(ImageStat.Stat(each).extrema[0][1] > 180 for each in (left, right))
    assert is_colour(seen_at(film, 0.5, (0.25, 179 / film.size[1])), RED)
    assert ImageStat.Stat(below.crop((0, 0, 640, 2))).extrema[0][1] < 40


def test_shorter_ones_stay_on_their_last_picture(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, colour=RED), reel(tools.sink, colour=GREEN, seconds=2)]
    film = merged(MERGE, tools, parts, params={"labels": False})

    assert film.seconds == pytest.approx(2, abs=0.05)
    assert colours_of(film, (0.25, 0.5)) == [("red", 48)]


def test_it_can_be_as_long_as_the_shortest(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, hertz=440), reel(tools.sink, seconds=2, hertz=440)]
    film = merged(MERGE, tools, parts, params={"length": "shortest"})

    assert film.seconds == pytest.approx(1, abs=0.05)
    assert film.sound == pytest.approx(1, abs=0.05)


def heard(path: Path) -> "tuple[array[int], int]":
    sound = sound_of(path)
    return decoded(path)[:: sound.channels], sound.rate


@pytest.mark.parametrize(("sound", "hertz"), [(None, 440), ("first", 440), (2, 440), (3, 880)])
def test_one_of_the_sounds_can_be_heard(tmp_path: Path, sound: Json, hertz: float) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink), reel(tools.sink, hertz=440), reel(tools.sink, hertz=880)]
    params: dict[str, Json] = {} if sound is None else {"sound": sound}
    samples, rate = heard(merged_file(MERGE, tools, parts, params=params))

    assert pitch_of(samples[rate // 4 : rate // 4 * 3], rate) == pytest.approx(hertz, rel=0.01)


def strength(samples: "array[int]", rate: int, hertz: float) -> float:
    """How strong a tone is in a sound, against a pure one of a third of full loudness."""
    import cmath  # noqa: PLC0415 - here alone

    turn = -2j * cmath.pi * hertz / rate
    total = sum(value * cmath.exp(turn * place) for place, value in enumerate(samples))
    return abs(total) * 2 / len(samples) / 10_000


def test_all_sounds_can_be_heard_at_the_same_time_at_their_loudness(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [
        reel(tools.sink, hertz=440),
        reel(tools.sink),
        reel(tools.sink, hertz=900, extension="webm", seconds=0.5),
    ]
    path = merged_file(MERGE, tools, parts, params={"sound": "mix"}, extension="mkv")
    samples, rate = heard(path)
    early, late = samples[rate // 10 : rate // 10 * 4], samples[rate // 10 * 6 : rate // 10 * 9]

    assert strength(early, rate, 440) == pytest.approx(1, abs=0.1)
    assert strength(early, rate, 900) == pytest.approx(1, abs=0.1)
    assert strength(late, rate, 440) == pytest.approx(1, abs=0.1)
    assert strength(late, rate, 900) < 0.05


def test_a_sum_that_is_too_loud_is_held_back_and_not_cut_off(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, hertz=440)] * 5
    path = merged_file(MERGE, tools, parts, params={"sound": "mix"}, extension="mkv")
    samples, rate = heard(path)
    middle = samples[rate // 4 : rate // 4 * 3]

    assert max(middle) < 32_767
    assert pitch_of(middle, rate) == pytest.approx(440, rel=0.01)


@pytest.mark.parametrize("sound", ["none", "first", "mix"])
def test_without_sound_there_is_no_sound_track(tmp_path: Path, sound: str) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, hertz=440 if sound == "none" else None)] * 2

    assert merged(MERGE, tools, parts, params={"sound": sound}).sound is None


@pytest.mark.parametrize(("sound", "code"), [(1, "media.no_sound"), (3, "local.unknown_value")])
def test_a_sound_that_is_not_there_is_refused_by_name(
    tmp_path: Path, sound: int, code: str
) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink), reel(tools.sink, hertz=440)]

    with pytest.raises(StepError) as caught:
        merged_file(MERGE, tools, parts, params={"sound": sound}, labels=("a", "b"))
    assert caught.value.code == code


def test_a_wide_picture_is_reduced(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, size=(320, 180), seconds=0.2)] * 4
    film = merged(MERGE, tools, parts, params={"max_width": 640, "spacing": 8})

    assert 600 < film.size[0] <= 640


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = [reel(sink), reel(sink, colour=GREEN)]
    path = sink.path_of(parts[1])
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(StepError, match=r"^part 2 \('veo'\): "):
        merged_file(MERGE, tools_in(tmp_path), parts, labels=("flux", "veo"))
    assert sink.scratched() == []


def test_a_cancelled_merge_leaves_nothing(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = [reel(sink, hertz=440)] * 2

    with pytest.raises(CancelledError):
        merged_file(MERGE, tools_in(tmp_path, cancelled=stopping(5)), parts)
    assert sink.scratched() == []


def test_the_same_names_and_videos_give_the_same_pictures_every_time(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, colour=RED, size=(320, 180), seconds=0.5)] * 3
    made = [merged(MERGE, tools, parts).pictures for _ in range(4)]

    assert all(_alike(one, other) for one, other in pairwise(made))


def _alike(one: "tuple[Image.Image, ...]", other: "tuple[Image.Image, ...]") -> bool:
    return [each.tobytes() for each in one] == [each.tobytes() for each in other]

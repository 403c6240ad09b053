"""Each picture is seen as long as its speech is heard; what can't be paired is refused."""

from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image
from support.films import (
    BLUE,
    GREEN,
    RED,
    Colour,
    colours_of,
    is_colour,
    merged,
    merged_file,
    seen_at,
    stopping,
)
from support.listening import decoded, pitch_of, tone
from support.seeing import difference
from support.sinks import FolderSink, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.media import AUDIO, IMAGE
from aipipe.contracts.tools import Sink
from aipipe.errors import CancelledError, StepError
from aipipe.media import pictures
from aipipe.media.audio import Sound
from aipipe.media.audio_files import write_sound
from aipipe.merges import slideshow

MERGE = slideshow.MERGE
LENGTHS = (1.3, 0.7, 2.1)
COLOURS = (RED, GREEN, BLUE)


def plain(sink: Sink, colour: Colour, size: tuple[int, int] = (96, 64)) -> ArtefactRef:
    path = pictures.write(Image.new("RGB", size, colour), sink.scratch("png"))
    return sink.adopt(path, IMAGE)


def speech(
    sink: Sink, seconds: float, *, extension: str = "wav", hertz: float = 440
) -> ArtefactRef:
    sound = Sound(rate=22_050)
    path = sink.scratch(extension)
    write_sound(path, tone(seconds, sound, hertz=hertz), sound, cancelled=lambda: False)
    return sink.adopt(path, AUDIO)


@pytest.mark.parametrize("extension", [None, "webm"])
@pytest.mark.parametrize("kind", ["wav", "mp3", "opus"])
def test_each_picture_is_seen_as_long_as_its_speech_to_within_a_frame(
    tmp_path: Path, extension: str | None, kind: str
) -> None:
    tools = tools_in(tmp_path)
    shown = [plain(tools.sink, colour) for colour in COLOURS]
    heard = [speech(tools.sink, seconds, extension=kind) for seconds in LENGTHS]
    film = merged(MERGE, tools, (*shown, *heard), extension=extension)

    names, frames = zip(*colours_of(film), strict=True)
    assert names == ("red", "green", "blue")
    for number, seconds in zip(frames, LENGTHS, strict=True):
        assert number / 24 == pytest.approx(seconds, abs=1.01 / 24)
    assert film.sound == pytest.approx(sum(LENGTHS), abs=0.06)


def test_pictures_and_speech_may_come_by_turns(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [
        part
        for colour, seconds in zip(COLOURS, LENGTHS, strict=True)
        for part in (speech(tools.sink, seconds), plain(tools.sink, colour))
    ]

    assert colours_of(merged(MERGE, tools, parts)) == [("red", 31), ("green", 17), ("blue", 50)]


def test_speech_is_heard_in_the_order_written(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    shown = [plain(tools.sink, colour) for colour in (RED, GREEN)]
    heard = [speech(tools.sink, 1, hertz=hertz) for hertz in (880, 440)]
    path = merged_file(MERGE, tools, (*shown, *heard), extension="mkv")
    samples = decoded(path)

    assert pitch_of(samples[2000:20_000], 22_050) == pytest.approx(880, rel=0.01)
    assert pitch_of(samples[24_000:42_000], 22_050) == pytest.approx(440, rel=0.01)


def test_one_sound_is_shared_equally(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    shown = [plain(tools.sink, colour) for colour in COLOURS]
    film = merged(MERGE, tools, (*shown, speech(tools.sink, 3)))

    assert colours_of(film) == [("red", 24), ("green", 24), ("blue", 24)]
    assert film.sound == pytest.approx(3, abs=0.06)


@pytest.mark.parametrize(("params", "frames"), [({}, 96), ({"seconds": 1.5, "fps": 10}, 15)])
def test_without_sound_each_picture_has_its_seconds(
    tmp_path: Path, params: dict[str, Json], frames: int
) -> None:
    tools = tools_in(tmp_path)
    film = merged(MERGE, tools, [plain(tools.sink, c) for c in (RED, GREEN)], params=params)

    assert colours_of(film) == [("red", frames), ("green", frames)]
    assert film.sound is None


def test_a_crossfade_does_not_make_speech_late(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    shown = [plain(tools.sink, colour) for colour in (RED, GREEN)]
    heard = [speech(tools.sink, 1), speech(tools.sink, 1)]
    film = merged(MERGE, tools, (*shown, *heard), params={"crossfade": 0.25})

    assert len(film.pictures) == 48
    assert is_colour(seen_at(film, 0.98), RED, within=15)
    assert is_colour(seen_at(film, 1.10), (100, 80, 0))
    assert is_colour(seen_at(film, 1.30), GREEN, within=15)


def test_pictures_of_other_shapes_stand_whole_in_the_middle(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [plain(tools.sink, RED), plain(tools.sink, GREEN, (64, 200))]
    film = merged(MERGE, tools, parts, params={"seconds": 1})

    assert film.size == (96, 64)
    assert is_colour(seen_at(film, 1.5), GREEN)
    assert is_colour(seen_at(film, 1.5, (0.1, 0.5)), (0, 0, 0))


def test_a_moving_camera_moves_and_fills_the_frame(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    stripes = Image.new("RGB", (40, 1), "white")
    for place in range(0, 40, 2):
        stripes.putpixel((place, 0), RED)
    path = pictures.write(stripes.resize((400, 160), 0), tools.sink.scratch("png"))
    picture = tools.sink.adopt(path, IMAGE)
    params: dict[str, Json] = {"move": "ken_burns", "size": "128x96", "seconds": 2}
    film = merged(MERGE, tools, (picture, picture), params=params)

    assert len(film.pictures) == 96
    for shot in (0, 48):
        assert difference(film.pictures[shot], film.pictures[shot + 47]) > 2
    assert not any(
        is_colour(seen_at(film, second, (x, y)), (0, 0, 0), within=20)
        for second in (0, 1, 3)
        for x in (0, 1)
        for y in (0, 1)
    )


def test_a_large_picture_makes_a_film_of_a_usual_size(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    part = plain(tools.sink, RED, (4001, 2001))

    assert merged(MERGE, tools, (part,), params={"seconds": 0.1}).size == (1920, 960)


@pytest.mark.parametrize(("shown", "heard"), [(3, 2), (1, 2), (2, 3)])
def test_another_number_of_sounds_is_refused(tmp_path: Path, shown: int, heard: int) -> None:
    tools = tools_in(tmp_path)
    parts = [plain(tools.sink, RED)] * shown + [speech(tools.sink, 0.2)] * heard

    with pytest.raises(StepError) as caught:
        merged_file(MERGE, tools, parts)
    assert caught.value.code == "merge.unpaired"
    assert caught.value.message.startswith(f"{shown} picture")


def test_a_gap_is_refused_with_its_place(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = (plain(tools.sink, RED), None, speech(tools.sink, 0.2), speech(tools.sink, 0.2))

    with pytest.raises(StepError) as caught:
        merged_file(MERGE, tools, parts)
    assert caught.value.code == "merge.gap"
    assert "place 2 of 4" in caught.value.message


def test_sounds_alone_are_refused(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)

    with pytest.raises(StepError, match="there is no picture to show"):
        merged_file(MERGE, tools, (speech(tools.sink, 0.2),))


@pytest.mark.parametrize(("place", "name"), [(0, "part 1"), (3, "part 4 .'d'.")])
def test_a_damaged_part_is_named(tmp_path: Path, place: int, name: str) -> None:
    sink = FolderSink(folder=tmp_path)
    shown = [plain(sink, colour) for colour in (RED, GREEN)]
    parts = [*shown, speech(sink, 0.2), speech(sink, 0.3)]
    sink.path_of(parts[place]).write_bytes(b"RIFF nothing")

    with pytest.raises(StepError, match=rf"^{name}") as caught:
        merged_file(MERGE, tools_in(tmp_path), parts, labels=("1", "b", "c", "d"))
    assert caught.value.code == "media.unreadable"
    assert sink.scratched() == []


def test_a_cancelled_slideshow_leaves_nothing(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = (plain(sink, RED), speech(sink, 1))

    with pytest.raises(CancelledError):
        merged_file(MERGE, tools_in(tmp_path, cancelled=stopping(5)), parts)
    assert sink.scratched() == []


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30_000, 1001)])
def test_many_short_slides_do_not_drift(tmp_path: Path, rate: Fraction) -> None:
    tools = tools_in(tmp_path)
    pairs = [plain(tools.sink, RED), speech(tools.sink, 0.33)] * 30
    film = merged(MERGE, tools, pairs, params={"fps": float(rate)})

    assert film.seconds == pytest.approx(9.9, abs=1 / float(rate))
    assert film.sound == pytest.approx(9.9, abs=0.06)

"""Videos of any kind play one after the other: in order, whole, in time, with their sound."""

from array import array
from fractions import Fraction
from pathlib import Path

import pytest
from support.films import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
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

from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import sound_of
from aipipe.merges import concat_video

MERGE = concat_video.MERGE


def loudest(samples: "array[int]") -> int:
    return max(abs(sample) for sample in samples)


@pytest.mark.parametrize("extension", [None, "webm", "mkv", "mov"])
def test_parts_of_any_format_size_and_rate_play_in_the_order_written(
    tmp_path: Path, extension: str | None
) -> None:
    tools = tools_in(tmp_path)
    parts = (
        reel(tools.sink, colour=RED, hertz=440, seconds=1.5),
        reel(tools.sink, colour=GREEN, extension="webm", size=(61, 97), rate=Fraction(30)),
        reel(tools.sink, colour=BLUE, extension="mov", rate=Fraction(25), hertz=880),
        reel(tools.sink, colour=YELLOW, extension="mkv", pixels="yuv444p", size=(130, 50)),
    )
    film = merged(MERGE, tools, parts, extension=extension)

    assert colours_of(film) == [("red", 45), ("green", 30), ("blue", 30), ("yellow", 30)]
    assert (film.size, film.rate, film.pixels) == ((96, 64), Fraction(30), "yuv420p")
    assert film.sound == pytest.approx(4.5, abs=0.06)


@pytest.mark.parametrize(
    "rates", [(24, 25), (25, 60), (Fraction(24_000, 1001), 24), (Fraction(30_000, 1001), 30)]
)
def test_the_rate_is_the_highest_and_no_part_gets_longer_or_shorter(
    tmp_path: Path, rates: tuple[Fraction, Fraction]
) -> None:
    tools = tools_in(tmp_path)
    parts = [
        reel(tools.sink, colour=colour, rate=Fraction(rate), seconds=2)
        for colour, rate in zip((RED, GREEN), rates, strict=True)
    ]
    film = merged(MERGE, tools, parts)
    (_, first), (_, second) = colours_of(film)

    assert film.rate == max(rates)
    assert float(first / film.rate) == pytest.approx(2, abs=1.01 / float(film.rate))
    assert float(second / film.rate) == pytest.approx(2, abs=1.01 / float(film.rate))


def test_pictures_that_come_unevenly_are_evened_out(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    uneven = reel(tools.sink, colour=RED, uneven=True, seconds=2, extension="mkv")
    film = merged(MERGE, tools, (uneven, reel(tools.sink, colour=GREEN)))

    assert film.rate in (24, 25)
    assert float(colours_of(film)[0][1] / film.rate) == pytest.approx(2, abs=0.05)
    assert film.seconds == pytest.approx(3, abs=0.1)


def test_what_has_another_shape_stands_whole_in_the_middle(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    upright = reel(tools.sink, colour=GREEN, size=(64, 96))
    film = merged(MERGE, tools, (reel(tools.sink, colour=RED), upright))

    left, middle, right = (seen_at(film, 1.5, (x, 0.5)) for x in (0.05, 0.5, 0.95))
    assert is_colour(middle, GREEN)
    assert is_colour(left, (0, 0, 0))
    assert is_colour(right, (0, 0, 0))


def test_pixels_that_are_no_squares_are_shown_at_their_shape(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    film = merged(MERGE, tools, (reel(tools.sink, size=(64, 64), shape=Fraction(2)),))

    assert film.size == (128, 64)


def test_size_and_rate_can_be_chosen(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = (reel(tools.sink, colour=RED), reel(tools.sink, colour=GREEN, seconds=2))
    film = merged(MERGE, tools, parts, params={"size": "121x81", "fps": 12})

    assert (film.size, film.rate, len(film.pictures)) == ((120, 80), Fraction(12), 36)


def test_silent_parts_are_silent_and_each_sound_stays_with_its_pictures(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = (
        reel(tools.sink, hertz=440),
        reel(tools.sink),
        reel(tools.sink, hertz=880, channels=2),
    )
    path = merged_file(MERGE, tools, parts, extension="mkv")

    sound = sound_of(path)
    samples = decoded(path)[:: sound.channels]
    low, none, high = (
        samples[round((n + 0.1) * sound.rate) : round((n + 0.9) * sound.rate)] for n in range(3)
    )
    assert (sound.rate, sound.channels) == (44_100, 2)
    assert pitch_of(low, sound.rate) == pytest.approx(440, rel=0.01)
    assert loudest(none) < 20
    assert pitch_of(high, sound.rate) == pytest.approx(880, rel=0.01)


def test_without_any_sound_there_is_no_sound_track(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)

    assert merged(MERGE, tools, (reel(tools.sink), reel(tools.sink))).sound is None


def test_many_parts_keep_pictures_and_sound_together(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    rate = Fraction(30_000, 1001)
    part = reel(tools.sink, rate=rate, seconds=0.5, hertz=440)
    film = merged(MERGE, tools, (part,) * 30, params={"size": "32x32"})

    assert film.sound == pytest.approx(film.seconds, abs=0.04)
    assert len(film.pictures) == 15 * 30


def test_a_crossfade_blends_pictures_and_sound_and_takes_its_time_off_the_length(
    tmp_path: Path,
) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, colour=colour, hertz=440) for colour in (RED, GREEN)]
    film = merged(MERGE, tools, parts, params={"crossfade": 0.5}, extension="mkv")

    assert len(film.pictures) == 36
    assert film.sound == pytest.approx(1.5, abs=0.05)
    assert is_colour(seen_at(film, 0.75), (100, 80, 0))
    assert is_colour(seen_at(film, 0.4), RED)
    assert is_colour(seen_at(film, 1.1), GREEN)


def test_a_crossfade_is_never_more_than_half_of_a_part(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = [reel(tools.sink, seconds=seconds) for seconds in (1, 0.5, 1)]

    assert len(merged(MERGE, tools, parts, params={"crossfade": 10}).pictures) == 60 - 6 - 6


def test_a_damaged_part_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    good, bad = reel(sink), reel(sink, colour=GREEN)
    path = sink.path_of(bad)
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(StepError) as caught:
        merged_file(MERGE, tools_in(tmp_path), (good, bad), labels=("flux", "veo"))
    assert caught.value.code == "media.unreadable"
    assert caught.value.message.startswith("part 2 ('veo'): ")
    assert sink.scratched() == []


def test_a_part_without_pictures_is_named(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    bad = reel(sink)
    sink.path_of(bad).write_bytes(b"<html>Sorry</html>")

    with pytest.raises(StepError, match=r"^part 1: the file can't be decoded"):
        merged_file(MERGE, tools_in(tmp_path), (bad,))


@pytest.mark.parametrize("after", [0, 7])
def test_a_cancelled_merge_leaves_nothing(tmp_path: Path, after: int) -> None:
    sink = FolderSink(folder=tmp_path)
    part = reel(sink, hertz=440)

    with pytest.raises(CancelledError):
        merged_file(MERGE, tools_in(tmp_path, cancelled=stopping(after)), (part, part))
    assert sink.scratched() == []


def test_progress_goes_up_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    tools = tools_in(tmp_path, report=lambda fraction, _phase: told.append(fraction))
    merged_file(MERGE, tools, (reel(tools.sink), reel(tools.sink)))

    assert told == sorted(told)
    assert told[-1] == 1.0

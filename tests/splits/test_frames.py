"""Pictures of a video are those seen at their times, upright, called by their times."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from support.films import BLUE, GREEN, RED, is_colour, merged_file, reel
from support.sinks import FolderSink, call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.media import VIDEO
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.merges import concat_video
from aipipe.splits import frames


def split(tools: Tools, video: ArtefactRef, **params: Json) -> tuple[ArtefactRef, ...]:
    return split_into(None, tools, video, params)


def split_into(
    extension: str | None, tools: Tools, video: ArtefactRef, params: dict[str, Json]
) -> tuple[ArtefactRef, ...]:
    assert frames.SPLIT.run is not None
    call = call_of("split:frames", inputs={"input": video}, params=params, extension=extension)
    return frames.SPLIT.run(call, tools).artefacts


def three_colours(tools: Tools, extension: str = "mp4", seconds: float = 1) -> ArtefactRef:
    """A video that is red, then green, then blue."""
    parts = [reel(tools.sink, colour=c, seconds=seconds) for c in (RED, GREEN, BLUE)]
    path = merged_file(concat_video.MERGE, tools, parts, extension=extension)
    copy = tools.sink.scratch(extension)
    copy.write_bytes(path.read_bytes())
    return tools.sink.adopt(copy, VIDEO)


def colours(tools: Tools, made: tuple[ArtefactRef, ...]) -> list[Any]:
    found = []
    for each in made:
        with Image.open(tools.sink.path_of(each)) as picture:
            pixel = picture.crop((40, 30, 41, 31))
            found.append(next((c for c in (RED, GREEN, BLUE) if is_colour(pixel, c)), None))
    return found


@pytest.mark.parametrize("extension", ["mp4", "webm", "mkv"])
def test_there_is_a_picture_for_each_second_when_nobody_says(
    tmp_path: Path, extension: str
) -> None:
    tools = tools_in(tmp_path)
    made = split(tools, three_colours(tools, extension))

    assert [each.label for each in made] == ["0s", "1s", "2s"]
    assert colours(tools, made) == [RED, GREEN, BLUE]
    assert {(each.width, each.height, each.extension) for each in made} == {(96, 64, "png")}


@pytest.mark.parametrize(
    ("params", "labels"),
    [
        ({"every": 1.25}, ["0s", "1.25s", "2.5s"]),
        ({"count": 3}, ["0.5s", "1.5s", "2.5s"]),
        ({"fps": 0.8}, ["0s", "1.25s", "2.5s"]),
        ({"every": 100}, ["0s"]),
        ({"count": 1}, ["1.5s"]),
    ],
)
def test_pictures_are_taken_at_the_times_asked_for(
    tmp_path: Path, params: dict[str, Json], labels: list[str]
) -> None:
    tools = tools_in(tmp_path)
    made = split(tools, three_colours(tools), **params)

    assert [each.label for each in made] == labels
    seen = {0: RED, 1: GREEN, 2: BLUE}
    assert colours(tools, made) == [seen[int(float(label[:-1]))] for label in labels]


def test_every_single_picture_can_be_had(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    video = reel(tools.sink, rate=Fraction(10), seconds=2)

    assert len(split(tools, video, fps=10)) == 20


def test_what_lies_far_ahead_is_found_as_exactly(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    made = split(tools, three_colours(tools, seconds=20), every=19.9)

    assert colours(tools, made) == [RED, RED, GREEN, BLUE]


def test_pixels_that_are_no_squares_become_squares(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    (made,) = split(tools, reel(tools.sink, size=(64, 64), shape=Fraction(2)), count=1)

    assert (made.width, made.height) == (128, 64)


def test_pictures_are_written_in_the_format_asked_for(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    made = split_into("jpg", tools, reel(tools.sink), {"count": 2})

    assert [each.extension for each in made] == ["jpg", "jpg"]


def test_two_ways_to_say_when_are_refused(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)

    with pytest.raises(StepError, match="'every' and 'count' can't both say"):
        split(tools, reel(tools.sink), every=1, count=2)


def test_too_many_pictures_are_refused_before_any_is_made(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    video = reel(sink, seconds=200, rate=Fraction(1))

    with pytest.raises(StepError) as caught:
        split(tools_in(tmp_path), video, fps=60)
    assert caught.value.code == "split.too_many"
    assert sink.scratched() == []


def test_a_damaged_video_is_refused(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    video = reel(sink)
    sink.path_of(video).write_bytes(sink.path_of(video).read_bytes()[:-200])

    with pytest.raises(StepError) as caught:
        split(tools_in(tmp_path), video)
    assert caught.value.code == "media.unreadable"


def test_a_cancelled_split_stops(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    video = reel(tools.sink)

    with pytest.raises(CancelledError):
        split(tools_in(tmp_path, cancelled=lambda: True), video)

"""Sizes are understood as people write them; numbers too."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sinks import call_of

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call
from aipipe.errors import StepError
from aipipe.media import sizes, words
from aipipe.media.words import Bounds


def call(*, mock: bool = False, **params: Json) -> Call:
    return call_of("step:x", inputs={}, params=params, mock=mock)


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({}, (800, 600)),
        ({"size": "640x480"}, (640, 480)),
        ({"size": " 640 X 480 "}, (640, 480)),
        ({"size": "640\u00d7480"}, (640, 480)),
        ({"size": {"width": 16, "height": 4096}}, (16, 4096)),
        ({"size": "auto"}, (800, 600)),
        ({"size": "portrait_16_9"}, (576, 1024)),
        ({"aspect_ratio": "1:1"}, (800, 800)),
        ({"aspect_ratio": "16:9"}, (800, 450)),
        ({"aspect_ratio": "2.35:1"}, (800, 340)),
        ({"aspect_ratio": "9/16"}, (450, 800)),
        ({"aspect_ratio": "auto", "resolution": "1K"}, (1024, 768)),
        ({"resolution": "4k"}, (4096, 3072)),
        ({"size": "20x30", "aspect_ratio": "1:1", "resolution": "4K"}, (20, 30)),
    ],
)
def test_a_picture_s_size_is_understood(params: dict[str, Any], size: tuple[int, int]) -> None:
    assert sizes.of_picture(call(**params), (800, 600)) == size


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({}, (1280, 720)),
        ({"size": "641x481"}, (640, 480)),
        ({"resolution": "1080p"}, (1920, 1080)),
        ({"resolution": "1080"}, (1920, 1080)),
        ({"resolution": "4k"}, (3840, 2160)),
        ({"resolution": "480P", "aspect_ratio": "9:16"}, (480, 854)),
        ({"aspect_ratio": "21:9"}, (1680, 720)),
    ],
)
def test_a_video_s_size_is_understood_and_even(
    params: dict[str, Any], size: tuple[int, int]
) -> None:
    assert sizes.of_video(call(**params), (1280, 720)) == size


@pytest.mark.parametrize(
    "params",
    [
        {"size": "640"}, {"size": "0x10"}, {"size": {"width": 0, "height": 9}}, {"size": "-1x5"},
        {"size": [640, 480]}, {"aspect_ratio": "0:1"}, {"aspect_ratio": 1.5}, {"resolution": "9K"},
        {"size": "15x100"}, {"size": "100x4097"}, {"aspect_ratio": "1000:1"},
    ],
)  # fmt: skip
def test_what_is_no_size_is_refused_and_a_mock_goes_on(params: dict[str, Any]) -> None:
    with pytest.raises(StepError):
        sizes.of_picture(call(**params), (800, 600))
    width, height = sizes.of_picture(call(mock=True, **params), (800, 600))

    assert min(width, height) >= sizes.LEAST
    assert max(width, height) <= sizes.MOST


@given(
    ratio=st.tuples(st.integers(1, 30), st.integers(1, 30)), lines=st.sampled_from([360, 720, 1080])
)
def test_a_video_is_always_even_and_near_its_shape(ratio: tuple[int, int], lines: int) -> None:
    asked = call(mock=True, aspect_ratio=f"{ratio[0]}:{ratio[1]}", resolution=f"{lines}p")
    width, height = sizes.of_video(asked, (1280, 720))

    assert (width % 2, height % 2) == (0, 0)
    if max(width, height) < sizes.MOST:
        assert min(width, height) == lines
        assert width / height == pytest.approx(ratio[0] / ratio[1], rel=0.01)


BOUNDS = Bounds(usual=5, least=1, most=10, unit="seconds")


@pytest.mark.parametrize(
    ("given", "number"),
    [(None, 5), (6, 6), (6.5, 6.5), ("6", 6), (" 6.5 s ", 6.5), ("6 seconds", 6), ("2x", 2)],
)
def test_a_number_is_read_as_people_write_it(given: Json, number: float) -> None:
    assert words.number(call(duration=given), "duration", BOUNDS) == number


@pytest.mark.parametrize("given", [0, 11, True, "six", "6 apples", [6], float("nan"), "-3"])
def test_what_is_no_number_is_refused(given: Json) -> None:
    with pytest.raises(StepError) as caught:
        words.number(call(duration=given), "duration", BOUNDS)
    assert caught.value.message == (
        f"'duration' is '{given}' and must be a number from 1 to 10 seconds"
    )


@pytest.mark.parametrize(
    ("given", "number"), [(0, 1), (11, 10), ("six", 5), ("-3", 1), ("30s", 10)]
)
def test_a_mock_takes_the_nearest_number(given: Json, number: float) -> None:
    assert words.number(call(mock=True, duration=given), "duration", BOUNDS) == number


FLAGS: list[tuple[Json, bool]] = [
    (True, True), ("yes", True), ("True", True), (False, False), ("no", False), (None, False),
]  # fmt: skip


@pytest.mark.parametrize(("given", "on"), FLAGS)
def test_a_flag_is_read_as_people_write_it(given: Json, on: bool) -> None:  # noqa: FBT001 - a case
    assert words.flag(call(audio=given), "audio") is on


def test_a_text_is_a_seed_too() -> None:
    large = 2**60
    asked: list[Json] = [None, 7, "7", large, large + 1, "cat", "act", "dog"]
    seeds = [words.seed(call(seed=given)) for given in asked]

    assert seeds[:5] == [0, 7, 7, large, large + 1]
    assert len(set(seeds[5:])) == 3

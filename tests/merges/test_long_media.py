"""Merges take a second and ten minutes, and lose no frame of either."""

from fractions import Fraction
from pathlib import Path

from support.films import BLUE, RED, merged, reel
from support.listening import length_of, tone_file
from support.sinks import FolderSink, call_of, tools_in

from aipipe.media.audio import Sound
from aipipe.merges import concat_audio, concat_video

TEN_MINUTES = 600.0
SLOW = Fraction(2)
"""Pictures a second: few, so that ten minutes are made in no time."""


def test_a_second_and_ten_minutes_of_sound_are_joined_to_the_sample(tmp_path: Path) -> None:
    sink, sound = FolderSink(folder=tmp_path), Sound(rate=8000)
    parts = (tone_file(sink, "wav", 1.0, sound), tone_file(sink, "wav", TEN_MINUTES, sound))
    call = call_of("merge:concat_audio", inputs={"input": parts}, params={"gap": 0.5})
    assert concat_audio.MERGE.run is not None

    joined = concat_audio.MERGE.run(call, tools_in(tmp_path)).artefacts[0]

    assert length_of(sink.path_of(joined)) == 601.5


def test_a_second_and_ten_minutes_of_video_are_joined_to_the_frame(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    sink = tools.sink
    parts = (
        reel(sink, colour=RED, seconds=1.0, rate=SLOW),
        reel(sink, colour=BLUE, seconds=TEN_MINUTES, rate=SLOW),
    )

    film = merged(concat_video.MERGE, tools, parts)

    assert len(film.pictures) == 2 + 1200
    assert film.rate == SLOW

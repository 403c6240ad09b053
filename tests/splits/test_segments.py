"""Segments laid one after the other are the whole again."""

from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.listening import decoded, go_on, length_of, pitch_of, tone, tone_file
from support.sinks import FolderSink, call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.media import AUDIO, VIDEO
from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import Sound, frames_from, silence, sound_of
from aipipe.media.audio_files import write_sound
from aipipe.media.transcode import SoundWriter, add_pictures, add_sound
from aipipe.merges import concat_audio
from aipipe.splits import segments

MONO, STEREO = Sound(rate=22_050), Sound(rate=44_100, channels=2)


def cut(
    sink: FolderSink, whole: ArtefactRef, extension: str | None = None, **params: Json
) -> tuple[ArtefactRef, ...]:
    assert segments.SPLIT.run is not None
    call = call_of("split:segments", inputs={"input": whole}, params=params, extension=extension)
    return segments.SPLIT.run(call, tools_in(sink.folder)).artefacts


def joined(sink: FolderSink, parts: tuple[ArtefactRef, ...]) -> "array[int]":
    assert concat_audio.MERGE.run is not None
    call = call_of("merge:concat_audio", inputs={"input": parts})
    return decoded(sink.path_of(concat_audio.MERGE.run(call, tools_in(sink.folder)).artefacts[0]))


def spoken(sink: FolderSink, *lengths: float) -> ArtefactRef:
    """Tones of these lengths in seconds, each 100 Hz above the last, with 0.8 s pauses between."""
    path = sink.scratch("wav")
    write_sound(path, _spoken(lengths), STEREO, cancelled=go_on)
    return sink.adopt(path, AUDIO)


def _spoken(lengths: tuple[float, ...]) -> Iterator[bytes]:
    for place, seconds in enumerate(lengths):
        if place:
            yield from silence(round(0.8 * STEREO.rate), STEREO)
        yield from tone(seconds, STEREO, hertz=300 + 100 * place)


def film(
    sink: FolderSink, greys: list[int], *, sound: bool = True, extension: str = "mp4"
) -> ArtefactRef:
    """One second of each grey at 25 pictures a second, with a 440 Hz tone if wanted."""
    path = sink.scratch(extension)
    with av.open(str(path), "w") as written:
        target = add_pictures(written, extension, 64, 48, Fraction(25))
        rate = 48_000 if extension == "webm" else 44_100
        writer = SoundWriter(written, add_sound(written, extension, rate)) if sound else None
        for number in range(25 * len(greys)):
            frame = av.VideoFrame(64, 48, "yuv420p")
            for plane, level in zip(frame.planes, (greys[number // 25], 128, 128), strict=True):
                plane.update(bytes([level]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            written.mux(target.encode(frame))
        written.mux(target.encode(None))
        if writer:
            for heard in frames_from(tone(len(greys), STEREO), STEREO):
                writer.push(heard)
            writer.push(None)
    return sink.adopt(path, VIDEO)


def shades(path: Path) -> list[int]:
    """The grey of each picture."""
    with av.open(str(path)) as found:
        return [bytes(frame.planes[0])[0] for frame in found.decode(video=0)]


@settings(max_examples=15, deadline=None)
@given(
    length=st.integers(min_value=1, max_value=60_000),
    seconds=st.floats(min_value=0.1, max_value=3),
    channels=st.sampled_from([1, 2]),
    extension=st.sampled_from(["wav", "flac"]),
)
def test_segments_joined_are_the_whole_sample_for_sample(
    length: int, seconds: float, channels: int, extension: str
) -> None:
    sound = Sound(rate=22_050, channels=channels)
    with TemporaryDirectory() as folder:
        sink = FolderSink(folder=Path(folder))
        whole = tone_file(sink, extension, length / sound.rate, sound)
        parts = cut(sink, whole, seconds=seconds)
        lengths = [length_of(sink.path_of(part)) for part in parts]

        assert joined(sink, parts) == decoded(sink.path_of(whole))
        assert all(each == pytest.approx(seconds, abs=1e-4) for each in lengths[:-1])


def test_segments_are_called_by_when_they_begin_and_end(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = cut(sink, tone_file(sink, "wav", 2.5, MONO), seconds=1)

    assert [part.label for part in parts] == ["0:00-0:01", "0:01-0:02", "0:02-0:02.5"]


@pytest.mark.parametrize(
    ("source", "wanted", "written"),
    [("wav", None, "wav"), ("flac", None, "flac"), ("mp3", None, "flac"), ("opus", "mp3", "mp3")],
)
def test_parts_lose_nothing_unless_a_format_is_asked_for(
    tmp_path: Path, source: str, wanted: str | None, written: str
) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = cut(sink, tone_file(sink, source, 2, Sound(rate=48_000)), wanted, seconds=1)

    assert [part.extension for part in parts] == [written, written]
    assert [length_of(sink.path_of(part)) for part in parts] == pytest.approx([1, 1], abs=0.06)


def test_speech_is_cut_in_the_middle_of_its_pauses(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    whole = spoken(sink, 1, 0.7, 1.5)
    parts = cut(sink, whole, by="silences")

    sounds = [decoded(sink.path_of(part))[::2] for part in parts]
    lengths = [len(each) / 44_100 for each in sounds]
    pitches = [pitch_of(each[22_050:40_000], 44_100) for each in sounds]
    assert lengths == pytest.approx([1.4, 1.5, 1.9], abs=0.02)
    assert pitches == pytest.approx([300, 400, 500], rel=0.02)
    assert joined(sink, parts) == decoded(sink.path_of(whole))


@pytest.mark.parametrize("params", [{"least": 1}, {"threshold": -90, "least": 2}, {"shortest": 9}])
def test_pauses_that_are_too_short_are_no_cuts(tmp_path: Path, params: dict[str, float]) -> None:
    sink = FolderSink(folder=tmp_path)

    assert len(cut(sink, spoken(sink, 1, 1), None, by="silences", **params)) == 1


@pytest.mark.parametrize("extension", ["mp4", "webm"])
def test_a_video_is_cut_at_the_very_picture_with_its_sound(tmp_path: Path, extension: str) -> None:
    sink = FolderSink(folder=tmp_path)
    whole = film(sink, [40, 200, 90], extension=extension)
    parts = cut(sink, whole, seconds=1.2)

    paths = [sink.path_of(part) for part in parts]
    assert [part.extension for part in parts] == [extension] * 3
    assert [len(shades(path)) for path in paths] == [30, 30, 15]
    assert [n for path in paths for n in shades(path)] == pytest.approx(
        shades(sink.path_of(whole)), abs=6
    )
    assert [length_of(path) for path in paths] == pytest.approx([1.2, 1.2, 0.6], abs=0.05)
    rate = sound_of(paths[1]).rate
    heard = decoded(paths[1])[:: sound_of(paths[1]).channels]
    assert pitch_of(heard[rate // 4 : rate], rate) == pytest.approx(440, rel=0.01)


def test_a_silent_video_is_cut_too(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = cut(sink, film(sink, [40, 200], sound=False), seconds=1)

    assert [shades(sink.path_of(part))[0] for part in parts] == pytest.approx([40, 200], abs=4)
    assert [part.seconds for part in parts] == [1, 1]


def test_scenes_are_cut_where_they_begin(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = cut(sink, film(sink, [40, 40, 220, 20]), by="scenes")

    assert [part.label for part in parts] == ["0:00-0:02", "0:02-0:03", "0:03-0:04"]
    shown = [shades(sink.path_of(part)) for part in parts]
    assert [each[0] for each in shown] == pytest.approx([40, 220, 20], abs=6)
    assert [each[-1] for each in shown] == pytest.approx([40, 220, 20], abs=6)


@pytest.mark.parametrize(
    ("by", "code"), [("scenes", "split.failed"), ("hours", "local.unknown_value")]
)
def test_what_a_sound_has_not_is_no_way_to_cut_it(tmp_path: Path, by: str, code: str) -> None:
    sink = FolderSink(folder=tmp_path)
    with pytest.raises(StepError) as caught:
        cut(sink, tone_file(sink, "wav", 1, MONO), by=by)

    assert caught.value.code == code


def test_a_video_without_sound_has_no_silences(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    with pytest.raises(StepError) as caught:
        cut(sink, film(sink, [40], sound=False), by="silences")

    assert caught.value.code == "media.no_sound"


def test_more_than_a_thousand_parts_are_refused(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    with pytest.raises(StepError) as caught:
        cut(sink, tone_file(sink, "wav", 101, Sound(rate=8000)), seconds=0.1)

    assert caught.value.code == "split.too_many"


@pytest.mark.parametrize("medium", [AUDIO, VIDEO])
def test_a_cancelled_split_leaves_no_file(tmp_path: Path, medium: str) -> None:
    sink = FolderSink(folder=tmp_path)
    whole = film(sink, [1]) if medium == VIDEO else spoken(sink, 1)
    call = call_of("split:segments", inputs={"input": whole})
    assert segments.SPLIT.run is not None

    with pytest.raises(CancelledError):
        segments.SPLIT.run(call, tools_in(tmp_path, cancelled=lambda: True))
    assert sink.scratched() == []

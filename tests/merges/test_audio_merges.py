"""Sounds joined, mixed and put onto videos: nothing lost, nothing clipped, all in order."""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from support.listening import decoded, go_on, length_of, pitch_of, tone, tone_file
from support.sinks import FolderSink, call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.media import VIDEO
from aipipe.contracts.merge import MergeStrategy
from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import Sound, frames_from, samples_of, sound_of
from aipipe.media.audio_files import write_sound
from aipipe.media.audio_level import loudness
from aipipe.media.tracks import seen
from aipipe.media.transcode import SoundWriter, add_pictures, add_sound
from aipipe.merges import add_audio_track, concat_audio, mix_audio

MONO, STEREO = Sound(rate=22_050), Sound(rate=44_100, channels=2)
LEAST = 1e-6


def merged(
    merge: MergeStrategy,
    sink: FolderSink,
    *parts: Value,
    extension: str | None = None,
    labels: tuple[str, ...] = (),
    **params: Json,
) -> Path:
    assert merge.run is not None
    call = call_of(
        f"merge:{merge.name}",
        inputs={"input": parts},
        params=params,
        extension=extension,
        labels=labels,
    )
    return sink.path_of(merge.run(call, tools_in(sink.folder)).artefacts[0])


def loud(sink: FolderSink, seconds: float, share: float, hertz: float = 440) -> ArtefactRef:
    """A tone of this share of the usual one's loudness, in stereo."""
    path = sink.scratch("wav")
    blocks = (scaled(block, share) for block in tone(seconds, STEREO, hertz=hertz))
    write_sound(path, blocks, STEREO, cancelled=go_on)
    return sink.adopt(path, "audio")


def scaled(block: bytes, share: float) -> bytes:
    return array("h", [int(sample * share) for sample in array("h", block)]).tobytes()


def surround(sink: FolderSink, seconds: float) -> ArtefactRef:
    """A tone in 5.1, as it comes from films."""
    path = sink.scratch("flac")
    with av.open(str(path), "w") as written:
        track = written.add_stream("flac", rate=48_000, layout="5.1")
        for block in tone(seconds, Sound(rate=48_000)):
            frame = av.AudioFrame("s16", "5.1", len(block) // 2, align=1)
            frame.sample_rate = 48_000
            six = array("h", [s for s in array("h", block) for _ in range(6)])
            frame.planes[0].update(six.tobytes())
            written.mux(track.encode(frame))
        written.mux(track.encode(None))
    return sink.adopt(path, "audio")


def clip(
    sink: FolderSink, seconds: float, *, sound: bool = False, extension: str = "mp4"
) -> ArtefactRef:
    """A video of changing grey, with a 220 Hz tone if wanted."""
    path = sink.scratch(extension)
    with av.open(str(path), "w") as written:
        target = add_pictures(written, extension, 64, 48, Fraction(25))
        writer = SoundWriter(written, add_sound(written, extension, 44_100)) if sound else None
        for number in range(round(seconds * 25)):
            frame = av.VideoFrame(64, 48, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number * 5 % 256]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            written.mux(target.encode(frame))
        written.mux(target.encode(None))
        if writer:
            for heard in frames_from(tone(seconds, STEREO, hertz=220), STEREO):
                writer.push(heard)
            writer.push(None)
    return sink.adopt(path, VIDEO)


def strength(samples: "array[int]", hertz: float, rate: int) -> float:
    """dB of one tone in a mono sound, full loudness being 0."""
    turn = 2 * math.pi * hertz / rate
    summed = sum(s * complex(math.cos(turn * n), math.sin(turn * n)) for n, s in enumerate(samples))
    return 20 * math.log10(max(LEAST, abs(summed) * 2 / len(samples) / 32_768))


def peak(samples: "array[int]") -> int:
    return max(*samples, -min(samples))


def left(path: Path) -> "array[int]":
    """The first channel."""
    return decoded(path)[:: sound_of(path).channels]


def packets(path: Path) -> list[bytes]:
    """The pictures of a video as they are stored."""
    with av.open(str(path)) as found:
        return [bytes(packet) for packet in found.demux(video=0) if packet.size]


def louder_than(seconds: float, path: Path) -> "Iterator[float]":
    """The loudness of the parts of a sound that are so long, in LUFS."""
    sound, whole = sound_of(path), b"".join(samples_of(path, sound_of(path)))
    size = round(seconds * sound.rate) * sound.width
    for start in range(0, len(whole) - size + 1, size):
        yield loudness([whole[start : start + size]], sound).lufs


def test_parts_of_different_loudness_are_joined_at_the_same(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = [loud(sink, 2, share, hertz=997) for share in (0.02, 1, 3.2)]
    joined = merged(concat_audio.MERGE, sink, *parts, level=-18)

    assert list(louder_than(2, joined)) == pytest.approx([-18, -18, -18], abs=0.2)
    assert length_of(joined) == 6


def test_the_usual_level_is_16_lufs_below_full(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    joined = merged(concat_audio.MERGE, sink, loud(sink, 2, 0.1, hertz=997), level=True)

    assert list(louder_than(2, joined)) == pytest.approx([-16], abs=0.2)


def test_levelling_up_never_clips(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    path = sink.scratch("wav")
    clicks = [(9000 if n % 4410 < 20 else 40) * (-1) ** (n // 10) for n in range(88_200)]
    write_sound(path, [array("h", clicks).tobytes()], Sound(rate=44_100), cancelled=go_on)
    joined = merged(concat_audio.MERGE, sink, sink.adopt(path, "audio"), level=-10)

    samples = decoded(joined)
    assert 28_000 < peak(samples) <= 0.9 * 32_768
    assert len(samples) == 88_200


def test_silence_stays_silent_when_levelled(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    joined = merged(concat_audio.MERGE, sink, loud(sink, 1, 0), level=True)

    assert set(decoded(joined)) == {0}


def test_a_crossfade_takes_its_length_once_for_each_pair_and_keeps_the_order(
    tmp_path: Path,
) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = [loud(sink, 1, 1, hertz) for hertz in (300, 600, 900)]
    joined = merged(concat_audio.MERGE, sink, *parts, crossfade=0.25)

    heard = left(joined)
    middles = [heard[at : at + 8820] for at in (8820, 50_000, 83_000)]
    assert len(heard) == round(2.5 * 44_100)
    assert [round(pitch_of(each, 44_100), -1) for each in middles] == [300, 600, 900]
    assert max(heard) <= 10_000


def test_a_crossfade_is_at_most_half_of_the_shorter_sound(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = [loud(sink, seconds, 1) for seconds in (1, 0.2, 1)]
    joined = merged(concat_audio.MERGE, sink, *parts, crossfade=0.5)

    assert length_of(joined) == pytest.approx(2.2 - 0.1 - 0.1, abs=1e-4)


def test_sounds_do_not_fade_into_each_other_across_a_gap(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    with pytest.raises(StepError, match="'gap' is 1 and 'crossfade' is 2") as caught:
        merged(concat_audio.MERGE, sink, loud(sink, 1, 1), gap=1, crossfade=2)

    assert caught.value.code == "local.unknown_value"


@pytest.mark.parametrize("merge", [concat_audio.MERGE, mix_audio.MERGE])
def test_a_part_that_cannot_be_read_is_named(tmp_path: Path, merge: MergeStrategy) -> None:
    sink = FolderSink(folder=tmp_path)
    good, bad = loud(sink, 0.1, 1), loud(sink, 0.2, 1)
    sink.path_of(bad).write_bytes(b"RIFF\x24\x00\x00\x00WAVEjunk")

    with pytest.raises(
        StepError, match=r"^part 2 \('bella'\): the file can't be decoded"
    ) as caught:
        merged(merge, sink, good, bad, labels=("rachel", "bella"))
    assert caught.value.code == "media.unreadable"


def test_surround_joins_with_mono_as_stereo(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    joined = merged(concat_audio.MERGE, sink, surround(sink, 1), tone_file(sink, "mp3", 1, MONO))

    assert sound_of(joined) == Sound(rate=48_000, channels=2)
    assert length_of(joined) == pytest.approx(2, abs=0.03)


@pytest.mark.parametrize(
    ("params", "seconds"),
    [
        ({}, 2),
        ({"duration": "first"}, 1),
        ({"duration": "shortest"}, 1),
        ({"duration": "first", "main": "last"}, 2),
        ({"loop": True}, 1),
        ({"loop": True, "main": "last"}, 2),
    ],
)
def test_a_mix_ends_with_the_sound_that_it_is_told(
    tmp_path: Path, params: dict[str, Any], seconds: float
) -> None:
    sink = FolderSink(folder=tmp_path)
    voice, music = loud(sink, 1, 1), loud(sink, 2, 1, 880)

    assert length_of(merged(mix_audio.MERGE, sink, voice, music, **params)) == seconds


def test_others_lie_12_db_under_the_main_sound(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    mix = left(merged(mix_audio.MERGE, sink, loud(sink, 1, 1), loud(sink, 1, 1, 880)))

    under = strength(mix, 440, 44_100) - strength(mix, 880, 44_100)
    assert under == pytest.approx(12, abs=0.1)


def test_gains_are_meant_in_the_order_written(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = [loud(sink, 1, 1, hertz) for hertz in (440, 880, 1760)]
    alone = strength(left(sink.path_of(parts[0])), 440, 44_100)
    mix = left(merged(mix_audio.MERGE, sink, *parts, gains=[-3, -6, -9], main="last"))

    heard = [strength(mix, hertz, 44_100) - alone for hertz in (440, 880, 1760)]
    assert heard == pytest.approx([-3, -6, -9], abs=0.1)


def test_music_sinks_only_while_the_voice_is_heard(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    voice, music = loud(sink, 2, 1), loud(sink, 5, 1, 880)
    mix = left(merged(mix_audio.MERGE, sink, voice, music, gains=[0, 0], duck=12))

    during, after = mix[44_100:88_200], mix[-44_100:]
    sunk = strength(after, 880, 44_100) - strength(during, 880, 44_100)
    assert sunk == pytest.approx(12, abs=1)
    assert strength(during, 440, 44_100) == pytest.approx(strength(after, 880, 44_100), abs=0.1)


def test_a_mix_of_loud_sounds_does_not_clip(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    mix = decoded(merged(mix_audio.MERGE, sink, *[loud(sink, 1, 3)] * 3, gains=[0, 0, 0]))

    assert peak(mix) <= 0.9 * 32_768


def test_a_looped_sound_goes_on_to_the_end(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    voice, music = loud(sink, 3, 0), loud(sink, 0.7, 1)
    mix = left(merged(mix_audio.MERGE, sink, voice, music, loop=True, gains=[0, 0]))

    assert strength(mix[-4410:], 440, 44_100) == pytest.approx(-10.3, abs=0.5)


def test_a_mix_fades_out_at_its_end(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    plain = left(merged(mix_audio.MERGE, sink, loud(sink, 2, 1)))
    faded = left(merged(mix_audio.MERGE, sink, loud(sink, 2, 1), fade_out=1))

    assert faded[:44_100] == plain[:44_100]
    assert len(faded) == len(plain)
    assert max(faded[-441:]) < 200 < max(plain[-441:])


@pytest.mark.parametrize("gains", [[0, 0, 0], [99], ["loud"]])
def test_gains_that_fit_no_sound_are_refused(tmp_path: Path, gains: list[Json]) -> None:
    sink = FolderSink(folder=tmp_path)
    with pytest.raises(StepError, match="'gains'") as caught:
        merged(mix_audio.MERGE, sink, loud(sink, 0.1, 1), loud(sink, 0.1, 1), gains=gains)

    assert caught.value.code == "local.unknown_value"


@pytest.mark.parametrize("extension", ["mp4", "webm", "mkv"])
def test_a_sound_is_put_onto_a_video_whose_pictures_stay_as_they_are(
    tmp_path: Path, extension: str
) -> None:
    sink = FolderSink(folder=tmp_path)
    video, sound = clip(sink, 2, sound=True, extension=extension), loud(sink, 1, 1, 880)
    made = merged(add_audio_track.MERGE, sink, sound, video, extension=extension)

    heard, rate = left(made), sound_of(made).rate
    assert packets(made) == packets(sink.path_of(video))
    assert len(heard) / rate == pytest.approx(2, abs=0.05)
    assert strength(heard[: rate // 2], 880, rate) == pytest.approx(-10.3, abs=0.5)
    assert strength(heard[: rate // 2], 220, rate) < -40
    assert max(heard[-rate // 2 :]) < 300


@pytest.mark.parametrize(("fit", "seconds"), [("trim", 1), ("pad", 2), ("loop", 2)])
def test_a_short_sound_is_fitted_as_asked(tmp_path: Path, fit: str, seconds: float) -> None:
    sink = FolderSink(folder=tmp_path)
    made = merged(add_audio_track.MERGE, sink, clip(sink, 2), loud(sink, 1, 1), fit=fit)

    assert length_of(made) == pytest.approx(seconds, abs=0.05)
    assert seen(made).seconds == 2


@pytest.mark.parametrize("fit", ["trim", "pad", "loop"])
def test_a_sound_never_outlasts_the_video(tmp_path: Path, fit: str) -> None:
    sink = FolderSink(folder=tmp_path)
    made = merged(add_audio_track.MERGE, sink, clip(sink, 1), loud(sink, 3, 1), fit=fit)

    assert length_of(made) == pytest.approx(1, abs=0.05)


def test_the_videos_own_sound_stays_under_the_new_one_if_asked(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    video, sound = clip(sink, 2, sound=True), loud(sink, 1, 1, 880)
    heard = left(merged(add_audio_track.MERGE, sink, video, sound, mix=True, gain=-3, own_gain=-6))

    levels = [strength(heard[8820:35_280], hertz, 44_100) for hertz in (880, 220)]
    assert levels == pytest.approx([-10.3 - 3, -10.3 - 6], abs=0.3)


def test_a_silent_video_is_mixed_with_nothing(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    made = merged(add_audio_track.MERGE, sink, clip(sink, 1), loud(sink, 1, 1), mix=True)

    assert length_of(made) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("videos", [0, 2])
def test_anything_but_one_video_and_one_sound_is_named(tmp_path: Path, videos: int) -> None:
    sink = FolderSink(folder=tmp_path)
    parts = [loud(sink, 0.1, 1), *[clip(sink, 0.2)] * videos]
    labels = ("music", "one", "two")[: len(parts)]

    with pytest.raises(StepError, match=r"part 1 \('music'\) is audio") as caught:
        merged(add_audio_track.MERGE, sink, *parts, labels=labels)
    assert caught.value.code == "merge.wrong_input"


@pytest.mark.parametrize("merge", [concat_audio.MERGE, mix_audio.MERGE, add_audio_track.MERGE])
def test_a_cancelled_merge_leaves_no_file(tmp_path: Path, merge: MergeStrategy) -> None:
    sink = FolderSink(folder=tmp_path)
    first = clip(sink, 0.5) if merge is add_audio_track.MERGE else loud(sink, 0.5, 1)
    call = call_of(f"merge:{merge.name}", inputs={"input": (first, loud(sink, 0.5, 1))})
    assert merge.run is not None

    with pytest.raises(CancelledError):
        merge.run(call, tools_in(tmp_path, cancelled=lambda: True))
    assert sink.scratched() == []

"""Music, sound tracks and subtitles are as long as they should be, and the same every time."""

from fractions import Fraction
from pathlib import Path

import av
import pytest
from support.listening import decoded, length_of, tone_file
from support.sinks import FolderSink, call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.step import StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import Sound
from aipipe.media.transcode import add_pictures
from aipipe.steps import add_audio, generate_subtitles, speech_to_text, text_to_audio

MONO = Sound(rate=22_050)


def made(
    step: StepType,
    tools: Tools,
    inputs: dict[str, Value],
    *,
    extension: str | None = None,
    mock: bool = False,
    model: str = "local",
    **params: Json,
) -> ArtefactRef:
    assert step.local is not None
    call = call_of(
        f"step:{step.name}",
        inputs=inputs,
        params=params,
        extension=extension,
        mock=mock,
        model=model,
    )
    return step.local(call, tools).artefacts[0]


def film(sink: FolderSink, seconds: float, extension: str = "mp4") -> ArtefactRef:
    """A grey video without sound, 64 by 48 pixels, 10 pictures a second."""
    path = sink.scratch(extension)
    with av.open(str(path), "w") as container:
        track = add_pictures(container, extension, 64, 48, Fraction(10))
        for place in range(round(seconds * 10)):
            picture = av.VideoFrame(64, 48, "gray")
            picture.pts, picture.time_base = place, Fraction(1, 10)
            container.mux(track.encode(picture.reformat(format="yuv420p")))
        container.mux(track.encode(None))
    return sink.adopt(path, "video")


def sound_in(tools: Tools, video: ArtefactRef) -> float:
    """Seconds of sound in a video, by decoding it."""
    return length_of(tools.sink.path_of(video))


def pictures_in(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        track = container.streams.video[0]
        return [bytes(packet) for packet in container.demux(track) if packet.size]


def loudness(path: Path, start: float, end: float) -> int:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        rate, channels = stream.rate, min(2, stream.channels)
    return max(decoded(path)[int(start * rate) * channels : int(end * rate) * channels], default=0)


@pytest.mark.parametrize("seconds", [0.5, 3, 25.5])
@pytest.mark.parametrize("loop", [False, True])
def test_music_is_exactly_as_long_as_asked(tmp_path: Path, seconds: float, loop: bool) -> None:  # noqa: FBT001
    tools = tools_in(tmp_path)
    music = made(text_to_audio.STEP, tools, {"prompt": "rain"}, duration=seconds, loop=loop)

    assert (music.medium, music.extension, music.seconds) == ("audio", "wav", seconds)


def test_music_depends_on_the_prompt_and_the_seed_alone(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    rain, again = (made(text_to_audio.STEP, tools, {"prompt": "rain"}) for _ in range(2))
    sun = made(text_to_audio.STEP, tools, {"prompt": "sun"})
    seeded = made(text_to_audio.STEP, tools, {"prompt": "rain"}, seed=2)

    assert rain == again
    assert len({rain.sha256, sun.sha256, seeded.sha256}) == 3


def test_music_is_heard_and_fades_out_unless_it_loops(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    music = tools.sink.path_of(made(text_to_audio.STEP, tools, {"prompt": "x"}, duration=8))
    loop = made(text_to_audio.STEP, tools, {"prompt": "x"}, duration="8s", loop=True)

    assert loudness(music, 1, 6) > 8000
    assert loudness(music, 7.95, 8) < 1500 < loudness(tools.sink.path_of(loop), 7.5, 8)


@pytest.mark.parametrize("extension", ["mp3", "opus", "flac"])
def test_music_is_written_in_the_format_asked_for(tmp_path: Path, extension: str) -> None:
    music = made(text_to_audio.STEP, tools_in(tmp_path), {"prompt": "x"}, extension=extension)

    assert music.extension == extension
    assert music.seconds == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("extension", ["mp4", "mov", "mkv", "webm"])
def test_a_sound_track_leaves_the_pictures_as_they_were(tmp_path: Path, extension: str) -> None:
    tools = tools_in(tmp_path)
    silent = film(FolderSink(folder=tmp_path), 2, extension)
    whole = made(add_audio.STEP, tools, {"video": silent, "prompt": "sea"}, extension=extension)

    assert whole.extension == extension
    assert whole.seconds == pytest.approx(2, abs=0.11)
    assert pictures_in(tools.sink.path_of(whole)) == pictures_in(tools.sink.path_of(silent))
    assert sound_in(tools, whole) == pytest.approx(2, abs=0.06)


def test_pictures_that_do_not_fit_a_format_stay_in_one_that_they_fit(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    silent = film(FolderSink(folder=tmp_path), 1)

    assert made(add_audio.STEP, tools, {"video": silent}, extension="webm").extension == "mp4"


@pytest.mark.parametrize(
    ("fit", "given", "length", "loud_to"),
    [
        ("trim", 3.0, 2.0, 2.0),
        ("trim", 0.5, 0.5, 0.5),
        ("pad", 0.5, 2.0, 0.5),
        ("pad", 3.0, 2.0, 2.0),
        ("loop", 0.5, 2.0, 2.0),
        ("loop", 3.0, 2.0, 2.0),
    ],
)
def test_a_sound_of_another_length_is_fitted_as_told(
    tmp_path: Path, fit: str, given: float, length: float, loud_to: float
) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    inputs: dict[str, Value] = {
        "video": film(sink, 2),
        "audio": tone_file(sink, "wav", given, MONO),
    }
    path = tools.sink.path_of(made(add_audio.STEP, tools, inputs, fit=fit))

    assert length_of(path) == pytest.approx(length, abs=0.1)
    assert loudness(path, loud_to - 0.2, loud_to - 0.1) > 8000
    assert loudness(path, loud_to + 0.15, 9) < 500


@pytest.mark.parametrize(("volume", "peak"), [(0, 0), (0.5, 5000), (1, 10_000), (4, 32_767)])
def test_volume_multiplies_the_sound(tmp_path: Path, volume: float, peak: int) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    inputs: dict[str, Value] = {"video": film(sink, 1), "audio": tone_file(sink, "wav", 1, MONO)}
    path = tools.sink.path_of(made(add_audio.STEP, tools, inputs, volume=volume))

    assert loudness(path, 0.3, 0.8) == pytest.approx(peak, rel=0.08, abs=20)


def test_a_sound_track_replaces_the_one_before_and_is_the_same_every_time(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    silent = film(FolderSink(folder=tmp_path), 1)
    first = made(add_audio.STEP, tools, {"video": silent, "prompt": "sea"})
    second = made(add_audio.STEP, tools, {"video": first, "prompt": "hill"}, duration=0.5)

    assert made(add_audio.STEP, tools, {"video": silent, "prompt": "sea"}) == first
    assert sound_in(tools, second) == pytest.approx(0.5, abs=0.06)


def test_a_cancelled_sound_track_leaves_no_file(tmp_path: Path) -> None:
    silent, answers = film(FolderSink(folder=tmp_path), 2), iter([False] * 5)
    tools = tools_in(tmp_path, cancelled=lambda: next(answers, True))

    with pytest.raises(CancelledError):
        made(add_audio.STEP, tools, {"video": silent})
    assert FolderSink(folder=tmp_path).scratched() == []


def test_subtitles_fill_the_sound_in_proportion_to_the_text(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    inputs: dict[str, Value] = {
        "audio": tone_file(sink, "wav", 10, MONO),
        "text": "Four. Sixteen letters.",
    }
    made_subtitles = made(generate_subtitles.STEP, tools, inputs)

    assert (made_subtitles.medium, made_subtitles.extension) == ("subtitles", "srt")
    assert tools.sink.text_of(made_subtitles) == (
        "1\n00:00:00,000 --> 00:00:02,301\nFour.\n\n"
        "2\n00:00:02,381 --> 00:00:10,000\nSixteen letters.\n"
    )


@pytest.mark.parametrize("how", [{"extension": "vtt"}, {"format": "vtt"}])
def test_subtitles_are_webvtt_when_asked(tmp_path: Path, how: dict[str, str]) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    inputs: dict[str, Value] = {"video": film(sink, 2), "text": "You & me."}
    made_subtitles = made(
        generate_subtitles.STEP,
        tools,
        inputs,
        extension=how.get("extension"),
        format=how.get("format"),
    )

    assert made_subtitles.extension == "vtt"
    assert tools.sink.text_of(made_subtitles) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nYou &amp; me.\n"
    )


def test_subtitles_need_something_to_be_timed_against_and_a_text(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    codes = []
    cases: tuple[dict[str, Value], ...] = (
        {"text": "Hi."},
        {"text": " ", "audio": tone_file(sink, "wav", 1, MONO)},
    )
    for inputs in cases:
        with pytest.raises(StepError) as caught:
            made(generate_subtitles.STEP, tools, inputs)
        codes.append(caught.value.code)

    assert codes == ["local.nothing_to_time", "local.empty_text"]


def test_a_known_transcript_is_given_back(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    heard: dict[str, Value] = {"audio": tone_file(sink, "wav", 1, MONO)}

    assert made(speech_to_text.STEP, tools, heard, transcript="Well said.").text == "Well said."


def test_without_a_transcript_listening_needs_a_provider_or_says_that_it_is_a_mock(
    tmp_path: Path,
) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    heard: dict[str, Value] = {"audio": tone_file(sink, "wav", 1.5, MONO)}
    mocked = made(speech_to_text.STEP, tools, heard, mock=True, model="whisper_1")

    assert mocked.text == "[mock transcript in the place of 'whisper_1': 1.5 seconds of sound]"
    with pytest.raises(StepError) as caught:
        made(speech_to_text.STEP, tools, heard)
    assert caught.value.code == "local.needs_a_provider"


@pytest.mark.parametrize(
    "step", [text_to_audio.STEP, add_audio.STEP, generate_subtitles.STEP, speech_to_text.STEP]
)
def test_every_parameter_is_described(step: StepType) -> None:
    assert all(schema.get("description") and schema.get("type") for schema in step.params.values())

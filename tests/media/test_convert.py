"""Content goes into another format of its medium, looks and sounds the same, or is refused."""

from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image
from support.listening import decoded, length_of, pitch_of, tone_file
from support.seeing import difference, film_file, halves, picture_file, watched
from support.sinks import FolderSink

from aipipe.contracts.media import Medium
from aipipe.errors import StepError
from aipipe.media.audio import Sound, sound_of
from aipipe.media.convert import convert
from aipipe.media.pictures import read
from aipipe.media.probe import probe

PICTURES = ("png", "jpg", "jpeg", "webp", "gif", "avif")
SOUNDS = ("wav", "mp3", "m4a", "flac", "ogg", "opus")
FILMS = ("mp4", "webm", "mkv", "mov")


@pytest.mark.parametrize("wanted", PICTURES)
@pytest.mark.parametrize("given", ["png", "jpg", "webp", "gif", "avif"])
def test_a_picture_looks_the_same_in_every_format(tmp_path: Path, given: str, wanted: str) -> None:
    sink, target = FolderSink(folder=tmp_path), tmp_path / f"to.{wanted}"
    convert(sink.path_of(picture_file(sink, given)), "image", target)

    assert probe(target, "image").extension == wanted
    assert difference(read(target), halves((40, 30))) < 6


@pytest.mark.parametrize("wanted", SOUNDS)
@pytest.mark.parametrize("given", ["wav", "mp3", "opus"])
def test_a_sound_sounds_the_same_in_every_format(tmp_path: Path, given: str, wanted: str) -> None:
    sink, target = FolderSink(folder=tmp_path), tmp_path / f"to.{wanted}"
    source = tone_file(sink, given, 1, Sound(rate=44_100, channels=2))
    convert(sink.path_of(source), "audio", target)
    samples = decoded(target)[::2]

    assert probe(target, "audio").extension == wanted
    assert sound_of(target).channels == 2
    assert length_of(target) == pytest.approx(1, abs=0.06)
    assert pitch_of(samples[10_000:30_000], sound_of(target).rate) == pytest.approx(440, rel=0.01)


@pytest.mark.parametrize("wanted", FILMS)
@pytest.mark.parametrize("given", FILMS)
def test_a_video_looks_the_same_in_every_format(tmp_path: Path, given: str, wanted: str) -> None:
    sink, target = FolderSink(folder=tmp_path), tmp_path / f"to.{wanted}"
    convert(sink.path_of(film_file(sink, given, seconds=0.5, sound=True)), "video", target)
    film = watched(target)

    assert probe(target, "video").extension == wanted
    assert (film.codec, film.size) == ("vp9" if wanted == "webm" else "h264", (64, 48))
    assert (film.rate, len(film.pictures)) == (Fraction(10), 5)
    assert film.sound == pytest.approx(0.5, abs=0.07)
    assert difference(film.pictures[2], halves((64, 48))) < 6


def test_h264_is_copied_and_not_encoded_again(tmp_path: Path) -> None:
    sink, target = FolderSink(folder=tmp_path), tmp_path / "to.mkv"
    source = sink.path_of(film_file(sink, "mp4", seconds=0.5))
    convert(source, "video", target)

    assert watched(target).pictures == watched(source).pictures
    assert codec_bytes(target) == codec_bytes(source)


def codec_bytes(path: Path) -> list[int]:
    """The sizes of all packets of pictures."""
    with av.open(str(path)) as container:
        return [packet.size for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize(
    ("medium", "given", "wanted"),
    [("image", "jpg", "jpeg"), ("audio", "opus", "ogg"), ("image", "png", "png")],
)
def test_one_format_by_another_name_is_copied(
    tmp_path: Path, medium: Medium, given: str, wanted: str
) -> None:
    sink, target = FolderSink(folder=tmp_path), tmp_path / f"to.{wanted}"
    made = (
        picture_file(sink, given)
        if medium == "image"
        else tone_file(sink, given, 0.2, Sound(rate=48_000))
    )
    convert(sink.path_of(made), medium, target)

    assert target.read_bytes() == sink.path_of(made).read_bytes()


def test_what_the_content_is_decides_and_not_the_name(tmp_path: Path) -> None:
    source, target = tmp_path / "photo.jpg", tmp_path / "to.jpg"
    halves((40, 30)).save(source, "PNG")
    convert(source, "image", target)

    with Image.open(target) as picture:
        assert picture.format == "JPEG"


def test_transparent_parts_become_white_where_a_format_has_none(tmp_path: Path) -> None:
    source, target = tmp_path / "from.png", tmp_path / "to.jpg"
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(source)
    convert(source, "image", target)

    assert difference(read(target), Image.new("RGB", (10, 10), "white")) < 2


@pytest.mark.parametrize("wanted", ["gif", "webp", "png"])
def test_an_animation_keeps_moving(tmp_path: Path, wanted: str) -> None:
    source, target = tmp_path / "from.gif", tmp_path / f"to.{wanted}"
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(source, save_all=True, append_images=frames[1:], duration=100)
    convert(source, "image", target)

    with Image.open(target) as picture:
        assert getattr(picture, "n_frames", 1) == 3


SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\nHello,\nyou & <i>me</i>\n\n"
    "2\n01:00:03,000 --> 01:00:04,000\nBye\n"
)
VTT = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello,\nyou &amp; <i>me</i>\n\n"
    "01:00:03.000 --> 01:00:04.000\nBye\n"
)


@pytest.mark.parametrize(("given", "wanted"), [("srt", "vtt"), ("vtt", "srt")])
def test_subtitles_are_rewritten(tmp_path: Path, given: str, wanted: str) -> None:
    texts = {"srt": SRT, "vtt": VTT}
    source, target = tmp_path / f"from.{given}", tmp_path / f"to.{wanted}"
    source.write_text(texts[given], "utf-8")
    convert(source, "subtitles", target)

    assert target.read_text("utf-8") == texts[wanted]


def test_subtitles_lose_headers_comments_positions_and_windows_line_ends(tmp_path: Path) -> None:
    source, target = tmp_path / "from.vtt", tmp_path / "to.srt"
    source.write_bytes(
        b"\xef\xbb\xbfWEBVTT - talk\r\nKind: captions\r\n\r\nNOTE by hand\r\n\r\n"
        b"STYLE\r\n::cue { color: red }\r\n\r\nfirst\r\n"
        b"00:01.000 --> 00:02.500 align:start\r\nHi\r\n"
    )
    convert(source, "subtitles", target)

    assert target.read_text("utf-8") == "1\n00:00:01,000 --> 00:00:02,500\nHi\n"


def test_a_text_is_copied_whatever_its_extension(tmp_path: Path) -> None:
    source, target = tmp_path / "from.txt", tmp_path / "to.md"
    source.write_bytes("Grüße\r\n".encode())
    convert(source, "text", target)

    assert target.read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("medium", "name", "content", "wanted", "message", "hint"),
    [
        (
            "image", "a.png", b"\x89PNG\r\n\x1a\n", "mp4",
            "a file of format 'png' can't be written as 'mp4'",
            "end the name of the output file in '.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif'",
        ),
        (
            "data", "a.json", b"{}", "csv",
            "a file of format 'json' can't be written as 'csv'",
            "end the name of the output file in '.json'",
        ),
        (
            "archive", "a.zip", b"PK\x03\x04", "tar",
            "a file of format 'zip' can't be written as 'tar'",
            "end the name of the output file in '.zip'",
        ),
    ],
)  # fmt: skip
def test_what_a_medium_has_no_format_for_is_refused(
    tmp_path: Path, medium: Medium, name: str, content: bytes, wanted: str, message: str, hint: str
) -> None:
    source, target = tmp_path / name, tmp_path / f"to.{wanted}"
    source.write_bytes(content)

    with pytest.raises(StepError) as caught:
        convert(source, medium, target)
    assert (caught.value.code, caught.value.message, caught.value.hint) == (
        "media.cannot_convert", message, hint,
    )  # fmt: skip
    assert not target.exists()

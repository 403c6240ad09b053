"""Every format is known by its content, whatever its name says; a web page is none."""

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.listening import tone_file
from support.seeing import film_file, picture_file
from support.sinks import FolderSink

from aipipe.contracts.media import KINDS, Medium
from aipipe.errors import StepError
from aipipe.media.audio import Sound
from aipipe.media.probe import ArtefactFacts, identify, probe
from aipipe.media.signatures import binary_format, html_title

FORMATS = [(kind.name, extension) for kind in KINDS for extension in kind.formats]
TEXTS = {
    "txt": "hello", "md": "# hello", "srt": "1\n00:00:01,000 --> 00:00:02,000\nHi\n",
    "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", "json": '{"a": 1}',
    "jsonl": '{"a": 1}\n{"a": 2}\n', "csv": "a,b\n1,2\n",
}  # fmt: skip
PAGE = b'\xef\xbb\xbf\n<!DOCTYPE html>\n<html lang="en"><head><title>\n404 Not Found</title></head>'


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One real file of each format."""
    folder = tmp_path_factory.mktemp("formats")
    return dict(_made(FolderSink(folder=folder), folder))


def _made(sink: FolderSink, folder: Path) -> Iterator[tuple[str, Path]]:
    for medium, extension in FORMATS:
        if medium == "image":
            yield extension, sink.path_of(picture_file(sink, extension))
        elif medium == "audio":
            tone = tone_file(sink, extension, 0.2, Sound(rate=48_000))
            yield extension, sink.path_of(tone)
        elif medium == "video":
            yield extension, sink.path_of(film_file(sink, extension, seconds=0.3))
        else:
            path = folder / f"plain.{extension}"
            path.write_bytes(_packed(extension) or TEXTS[extension].encode())
            yield extension, path


def _packed(extension: str) -> bytes:
    buffer = io.BytesIO()
    if extension == "zip":
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.txt", "hello")
    elif extension == "tar":
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            tar.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    return buffer.getvalue()


@pytest.mark.parametrize(("medium", "extension"), FORMATS)
def test_every_format_is_known_by_its_content(
    files: dict[str, Path], medium: Medium, extension: str
) -> None:
    assert identify(files[extension]) == extension
    assert probe(files[extension], medium).extension == extension


@pytest.mark.parametrize(
    ("medium", "extension"), [each for each in FORMATS if each[0] not in ("text", "data")]
)
def test_a_wrong_name_deceives_nobody(
    files: dict[str, Path], tmp_path: Path, medium: Medium, extension: str
) -> None:
    """Formats with two names get the usual one. A text is what its name says."""
    misnamed = tmp_path / "misnamed.bin"
    misnamed.write_bytes(files[extension].read_bytes())
    usual = {"jpeg": "jpg"}.get(extension, extension)
    usual = "opus" if extension == "ogg" else usual  # what is in it is Opus

    assert identify(misnamed) == usual
    assert probe(misnamed, medium).extension == usual


@pytest.mark.parametrize(
    ("medium", "extension", "facts"),
    [
        ("image", "png", ArtefactFacts(extension="png", width=40, height=30)),
        ("audio", "flac", ArtefactFacts(extension="flac", seconds=0.2)),
        ("video", "mp4", ArtefactFacts(extension="mp4", width=64, height=48, seconds=0.3)),
        ("text", "txt", ArtefactFacts(extension="txt")),
    ],
)
def test_what_a_file_tells_is_measured(
    files: dict[str, Path], medium: Medium, extension: str, facts: ArtefactFacts
) -> None:
    assert probe(files[extension], medium) == facts


@pytest.mark.parametrize(
    ("head", "extension"),
    [
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xf3\x40\xc4", "mp3"),
        (b"ID3\x04\x00", "mp3"),
        (b"\xff\xf1\x50\x80", None),
        (b"\xff\xfb\xf0\x64", None),
        (b"\0\0\0\x1cftypisom", "mp4"),
        (b"\0\0\0\x1cftypheic", None),
        (b"\0\0\0\x1cftypmif1", None),
        (b"\0\0\0\x1cftypqt  ", "mov"),
        (b"GIF87a", "gif"),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"PK\x05\x06", "zip"),
        (b"%PDF-1.7", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_first_bytes_tell_the_format(head: bytes, extension: str | None) -> None:
    assert binary_format(head) == extension


@pytest.mark.parametrize("name", ["a.png", "a.mp3", "a.mp4", "a.srt", "a.json", "a.csv", "a.zip"])
def test_a_web_page_is_no_media(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PAGE)
    medium = next(medium for medium, extension in FORMATS if name.endswith(f".{extension}"))

    assert identify(path) is None
    with pytest.raises(StepError) as caught:
        probe(path, medium)
    assert (caught.value.code, caught.value.message) == (
        "store.undecodable",
        f"the {medium} can't be used: it is a web page ('404 Not Found')",
    )


def test_a_web_page_that_is_wanted_as_a_text_is_one(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE)

    assert (identify(path), probe(path, "text").extension) == ("txt", "txt")


@pytest.mark.parametrize(
    ("page", "title"),
    [(PAGE, "404 Not Found"), (b"<html>", None), (b"<title> \xff </title>", "\ufffd")],
)
def test_the_title_of_a_web_page_is_read(page: bytes, title: str | None) -> None:
    assert html_title(page) == title


@pytest.mark.parametrize(
    ("medium", "name", "content", "reason"),
    [
        ("image", "a.png", b"", "the file is empty"),
        ("video", "a.mp4", b"", "the file is empty"),
        ("data", "a.json", b"", "the file is empty"),
        ("image", "a.png", b"hello", "it is no known image format"),
        ("image", "a.png", b"ID3\x04\x00\x00", "it is a mp3 file"),
        ("text", "a.txt", b"\x89PNG\r\n\x1a\n\xff", "it is a png file"),
        ("text", "a.txt", "Grüße".encode("latin-1"), "the byte at 2 is not UTF-8"),
        ("data", "a.json", b'{"a": ', "it is neither JSON nor JSON lines"),
        ("subtitles", "a.srt", b"hello", "it has no subtitle's time line"),
        ("archive", "a.zip", b"PK\x03\x04" + bytes(40), "the archive is damaged"),
    ],
)
def test_what_a_file_is_not_is_told(
    tmp_path: Path, medium: Medium, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(StepError) as caught:
        probe(path, medium)
    assert (caught.value.code, caught.value.message) == (
        "store.undecodable",
        f"the {medium} can't be used: {reason}",
    )


def test_an_archive_with_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(_packed("zip").replace(b"hello", b"hullo", 1))

    with pytest.raises(StepError) as caught:
        probe(path, "archive")
    assert caught.value.message == "the archive can't be used: 'a.txt' in it is damaged"


def test_nobody_speaking_is_a_subtitle_file_too(tmp_path: Path) -> None:
    path = tmp_path / "silent.srt"
    path.write_bytes(b"")

    assert probe(path, "subtitles") == ArtefactFacts(extension="srt")

"""Whatever is in a file, reading it ends in a StepError or in the content: no crash, no network."""

import random
import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest
from PIL import Image
from support.listening import tone, tone_file
from support.seeing import film_file, picture_file
from support.sinks import FolderSink

from aipipe.contracts.media import Medium
from aipipe.errors import StepError
from aipipe.media import pictures, tracks
from aipipe.media.audio import Sound, samples_of
from aipipe.media.audio_files import write_sound
from aipipe.media.audio_track import container_for
from aipipe.media.convert import convert
from aipipe.media.probe import probe
from aipipe.media.tags import read_tags, tag

MONO, STEREO = Sound(rate=48_000), Sound(rate=44_100, channels=2)
MEDIA: dict[str, Medium] = {
    "png": "image", "jpg": "image", "webp": "image", "gif": "image", "avif": "image",
    "mp3": "audio", "wav": "audio", "flac": "audio", "opus": "audio", "m4a": "audio",
    "mp4": "video", "webm": "video", "mov": "video", "mkv": "video",
}  # fmt: skip
DECLARING = ("png", "jpg", "webp", "avif", "wav", "m4a", "mp4", "mov")
"""Formats in which the lack of the last tenth can be told."""


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One small file of each format."""
    sink = FolderSink(folder=tmp_path_factory.mktemp("whole"))
    made = {
        "image": lambda extension: picture_file(sink, extension, size=(90, 70)),
        "audio": lambda extension: tone_file(sink, extension, 1, MONO),
        "video": lambda extension: film_file(sink, extension, seconds=1, sound=True),
    }
    return {
        extension: sink.path_of(made[medium](extension)).read_bytes()
        for extension, medium in MEDIA.items()
    }


def readers(medium: Medium) -> tuple[Callable[[Path], object], ...]:
    """All that is done with a file of a medium."""
    match medium:
        case "image":
            return pictures.read, pictures.exif_of
        case "audio":
            return tracks.heard, lambda path: sum(map(len, samples_of(path, MONO)))
        case _:
            return (tracks.seen,)


def read_all(path: Path, medium: Medium) -> bool:
    """Whether every reader took it; those that did not raised a StepError."""
    taken = []
    for read in (lambda path: probe(path, medium), *readers(medium), converted(medium)):
        try:
            read(path)
        except StepError:
            taken.append(False)
        else:
            taken.append(True)
    return all(taken)


def converted(medium: Medium) -> Callable[[Path], object]:
    wanted = {"image": "png", "audio": "wav", "video": "mkv"}[medium]
    return lambda path: convert(path, medium, path.with_name(f"converted.{wanted}"))


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("extension", MEDIA)
def test_a_file_that_is_cut_off_is_refused_or_read_as_far_as_it_goes(
    tmp_path: Path, contents: dict[str, bytes], extension: str, share: float
) -> None:
    whole, path = contents[extension], tmp_path / f"cut.{extension}"
    path.write_bytes(whole[: int(len(whole) * share)])
    taken = read_all(path, MEDIA[extension])

    assert not (taken and extension in DECLARING)


@pytest.mark.parametrize("extension", MEDIA)
def test_a_whole_file_is_read(tmp_path: Path, contents: dict[str, bytes], extension: str) -> None:
    path = tmp_path / f"whole.{extension}"
    path.write_bytes(contents[extension])

    assert read_all(path, MEDIA[extension])


@pytest.mark.filterwarnings("default")  # Pillow complains of odd EXIF and goes on
@pytest.mark.parametrize("extension", MEDIA)
def test_damage_anywhere_is_refused_or_read_over(
    tmp_path: Path, contents: dict[str, bytes], extension: str
) -> None:
    chance, path = random.Random(extension), tmp_path / f"damaged.{extension}"
    for _ in range(6):
        damaged = bytearray(contents[extension])
        for _ in range(12):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        read_all(path, MEDIA[extension])


@pytest.mark.parametrize("extension", MEDIA)
def test_content_of_another_medium_is_refused(
    tmp_path: Path, contents: dict[str, bytes], extension: str
) -> None:
    path = tmp_path / f"misnamed.{extension}"
    path.write_bytes(contents["mp3" if MEDIA[extension] == "image" else "png"])

    with pytest.raises(StepError):
        probe(path, MEDIA[extension])


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and has hardly any pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checked = name + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of(60_000, 60_000))

    with pytest.raises(StepError) as caught:
        probe(path, "image")
    assert caught.value.message == (
        "the image can't be used: the picture has too many pixels to read"
    )


def test_a_large_picture_is_read_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("1", (9600, 9600)).save(path)

    assert pictures.displayed_size(path) == (9600, 9600)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who would notice a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("extension", ["mp4", "mp3", "wav", "mkv", "m4a", "ogg"])
@pytest.mark.parametrize(
    "content",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {file}\n",
        "ffconcat version 1.0\nfile {url}\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio {port} RTP/AVP 0\n",
        "[playlist]\nFile1={url}\nNumberOfEntries=1\n",
        "<?xml version='1.0'?><MPD><BaseURL>{url}</BaseURL></MPD>",
        "{url}\n",
    ],
    ids=["hls", "concat", "concat-url", "sdp", "pls", "dash", "address"],
)
def test_a_playlist_is_not_followed(
    tmp_path: Path, listener: socket.socket, extension: str, content: str
) -> None:
    secret, path = tmp_path / "secret.wav", tmp_path / f"list.{extension}"
    write_sound(secret, tone(0.1, MONO), MONO, cancelled=lambda: False)
    port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}/a.ts"
    path.write_text(content.format(url=url, file=secret.name, port=port))

    for read in (*readers("audio"), *readers("video")):
        with pytest.raises(StepError):
            read(path)
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "name", ["concat:{file}|{file}", "file:{file}", "http://127.0.0.1:{port}/a"]
)
def test_a_name_that_is_an_address_is_only_a_name(
    tmp_path: Path, listener: socket.socket, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_sound(Path("a.wav"), tone(0.1, MONO), MONO, cancelled=lambda: False)
    address = Path(name.format(file="a.wav", port=listener.getsockname()[1]))

    with pytest.raises(StepError):
        tracks.heard(address)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_sound_that_changes_on_the_way_is_read_to_its_end(tmp_path: Path) -> None:
    """MP3 files joined by hand do that: mono and stereo, other rates."""
    parts = []
    for number, sound in enumerate((Sound(rate=48_000), STEREO, Sound(rate=24_000))):
        part = tmp_path / f"{number}.mp3"
        write_sound(part, tone(0.5, sound), sound, cancelled=lambda: False)
        parts.append(part.read_bytes())
    path, target = tmp_path / "joined.mp3", tmp_path / "joined.wav"
    path.write_bytes(b"".join(parts))
    convert(path, "audio", target)
    read = sum(map(len, samples_of(path, STEREO))) / STEREO.width / STEREO.rate

    assert read == pytest.approx(1.5, abs=0.2)
    assert tracks.heard(target) == pytest.approx(read, abs=0.2)


def test_av1_is_tagged_copied_and_given_sound_like_any_other_video(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as made:
        track = made.add_stream("libsvtav1", rate=10, options={"preset": "12"})
        track.width, track.height, track.pix_fmt = 64, 64, "yuv420p"
        for place in range(3):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = place
            made.mux(track.encode(frame))
        made.mux(track.encode(None))
    tag(path, "mp4", {"a": "ß"})

    assert read_tags(path) == {"a": "ß"}
    assert container_for(path, "webm") == "webm"
    assert tracks.seen(path).seconds == pytest.approx(0.3, abs=0.01)

"""Provenance goes into every format that has a place for it, and comes out as it went in."""

from pathlib import Path

import pytest
from PIL import Image
from support.listening import decoded, tone_file
from support.seeing import difference, film_file, halves, picture_file, watched
from support.sinks import FolderSink

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.media.audio import Sound
from aipipe.media.pictures import read
from aipipe.media.tags import read_tags, tag

PICTURES = ("png", "jpg", "jpeg", "webp", "avif")
SOUNDS = ("mp3", "wav", "flac", "ogg", "opus", "m4a")
FILMS = ("mp4", "webm", "mkv", "mov")
TAGS: dict[str, Json] = {
    "pipeline": "Grüße & <Küsse> 'für' \"alle\"",
    "text": "Маяк в тумане, 灯塔 🗼\nzwei Zeilen",
    "mock": False,
    "parameters": {"seed": 7, "ratio": 1.5, "list": ["a", None]},
}


def made(sink: FolderSink, extension: str) -> ArtefactRef:
    if extension in PICTURES:
        return picture_file(sink, extension)
    if extension in SOUNDS:
        return tone_file(sink, extension, 0.3, Sound(rate=48_000))
    return film_file(sink, extension, seconds=0.3, sound=True)


def content(path: Path) -> object:
    """What is seen and heard in a file."""
    extension = path.suffix[1:]
    if extension in PICTURES:
        return read(path).tobytes()
    if extension in SOUNDS:
        return decoded(path)
    film = watched(path)
    return film.rate, [picture.tobytes() for picture in film.pictures], film.sound


@pytest.mark.parametrize("extension", [*PICTURES, *SOUNDS, *FILMS])
def test_tags_come_out_as_they_went_in_and_change_nothing_else(
    tmp_path: Path, extension: str
) -> None:
    sink = FolderSink(folder=tmp_path)
    path = sink.path_of(made(sink, extension))
    before = content(path)
    tag(path, extension, {"first": "round"})
    tag(path, extension, TAGS)

    assert read_tags(path) == TAGS
    assert content(path) == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("extension", [*PICTURES, *SOUNDS, *FILMS])
def test_a_file_without_tags_has_none(tmp_path: Path, extension: str) -> None:
    sink = FolderSink(folder=tmp_path)

    assert read_tags(sink.path_of(made(sink, extension))) == {}


def test_a_gif_has_no_place_for_tags_and_stays_as_it_is(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    path = sink.path_of(picture_file(sink, "gif"))
    before = path.read_bytes()
    tag(path, "gif", TAGS)

    assert path.read_bytes() == before
    assert read_tags(path) == {}


@pytest.mark.parametrize("extension", ["jpg", "webp"])
def test_what_a_camera_wrote_stays_beside_the_tags(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"photo.{extension}"
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "Box Brownie", 6
    exif.get_ifd(0x8769)[0x9003] = "2026:01:02 03:04:05"
    halves((40, 30)).save(path, exif=exif, quality=95)
    upright = read(path)
    tag(path, extension, TAGS)

    assert read_tags(path) == TAGS
    with Image.open(path) as picture:
        found = picture.getexif()
        assert (found[0x0110], found[0x0112]) == ("Box Brownie", 6)
        assert found.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"
    assert read(path).tobytes() == upright.tobytes()
    assert upright.size == (30, 40)


def test_a_picture_whose_own_exif_is_damaged_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    halves((40, 30)).save(path)
    content = path.read_bytes()
    rubbish = b"Exif\0\0" + b"\x07" * 40
    segment = b"\xff\xe1" + (len(rubbish) + 2).to_bytes(2, "big") + rubbish
    damaged = content[:2] + segment + content[2:]
    path.write_bytes(damaged)
    tag(path, "jpg", TAGS)

    assert path.read_bytes() == damaged


@pytest.mark.parametrize("extension", ["png", "webp", "mp3", "mp4"])
def test_tags_may_be_long(tmp_path: Path, extension: str) -> None:
    sink = FolderSink(folder=tmp_path)
    path = sink.path_of(made(sink, extension))
    long: dict[str, Json] = {"text": "ß" * 200_000}
    tag(path, extension, long)

    assert read_tags(path) == long


def test_tags_that_no_jpeg_can_hold_are_left_out_as_a_whole(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    path = sink.path_of(picture_file(sink, "jpg"))
    before = path.read_bytes()
    tag(path, "jpg", {"text": "x" * 40_000})

    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA"])
@pytest.mark.parametrize("extension", ["png", "webp"])
def test_transparent_and_grey_pictures_keep_their_look(
    tmp_path: Path, mode: str, extension: str
) -> None:
    path = tmp_path / f"picture.{extension}"
    Image.new("RGBA", (9, 7), (200, 10, 10, 100)).convert(mode).save(path, lossless=True)
    before = read(path)
    tag(path, extension, TAGS)

    assert read_tags(path) == TAGS
    assert difference(read(path), before) == 0
    assert read(path).mode == before.mode


@pytest.mark.parametrize("extension", ["webp", "png"])
def test_an_animation_keeps_moving(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"moving.{extension}"
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    tag(path, extension, TAGS)

    assert read_tags(path) == TAGS
    with Image.open(path) as picture:
        assert getattr(picture, "n_frames", 1) == 3


@pytest.mark.parametrize("length", [0, 60, 300])
@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "avif", "mp3", "wav", "mp4", "webm"])
def test_a_damaged_file_is_left_alone(tmp_path: Path, extension: str, length: int) -> None:
    sink = FolderSink(folder=tmp_path)
    path = tmp_path / f"damaged.{extension}"
    path.write_bytes(sink.path_of(made(sink, extension)).read_bytes()[:length])
    tag(path, extension, TAGS)

    assert path.exists()
    assert not list(tmp_path.glob("*.tagged"))

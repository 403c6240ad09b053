"""Outputs appear in the folder whole, as what their name says, and with where they came from."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.listening import tone_file
from support.seeing import film_file, picture_file
from support.sinks import FolderSink, call_of

from aipipe.backends.publishing import Folder, is_conversion, publish, sweep
from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.call import Call
from aipipe.contracts.media import Medium
from aipipe.contracts.outcome import Problem
from aipipe.media.audio import Sound
from aipipe.media.probe import probe
from aipipe.media.tags import read_tags
from aipipe.running.instructions import Publish, PublishEnded


@pytest.fixture
def sink(tmp_path: Path) -> FolderSink:
    folder = tmp_path / "store"
    folder.mkdir()
    return FolderSink(folder=folder)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def made(sink: FolderSink, extension: str) -> ArtefactRef:
    if extension in ("png", "jpg", "webp", "gif"):
        return picture_file(sink, extension)
    if extension in ("mp4", "webm"):
        return film_file(sink, extension, seconds=0.3)
    return tone_file(sink, extension, 0.3, Sound(rate=48_000))


def call(inputs: Mapping[str, Value] | None = None, *, mock: bool = False, **params: Json) -> Call:
    return call_of(
        "step:text_to_image", inputs=inputs or {}, params=params, mock=mock, model="flux"
    )


def published(
    sink: FolderSink,
    out: Path,
    artefacts: tuple[ArtefactRef, ...],
    names: tuple[str, ...],
    *,
    of: Call | None = None,
    tags: bool = True,
) -> PublishEnded:
    folder = Folder(path=out, tags=tags, source_of=sink.path_of)
    return publish(Publish(3, of or call(), artefacts, names), folder)


def files_in(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


@pytest.mark.parametrize(
    ("medium", "given", "name"),
    [
        ("image", "png", "a.png"),
        ("image", "png", "deep/down/ä b.JPG"),
        ("image", "jpg", "a.png"),
        ("image", "gif", "a.webp"),
        ("audio", "wav", "a.mp3"),
        ("audio", "mp3", "a.wav"),
        ("audio", "wav", "a.flac"),
        ("video", "mp4", "a.webm"),
        ("video", "webm", "a.mov"),
    ],
)
def test_an_output_is_what_its_name_says_and_nothing_else_is_left(
    sink: FolderSink, out: Path, medium: Medium, given: str, name: str
) -> None:
    artefact = made(sink, given)
    ended = published(sink, out, (artefact,), (name,))
    content = (out / name).read_bytes()

    assert ended.problem is None
    assert [(each.path, each.artefact, each.sha256, each.bytes) for each in ended.outputs] == [
        (name, artefact, hashlib.sha256(content).hexdigest(), len(content))
    ]
    assert files_in(out) == [name]
    assert probe(out / name, medium).extension == name.rsplit(".", 1)[1].lower()
    assert read_tags(out / name)["sha256"] == artefact.sha256


def test_the_tags_say_where_an_output_came_from(sink: FolderSink, out: Path) -> None:
    parent, text = picture_file(sink), sink.adopt_text("Grüße")
    artefact = picture_file(sink, "jpg")
    inputs: dict[str, Value] = {"images": (parent, None), "prompt": text}
    published(sink, out, (artefact,), ("a.png",), of=call(inputs, mock=True, seed=7, size="1x1"))

    assert read_tags(out / "a.png") == {
        "pipeline": "test",
        "step": "text_to_image",
        "type": "text_to_image",
        "model": "flux",
        "provider": "local",
        "mock": True,
        "parameters": {"seed": 7, "size": "1x1"},
        "text": "Grüße",
        "parents": [parent.sha256, text.sha256],
        "sha256": artefact.sha256,
    }


@pytest.mark.parametrize(
    "extension", ["png", "jpg", "webp", "mp3", "wav", "flac", "opus", "m4a", "mp4", "webm"]
)
def test_without_tags_an_output_is_the_artefact_byte_by_byte(
    sink: FolderSink, out: Path, extension: str
) -> None:
    artefact, secret = made(sink, extension), {"prompt": "the secret prompt"}
    published(sink, out, (artefact,), (f"a.{extension}",), of=call(secret), tags=False)
    published(sink, out, (artefact,), (f"b.{extension}",), of=call(secret))
    plain, tagged = ((out / f"{name}.{extension}").read_bytes() for name in "ab")

    assert plain == sink.path_of(artefact).read_bytes()
    assert read_tags(out / f"a.{extension}") == {}
    assert read_tags(out / f"b.{extension}")["text"] == "the secret prompt"
    assert plain != tagged


def test_the_store_is_never_changed(sink: FolderSink, out: Path) -> None:
    artefact = picture_file(sink)
    path = sink.path_of(artefact)
    path.chmod(0o400)
    before = path.read_bytes()
    published(sink, out, (artefact,), ("a.png",))

    assert path.read_bytes() == before
    assert not (out / "a.png").samefile(path)
    (out / "a.png").write_bytes(b"a user may change it")


def test_a_file_that_was_there_is_replaced_and_who_reads_it_reads_on(
    sink: FolderSink, out: Path
) -> None:
    out.mkdir()
    (out / "a.png").write_bytes(b"before")
    with (out / "a.png").open("rb") as reader:
        published(sink, out, (picture_file(sink),), ("a.png",))

        assert reader.read() == b"before"
    assert probe(out / "a.png", "image").width == 40


def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(
    sink: FolderSink, out: Path, tmp_path: Path
) -> None:
    out.mkdir()
    elsewhere = tmp_path / "elsewhere.png"
    elsewhere.write_bytes(b"not ours")
    (out / "a.png").symlink_to(elsewhere)
    published(sink, out, (picture_file(sink),), ("a.png",))

    assert elsewhere.read_bytes() == b"not ours"
    assert not (out / "a.png").is_symlink()


def test_what_can_not_be_converted_is_told_and_what_was_there_stays(
    sink: FolderSink, out: Path
) -> None:
    out.mkdir()
    (out / "b.mp4").write_bytes(b"before")
    first, second = picture_file(sink), picture_file(sink, "jpg")
    ended = published(sink, out, (first, second, first), ("a.png", "b.mp4", "c.png"))

    assert ended.ticket == 3
    assert [each.path for each in ended.outputs] == ["a.png"]
    assert ended.problem == Problem(
        code="media.cannot_convert",
        message="a file of format 'jpg' can't be written as 'mp4'",
        hint="end the name of the output file in '.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif'",
    )
    assert files_in(out) == ["a.png", "b.mp4"]
    assert (out / "b.mp4").read_bytes() == b"before"


def test_a_folder_in_the_way_is_told_by_its_name(sink: FolderSink, out: Path) -> None:
    (out / "a.png").mkdir(parents=True)
    ended = published(sink, out, (picture_file(sink),), ("a.png",))

    assert ended.problem == Problem(
        code="output_not_written", message=f"can't write '{out / 'a.png'}': Is a directory"
    )
    assert files_in(out) == []


def test_a_file_where_a_folder_should_be_is_told(sink: FolderSink, out: Path) -> None:
    out.mkdir()
    (out / "a").write_bytes(b"")
    ended = published(sink, out, (picture_file(sink),), ("a/b.png",))

    assert ended.problem
    assert ended.problem.code == "output_not_written"
    assert str(out / "a" / "b.png") in ended.problem.message


@pytest.mark.parametrize(
    ("names", "expected"),
    [(("a.png",), False), (("A.PNG",), False), (("a.jpg",), True), (("png",), True)],
)
def test_only_another_format_means_encoding(
    sink: FolderSink,
    names: tuple[str, ...],
    expected: bool,  # noqa: FBT001 - a case
) -> None:
    assert is_conversion(Publish(1, call(), (picture_file(sink),), names)) is expected


def test_what_killed_runs_left_half_written_is_swept_and_a_living_runs_is_not(
    tmp_path: Path,
) -> None:
    names = (".aipipe-dead-0a.part.png", ".aipipe-live-0b.part.png", "whole.png")
    for name in names:
        (tmp_path / name).write_bytes(b"some")

    sweep(tmp_path, lambda run: run == "live")

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_a_folder_that_is_abandoned_keeps_no_half_file(tmp_path: Path) -> None:
    folder = Folder(path=tmp_path, tags=False, source_of=lambda _artefact: tmp_path)
    part, whole = tmp_path / ".0.part.png", tmp_path / "whole.png"
    part.write_bytes(b"half")
    whole.write_bytes(b"whole")
    folder.unfinished.add(part)

    folder.abandon()

    assert list(tmp_path.iterdir()) == [whole]


@pytest.mark.parametrize("tags", [True, False])
@pytest.mark.parametrize("extension", ["png", "wav", "mp4"])
def test_writing_into_an_output_in_place_leaves_the_store_as_it_was(
    sink: FolderSink, out: Path, extension: str, *, tags: bool
) -> None:
    artefact = made(sink, extension)
    published(sink, out, (artefact,), (f"a.{extension}",), tags=tags)
    with (out / f"a.{extension}").open("r+b") as output:
        output.write(b"an editor was here")

    kept = sink.path_of(artefact).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == artefact.sha256
    assert not (out / f"a.{extension}").is_symlink()

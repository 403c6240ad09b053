"""Files as texts, and files that are none."""

import os
import sys
from pathlib import Path

import pytest
from support.reading import refused

from aipipe.errors import UsageError
from aipipe.language.loading import LARGEST, checked, decoded, load


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(path: str) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(UsageError) as raised:
        load(path)
    return raised.value.message, raised.value.hints


def test_a_file_is_its_text_under_the_name_it_was_given(folder: Path) -> None:
    (folder / "a.yaml").write_bytes("prompt: brume é 霧\r\n".encode())
    source = load("./a.yaml")

    assert (source.name, source.text) == ("./a.yaml", "prompt: brume é 霧\r\n")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decoded("a.yaml", b"\xef\xbb\xbfname: fog").text == "name: fog"


def test_a_missing_file_is_told() -> None:
    assert refusal("a.yaml") == ("there is no file 'a.yaml'", ())


def test_a_missing_file_brings_the_name_that_is_like_it(folder: Path) -> None:
    (folder / "pipelines").mkdir()
    (folder / "pipelines" / "voices.yaml").touch()
    meant = Path("pipelines/voices.yaml")

    assert refusal("pipelines/voice.yml") == (
        "there is no file 'pipelines/voice.yml'",
        (f"did you mean '{meant}'?",),
    )


def test_a_missing_folder_is_told_as_a_missing_file() -> None:
    assert refusal("nowhere/a.yaml") == ("there is no file 'nowhere/a.yaml'", ())


def test_a_folder_is_no_file(folder: Path) -> None:
    (folder / "empty").mkdir()

    assert refusal("empty") == ("'empty' is a folder, not a pipeline file", ())


def test_a_folder_brings_the_first_three_pipelines_in_it(folder: Path) -> None:
    (folder / "some").mkdir()
    for name in ("d.yaml", "b.yml", "a.yaml", "c.yaml", "e.txt"):
        (folder / "some" / name).touch()
    names = ", ".join(str(Path("some", name)) for name in ("a.yaml", "b.yml", "c.yaml"))

    assert refusal("some") == (
        "'some' is a folder, not a pipeline file",
        (f"pipelines in it: {names}",),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() == 0, reason="the superuser may read everything"
)
def test_a_file_that_may_not_be_read_is_told(folder: Path) -> None:
    (folder / "a.yaml").touch(mode=0o000)

    assert refusal("a.yaml") == ("'a.yaml' can't be read: permission denied", ())


def test_a_file_is_no_folder(folder: Path) -> None:
    (folder / "a.yaml").touch()
    message, hints = refusal("a.yaml/b.yaml")

    assert message in {
        "'a.yaml/b.yaml' can't be read: not a directory",
        "there is no file 'a.yaml/b.yaml'",
    }
    assert hints == ()


def test_a_name_that_can_not_be_one_is_told() -> None:
    assert refusal("a\0b") == (r"'a\x00b' is no file name", ())


@pytest.mark.parametrize("size", [LARGEST + 1, 50_000_000])
def test_a_file_that_is_too_large_is_told_without_reading_it_all(folder: Path, size: int) -> None:
    with (folder / "a.yaml").open("wb") as file:
        file.truncate(size)

    assert refusal("a.yaml") == (
        "'a.yaml' is larger than 10 MB, too large for a pipeline",
        ("put long lists into a .csv or .jsonl file and name it under 'inputs'",),
    )


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_recognised_in_either_order(mark: bytes) -> None:
    (fault,) = refused(lambda: decoded("a.yaml", mark + b"n\0"))

    assert fault.message == "the file is UTF-16, not UTF-8"


def test_the_place_of_a_byte_that_is_not_utf_8_is_told_on_its_own_line() -> None:
    content = b"\xef\xbb\xbfname: fog\nprompt: caf\xe9 au lait\nsteps: []\n"
    (fault,) = refused(lambda: decoded("a.yaml", content))

    assert (fault.message, fault.line, fault.column, fault.source) == (
        "the file is not UTF-8: byte 24 is 0xE9",
        2,
        12,
        "prompt: café au lait",
    )


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x9f", "\ufeff", "\ufffe", "\udc80"])
def test_an_unprintable_character_is_told(character: str) -> None:
    (fault,) = refused(lambda: checked("a.yaml", f"name: fog\nprompt: a{character}b\n"))

    assert (fault.code, fault.message, fault.line, fault.column) == (
        "unprintable",
        f"an unprintable character (U+{ord(character):04X}) stands here",
        2,
        10,
    )


def test_all_that_yaml_prints_is_let_through() -> None:
    text = "\t\r\n ~\x85\xa0é\u2028\ud7ff\ue000\ufefe\uff00\ufffd\U00010000\U0010ffff"

    assert checked("a.yaml", text).text == text

"""A clone holds what its source holds, and neither notices what becomes of the other."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipipe.backends.cloning import clone

ELSEWHERE = Path("/dev") / "shm"
"""Another file system than the one of temporary folders, on most Linux machines."""


@settings(max_examples=30)
@given(content=st.binary(max_size=100_000))
def test_a_clone_holds_what_its_source_holds(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "source").write_bytes(content)
    clone(folder / "source", folder / "clone")

    assert (folder / "clone").read_bytes() == content


def test_a_longer_file_in_the_way_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"short")
    (tmp_path / "clone").write_bytes(b"something much longer")
    clone(tmp_path / "source", tmp_path / "clone")

    assert (tmp_path / "clone").read_bytes() == b"short"


def test_writing_into_a_clone_in_place_leaves_its_source_as_it_was(tmp_path: Path) -> None:
    source, made = tmp_path / "source", tmp_path / "clone"
    source.write_bytes(b"as it was")
    clone(source, made)
    with made.open("r+b") as file:
        file.write(b"!!")

    assert (source.read_bytes(), made.read_bytes()) == (b"as it was", b"!! it was")
    assert made.stat().st_ino != source.stat().st_ino


@pytest.mark.skipif(not ELSEWHERE.is_dir(), reason="there is one file system here")
def test_a_clone_on_another_file_system_is_a_copy(tmp_path: Path) -> None:
    (tmp_path / "clone").write_bytes(b"before")
    elsewhere = ELSEWHERE / f"aipipe-{tmp_path.name}"
    elsewhere.write_bytes(b"from elsewhere")
    try:
        clone(elsewhere, tmp_path / "clone")
    finally:
        elsewhere.unlink()

    assert (tmp_path / "clone").read_bytes() == b"from elsewhere"


def test_a_source_that_is_not_there_leaves_no_clone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        clone(tmp_path / "source", tmp_path / "clone")

    assert not (tmp_path / "clone").exists()

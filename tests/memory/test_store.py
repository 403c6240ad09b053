"""The store keeps one whole, read-only file per content, and cleans up after itself."""

import hashlib
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipipe.contracts.artefact import INLINE_TEXT_LIMIT, ArtefactRef
from aipipe.errors import StepError
from aipipe.memory.store import Session, Store


@dataclass(frozen=True)
class Seen:
    extension: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


def peek(path: Path, medium: str) -> Seen:
    """A probe that knows one signature per medium and takes texts as they are named."""
    if medium == "text":
        return Seen(path.suffix[1:])
    if medium == "image" and path.read_bytes().startswith(b"PICTURE"):
        return Seen("png", width=4, height=3)
    raise StepError("store.undecodable", f"this is no {medium}")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(root=tmp_path / "store", probe=peek)


def files_below(root: Path) -> list[str]:
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_store_that_was_only_made_and_asked_leaves_nothing_on_disk(store: Store) -> None:
    with store.session():
        store.sweep()

    assert not store.root.exists()


def test_a_text_comes_back_from_its_reference_and_from_the_file(store: Store) -> None:
    with store.session() as session:
        text = session.adopt_text("grüß\r\ngott\n", extension="md", label="greeting")

    content = "grüß\r\ngott\n".encode()
    assert text == ArtefactRef(
        sha256=hashlib.sha256(content).hexdigest(),
        medium="text",
        extension="md",
        bytes=len(content),
        text="grüß\r\ngott\n",
        label="greeting",
    )
    assert store.path_of(text).read_bytes() == content


@settings(max_examples=30)
@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\ufeff")))
def test_every_text_comes_back_as_it_was(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store(root=tmp_path_factory.getbasetemp() / "texts", probe=peek)
    with store.session() as session:
        kept = session.adopt_text(text)

    assert store.text_of(kept) == text


@pytest.mark.parametrize(
    ("characters", "inline"), [(INLINE_TEXT_LIMIT, True), (INLINE_TEXT_LIMIT + 1, False)]
)
def test_only_short_texts_travel_inside_their_reference(
    store: Store,
    characters: int,
    inline: bool,  # noqa: FBT001
) -> None:
    with store.session() as session:
        kept = session.adopt_text("ß" * characters)

    assert (kept.text is not None) is inline
    assert store.text_of(kept) == "ß" * characters


def test_the_same_content_twice_is_one_file(store: Store) -> None:
    with store.session() as session:
        first, second = session.adopt_text("twice"), session.adopt_text("twice")

    assert first == second
    assert len(files_below(store.root)) == 1


def test_the_probe_and_not_the_name_decides_the_extension(store: Store) -> None:
    with store.session() as session:
        path = session.scratch("jpg")
        path.write_bytes(b"PICTURE")
        picture = session.adopt(path, "image")

    assert (picture.extension, picture.width, picture.height) == ("png", 4, 3)
    assert store.path_of(picture).suffix == ".png"


def test_content_that_is_not_its_medium_is_refused_and_leaves_nothing(store: Store) -> None:
    with store.session() as session:
        path = session.scratch("png")
        path.write_text("<html>502 Bad Gateway</html>")
        with pytest.raises(StepError) as caught:
            session.adopt(path, "image")

    assert caught.value.code == "store.undecodable"
    assert files_below(store.root) == []


def test_a_scratch_file_that_was_never_written_is_refused(store: Store) -> None:
    with store.session() as session, pytest.raises(StepError) as caught:
        session.adopt(session.scratch("png"), "image")

    assert caught.value.code == "store.undecodable"


def test_only_scratch_files_of_the_session_are_taken_in(store: Store, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("do not move me")

    with store.session() as session, pytest.raises(ValueError, match="not a scratch file"):
        session.adopt(mine, "text")
    assert mine.read_text() == "do not move me"


def test_files_are_read_only_and_folders_are_private(store: Store) -> None:
    with store.session() as session:
        path = store.path_of(session.adopt_text("secret"))
        scratch = session.scratch("txt").parent

        assert (mode_of(path), mode_of(path.parent), mode_of(store.root)) == (0o400, 0o700, 0o700)
        assert (mode_of(scratch), mode_of(scratch.parent)) == (0o700, 0o700)


def test_scratch_files_go_with_the_session_however_it_ends(store: Store) -> None:
    def die(session: Session) -> None:
        session.scratch("wav").write_bytes(b"half")
        raise KeyError

    with pytest.raises(KeyError), store.session() as session:
        die(session)

    assert files_below(store.root) == []
    assert list((store.root / "scratch").iterdir()) == []


def test_scratch_paths_are_never_given_twice(store: Store) -> None:
    with store.session() as one, store.session() as other:
        paths = {session.scratch("wav") for session in (one, other) for _ in range(3)}

    assert len(paths) == 6


def test_an_input_is_copied_so_later_changes_do_not_reach_the_store(
    store: Store, tmp_path: Path
) -> None:
    mine = tmp_path / "poem.md"
    mine.write_text("before")
    kept = store.ingest(mine, "text")
    mine.write_text("after!")

    assert (kept.label, kept.extension) == ("poem", "md")
    assert store.path_of(kept).read_text() == "before"


def test_a_byte_order_mark_is_no_part_of_a_text(store: Store, tmp_path: Path) -> None:
    mine = tmp_path / "windows.txt"
    mine.write_bytes(b"\xef\xbb\xbfhello")

    assert store.ingest(mine, "text").text == "hello"


def test_a_text_that_is_not_utf8_is_refused(store: Store, tmp_path: Path) -> None:
    mine = tmp_path / "latin.txt"
    mine.write_bytes(b"gr\xfc\xdfe")

    with pytest.raises(StepError, match="not UTF-8: the byte at 2"):
        store.ingest(mine, "text")
    assert files_below(store.root) == []


def test_an_input_must_be_a_file_that_can_be_read(store: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    for name in ("pipe.txt", ".", "missing.txt"):
        with pytest.raises(StepError) as caught:
            store.ingest(tmp_path / name, "text")
        assert caught.value.code == "input.unreadable"


def test_a_file_that_is_gone_is_named(store: Store) -> None:
    with store.session() as session:
        kept = session.adopt_text("x" * 20_000, label="essay")
    store.path_of(kept).unlink()

    with pytest.raises(StepError, match="'essay' is no longer in the store"):
        store.text_of(kept)


def test_a_cut_off_file_is_made_whole_when_its_content_comes_again(store: Store) -> None:
    with store.session() as session:
        path = store.path_of(session.adopt_text("whole"))
        path.chmod(0o600)
        path.write_text("who")
        session.adopt_text("whole")

    assert path.read_text() == "whole"


def test_a_sweep_takes_what_killed_processes_left_and_spares_what_is_in_use(store: Store) -> None:
    leave = (
        "import os, sys; from pathlib import Path; from aipipe.memory.store import Store\n"
        "with Store(root=Path(sys.argv[1]), probe=None).session() as session:\n"
        "    session.scratch('wav').write_bytes(b'half'); os._exit(9)"
    )
    root = str(store.root)
    subprocess.run([sys.executable, "-c", leave, root], check=False)

    with store.session() as session:
        mine = session.scratch("wav")
        mine.write_bytes(b"in use")
        assert store.sweep() == 1
        assert files_below(store.root) == [mine.relative_to(store.root).as_posix()]

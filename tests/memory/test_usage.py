"""A file of the store that is in use can't be removed, and one that is removed can't be used."""

import os
import threading
from pathlib import Path

import pytest

from aipipe.contracts.artefact import ArtefactRef
from aipipe.errors import StepError
from aipipe.memory import usage
from aipipe.memory.inventory import Stored, raw_answers, stored_files
from aipipe.memory.store import Store

LONG_AGO = 1_000_000_000


class Seen:
    extension = "txt"
    width = height = seconds = None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(root=tmp_path / "store", probe=lambda _path, _medium: Seen())


def kept(store: Store, text: str = "a fox") -> ArtefactRef:
    with store.session() as session:
        return session.adopt_text(text)


def aged(store: Store) -> Stored:
    """The only file of the store, which nobody has used for long."""
    (found,) = stored_files(store.root)
    os.utime(found.path, ns=(LONG_AGO, LONG_AGO))
    return Stored(path=found.path, bytes=found.bytes, used=LONG_AGO)


def last_use(store: Store) -> int:
    (found,) = stored_files(store.root)
    return found.used


def test_using_a_file_adopting_it_again_and_taking_it_in_again_count_as_use(
    store: Store, tmp_path: Path
) -> None:
    artefact = kept(store)
    (tmp_path / "given.txt").write_text("a fox")
    for use in (
        lambda: store.use(artefact),
        lambda: kept(store),
        lambda: store.ingest(tmp_path / "given.txt", "text"),
    ):
        aged(store)
        use()

        assert last_use(store) > LONG_AGO


def test_reading_a_path_alone_does_not(store: Store) -> None:
    artefact = kept(store)
    aged(store)
    store.path_of(artefact)

    assert last_use(store) == LONG_AGO


def test_a_file_that_was_used_since_is_not_removed(store: Store) -> None:
    artefact, found = kept(store), aged(store)
    store.use(artefact)

    assert not usage.remove(store.root, found.path, found.used)
    assert store.path_of(artefact).read_bytes() == b"a fox"


def test_a_file_that_was_removed_is_seen_to_be_gone(store: Store) -> None:
    artefact, found = kept(store), aged(store)

    assert usage.remove(store.root, found.path, found.used)
    assert not usage.remove(store.root, found.path, found.used)
    with pytest.raises(StepError, match="no longer in the store"):
        store.use(artefact)


def test_nothing_is_removed_while_somebody_looks(store: Store) -> None:
    artefact, found = kept(store), aged(store)
    removed: list[bool] = []
    remover = threading.Thread(
        target=lambda: removed.append(usage.remove(store.root, found.path, found.used))
    )
    with usage.using(store.root):
        remover.start()
        assert store.path_of(artefact).is_file()
        assert usage.touch(found.path)
    remover.join()

    assert removed == [False]


def test_whatever_is_taken_in_while_all_is_removed_is_there_afterwards(store: Store) -> None:
    kept(store)
    stop = threading.Event()

    def remove_all() -> None:
        while not stop.is_set():
            for found in stored_files(store.root):
                if found.used < LONG_AGO * 2:
                    usage.remove(store.root, found.path, found.used)

    remover = threading.Thread(target=remove_all)
    remover.start()
    try:
        for _ in range(100):
            if list(stored_files(store.root)):
                with usage.using(store.root):
                    for found in stored_files(store.root):
                        os.utime(found.path, ns=(LONG_AGO, LONG_AGO))
            artefact = kept(store)
            assert store.path_of(artefact).read_bytes() == b"a fox"
    finally:
        stop.set()
        remover.join()


def test_the_inventory_holds_whole_files_alone(store: Store, tmp_path: Path) -> None:
    artefact = kept(store)
    (store.root / "scratch" / "0123456789abcdef").mkdir(parents=True, exist_ok=True)
    (store.root / "scratch" / "0123456789abcdef" / "1.txt").write_text("half")
    (store.root / "ab").mkdir(exist_ok=True)
    (store.root / "ab" / "notes.txt").write_text("somebody else's")
    (store.root / "ab" / f"{'0' * 64}.png").symlink_to(tmp_path / "elsewhere")

    assert [each.name for each in stored_files(store.root)] == [f"{artefact.sha256}.txt"]


def test_raw_answers_are_found_in_folders_too(tmp_path: Path) -> None:
    (tmp_path / "answers" / "run").mkdir(parents=True)
    (tmp_path / "answers" / "run" / "7").write_bytes(b"answer")

    assert [(each.name, each.bytes) for each in raw_answers(tmp_path / "answers")] == [("7", 6)]
    assert list(raw_answers(tmp_path / "nowhere")) == []

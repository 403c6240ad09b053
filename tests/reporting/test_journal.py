"""The journal: what a killed run had published is known all the same."""

from pathlib import Path

from aipipe.reporting.journal import NAME, Journal, noted
from aipipe.reporting.run_json import published_files


def test_what_was_noted_is_known_though_nobody_closed_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.note("one.txt", "aa")
    journal.note("two/ü.txt", "bb")

    assert published_files(tmp_path) == (("one.txt", "aa"), ("two/ü.txt", "bb"))


def test_a_closed_journal_is_gone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.note("one.txt", "aa")
    journal.close()

    assert list(tmp_path.iterdir()) == []


def test_a_run_that_published_nothing_leaves_none(tmp_path: Path) -> None:
    Journal(tmp_path).close()

    assert list(tmp_path.iterdir()) == []


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b'{"path": "one.txt", "sha256": "aa"}\n[]\n{"path": "tw')

    assert list(noted(tmp_path)) == [("one.txt", "aa")]

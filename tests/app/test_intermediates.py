"""`save_intermediates: false`: what is put into the output folder."""

import json
from pathlib import Path

import pytest
from support.world import Actors, ran

from aipipe.errors import PipelineFaultsError

CHAIN = """\
save_intermediates: false
steps:
  - {id: first, type: say, model: local, params: {text: first, output_file: a.txt}}
  - id: both
    type: parallel_group
    parallel_steps:
      - {id: one, type: say, model: local, params: {text: one}}
      - {id: two, type: say, model: local, params: {text: two}}
  - {id: last, type: say, model: local, params: {text: last}}
"""
FIRST, REST = CHAIN.split("  - id: both")


def made(folder: Path) -> set[str]:
    return {path.name for path in (folder / "out").glob("*.txt")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHAIN, {"last.txt"}),
        (CHAIN.replace("false", "true"), {"a.txt", "both-one.txt", "both-two.txt", "last.txt"}),
        (CHAIN.partition("  - {id: last")[0], {"both-one.txt", "both-two.txt"}),
        (f"{FIRST}  - {{type: merge_outputs, merge_strategy: collect}}\n", {"a.txt"}),
    ],
)
def test_only_the_last_step_that_makes_files_is_published(
    tmp_path: Path, text: str, expected: set[str]
) -> None:
    ran(text, tmp_path, Actors())

    assert made(tmp_path) == expected


def test_the_steps_before_are_told_all_the_same(tmp_path: Path) -> None:
    ran(CHAIN, tmp_path, Actors())
    written = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))

    assert [(step["id"], step["status"]) for step in written["steps"]] == [
        ("first", "done"),
        ("both.one", "done"),
        ("both.two", "done"),
        ("last", "done"),
    ]


def test_a_name_that_is_not_written_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("mine")
    ran(CHAIN, tmp_path, Actors())

    assert (tmp_path / "out" / "a.txt").read_text() == "mine"


def test_a_path_that_there_will_not_be_is_a_fault(tmp_path: Path) -> None:
    text = CHAIN.replace("text: last", 'text: "${{ steps.first.path }}"')

    with pytest.raises(PipelineFaultsError) as raised:
        ran(text, tmp_path, Actors())
    assert [fault.message for fault in raised.value.faults] == [  # type: ignore[attr-defined]
        "'first' has no path: only the last step's outputs are files"
    ]

"""Whole runs on real threads: what is made, in which order, and what a failure leaves."""

import json
from pathlib import Path

import pytest
from support.world import Actors, ran

from aipipe.contracts.event import RunStatus


def joined(folder: Path) -> str:
    return (folder / "out" / "all.txt").read_text(encoding="utf-8")


def statuses(folder: Path) -> dict[str, str]:
    found = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    return {step["id"]: step["status"] for step in found["steps"]}


def branches(**of_group: object) -> str:
    """Three branches, the second of which fails, and a merge of their texts."""
    keys = "".join(f"    {key}: {value}\n" for key, value in of_group.items())
    return f"""\
name: three
steps:
  - id: three
    type: parallel_group
{keys}    parallel_steps:
      - {{type: say, model: local, params: {{text: one}}}}
      - {{type: say, model: local, params: {{text: two, fail: true}}}}
      - {{type: say, model: local, params: {{text: three}}}}
  - id: all
    type: merge_outputs
    merge_strategy: concat_text
    params: {{output_file: all.txt}}
"""


def test_a_merge_takes_its_parts_in_the_order_written_whatever_finishes_first(
    tmp_path: Path,
) -> None:
    actors = Actors()
    summary = ran(
        """\
steps:
  - type: parallel_group
    parallel_steps:
      - {type: say, model: local, params: {text: one, after: three}}
      - {type: say, model: local, params: {text: two}}
      - {type: say, model: local, params: {text: three}}
  - {type: merge_outputs, merge_strategy: concat_text, params: {output_file: all.txt}}
""",
        tmp_path,
        actors,
    )

    assert actors.said[-1] == "one"
    assert joined(tmp_path) == "one\ntwo\nthree"
    assert summary.exit_code == 0


def test_a_group_in_a_batch_in_a_group_keeps_the_order_written(tmp_path: Path) -> None:
    summary = ran(
        """\
steps:
  - type: parallel_group
    parallel_steps:
      - type: batch_parallel
        id: words
        inputs: [sun, moon]
        steps:
          - type: parallel_group
            parallel_steps:
              - {type: say, model: local, params: {text: "${{ item.value }} rises"}}
              - id: slow
                steps:
                  - {type: say, model: local, params: {text: "${{ item.value }} shines"}}
                  - {type: say, model: local, params: {text: "${{ item.value }} sets"}}
      - {type: say, model: local, params: {text: good night}}
  - {type: merge_outputs, merge_strategy: concat_text, params: {output_file: all.txt}}
""",
        tmp_path,
        Actors(),
    )

    assert joined(tmp_path).split("\n") == [
        "sun rises",
        "sun sets",
        "moon rises",
        "moon sets",
        "good night",
    ]
    assert summary.status is RunStatus.DONE


def test_a_thousand_items_over_three_branches_come_out_in_order(tmp_path: Path) -> None:
    count = 1000
    summary = ran(
        f"""\
steps:
  - type: batch_parallel
    inputs: [{", ".join(f'"n{n}"' for n in range(count))}]
    batch_size: 16
    steps:
      - type: parallel_group
        parallel_steps:
          - {{type: say, model: local, params: {{text: "${{{{ item.value }}}} a"}}}}
          - {{type: say, model: local, params: {{text: "${{{{ item.value }}}} b"}}}}
          - {{type: say, model: local, params: {{text: "${{{{ item.value }}}} c"}}}}
  - {{type: merge_outputs, merge_strategy: concat_text, params: {{output_file: all.txt}}}}
""",
        tmp_path,
        Actors(),
    )

    assert joined(tmp_path).split("\n") == [f"n{n} {x}" for n in range(count) for x in "abc"]
    assert summary.ended == 3 * count + 1


def test_one_branch_failing_leaves_the_others_and_stops_what_needs_the_group(
    tmp_path: Path,
) -> None:
    summary = ran(branches(), tmp_path, Actors())

    assert statuses(tmp_path) == {
        "three.1": "done",
        "three.2": "failed",
        "three.3": "done",
        "all": "skipped",
    }
    assert (summary.status, summary.exit_code) == (RunStatus.FAILED, 1)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "run.json",
        "three-1.txt",
        "three-3.txt",
    ]


def test_a_failure_stands_in_run_json_with_what_to_do(tmp_path: Path) -> None:
    ran(branches(), tmp_path, Actors())

    found = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert found["steps"][1]["error"] == {
        "code": "say.hoarse",
        "message": "can't say 'two'",
        "hint": "have some tea",
    }
    assert (found["status"], found["exit_code"]) == ("failed", 1)


@pytest.mark.parametrize(
    ("of_group", "status", "code"),
    [
        ({"on_error": "continue"}, RunStatus.FAILED, 1),
        ({"on_error": "ignore"}, RunStatus.DONE_WITH_FAILURES, 0),
        ({"min_success": 2}, RunStatus.FAILED, 1),
        ({"min_success": 2, "on_error": "ignore"}, RunStatus.DONE_WITH_FAILURES, 0),
        ({"max_failures": 1}, RunStatus.FAILED, 1),
        ({"max_failures": "34%"}, RunStatus.FAILED, 1),
    ],
)
def test_a_group_that_may_go_on_merges_what_there_is(
    tmp_path: Path, of_group: dict[str, object], status: RunStatus, code: int
) -> None:
    summary = ran(branches(**of_group), tmp_path, Actors())

    assert joined(tmp_path) == "one\nthree"
    assert (summary.status, summary.exit_code) == (status, code)


@pytest.mark.parametrize("of_group", [{"min_success": 3}, {"max_failures": 0}])
def test_a_group_that_misses_its_number_fails(tmp_path: Path, of_group: dict[str, object]) -> None:
    summary = ran(branches(**of_group), tmp_path, Actors())

    assert statuses(tmp_path)["all"] == "skipped"
    assert summary.exit_code == 1

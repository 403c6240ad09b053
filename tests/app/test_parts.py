"""Pipelines that are steps of others, run against a shop that takes money."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought, states
from support.paid import Shop

from aipipe.app.check import Checked, check
from aipipe.app.options import Options
from aipipe.cli.tables_formats import as_paths
from aipipe.contracts.status import Status
from aipipe.errors import PipelineFaultsError
from aipipe.memory.ledger.states import Money, Work

EXAMPLES = sorted((Path(__file__).parents[2] / "pipelines").glob("*.yaml"))
PART = """\
outputs: {poem: "${{ steps.poem }}", title: "${{ steps.title }}"}
vars: {about: {type: string}}
steps:
  - {id: poem, type: text_to_text, model: "shop:text", price: 1,
     params: {prompt: "${{ vars.about }}"}}
  - {id: title, type: text_to_text, model: "shop:text", price: 1}
"""
ALONE = """\
steps:
  - {id: mine, type: text_to_text, model: "shop:text", price: 1, params: {prompt: a fox}}
"""


def with_part(steps: str, folder: Path, part: str = PART) -> str:
    """A pipeline of these steps, with the part beside it."""
    (folder / "part.yaml").write_text(part, encoding="utf-8")
    return f"steps:\n{steps}"


def test_its_calls_have_paths_below_the_step(tmp_path: Path) -> None:
    text = with_part("  - {id: p, type: pipeline, uses: part.yaml, with: {about: x}}", tmp_path)

    bought(text, tmp_path, Shop())

    done = (Work.DONE, Money.BILLED)
    assert states(tmp_path) == [("p.poem", *done), ("p.title", *done)]


def test_a_call_is_the_same_inside_and_outside(tmp_path: Path) -> None:
    shop = Shop()
    bought(ALONE, tmp_path, shop)
    text = with_part("  - {id: p, type: pipeline, uses: part.yaml, with: {about: a fox}}", tmp_path)

    again = bought(text, tmp_path, shop)

    assert shop.calls == ["mine", "p.title"]
    assert again.counts == {Status.REUSED: 1, Status.DONE: 1}


def test_its_first_output_goes_to_what_follows_and_others_by_name(tmp_path: Path) -> None:
    text = with_part(
        """\
  - {id: p, type: pipeline, uses: part.yaml, with: {about: x}}
  - {id: both, type: merge_outputs, merge_strategy: concat_text,
     input: ["${{ steps.p }}", "${{ steps.p.outputs.title }}"], params: {output_file: both.txt}}
""",
        tmp_path,
    )

    bought(text, tmp_path, Shop())

    folder = tmp_path / "out"
    poem, title = ((folder / f"p-{each}.txt").read_text() for each in ("poem", "title"))
    assert poem != title
    assert (folder / "both.txt").read_text() == f"{poem.strip()}\n{title.strip()}"


def test_its_path_is_that_of_its_value(tmp_path: Path) -> None:
    text = with_part(
        """\
  - {id: p, type: pipeline, uses: part.yaml, with: {about: x}}
  - {id: where, type: text_to_text, model: "shop:text", price: 1,
     params: {prompt: "see ${{ steps.p.path }}"}}
""",
        tmp_path,
    )

    bought(text, tmp_path, Shop())

    assert "see p-poem.txt" in (tmp_path / "out" / "where.txt").read_text()


def test_the_named_outputs_of_a_run_are_told(tmp_path: Path) -> None:
    text = with_part("  - {id: p, type: pipeline, uses: part.yaml, with: {about: x}}", tmp_path)
    named = f'outputs: {{best: "${{{{ steps.p.outputs.poem }}}}"}}\n{text}'

    summary = bought(named, tmp_path, Shop())

    told = json.loads((tmp_path / "out" / "run.json").read_text())
    assert told["named_outputs"] == {"best": ["p-poem.txt"]}
    assert [each["path"] for each in told["outputs"]] == ["p-poem.txt"]
    assert [*as_paths(summary, "out/")] == ["out/p-poem.txt\n"]


def test_without_named_outputs_the_last_step_is_told(tmp_path: Path) -> None:
    text = with_part("  - {id: p, type: pipeline, uses: part.yaml, with: {about: x}}", tmp_path)

    summary = bought(text, tmp_path, Shop())

    told = json.loads((tmp_path / "out" / "run.json").read_text())
    assert "named_outputs" not in told
    assert [each["path"] for each in told["outputs"]] == ["p-poem.txt"]
    assert [*as_paths(summary, "out/")] == ["out/p-poem.txt\n", "out/p-title.txt\n"]


def test_its_budget_is_never_passed_and_the_rest_goes_on(tmp_path: Path) -> None:
    text = with_part(
        """\
  - type: parallel_group
    on_error: continue
    parallel_steps:
      - {id: p, type: pipeline, uses: part.yaml, with: {about: x}}
      - {id: rest, type: text_to_text, model: "shop:text", price: 1, params: {prompt: other}}
""",
        tmp_path,
        f"budget: 1\n{PART}",
    )
    shop = Shop()

    summary = bought(text, tmp_path, shop)

    assert sorted(shop.calls) == ["parallel_group_1.p.poem", "parallel_group_1.rest"]
    assert summary.billed == Decimal(2)
    assert summary.counts == {Status.DONE: 2, Status.REFUSED: 1}


def test_in_a_batch_each_item_gives_its_own_value(tmp_path: Path) -> None:
    text = with_part(
        """\
  - id: all
    type: batch_parallel
    inputs: [one, two]
    step_template: {type: pipeline, uses: part.yaml, with: {about: "${{ item.value }}"}}
  - {id: one, type: merge_outputs, merge_strategy: concat_text, params: {output_file: all.txt}}
""",
        tmp_path,
    )

    bought(text, tmp_path, Shop())

    folder = tmp_path / "out"
    poems = [(folder / f"all-poem-{n}.txt").read_text().strip() for n in (1, 2)]
    assert (folder / "all.txt").read_text() == "\n".join(poems)


def test_a_value_that_comes_by_a_variable_is_held_against_the_model_in_its_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "part.yaml").write_text(
        """\
vars: {seconds: {type: integer}}
steps:
  - {type: image_to_video, model: hailuo, params: {duration: "${{ vars.seconds }}"}}
""",
        encoding="utf-8",
    )
    file = tmp_path / "film.yaml"
    file.write_text(
        """\
prompt: a fox
steps:
  - {type: text_to_image, model: flux}
  - {type: pipeline, uses: part.yaml, with: {seconds: 7}}
""",
        encoding="utf-8",
    )

    found = check(Options(file=str(file))).diagnostics

    assert [(each.message, Path(each.file).name, each.line) for each in found] == [
        ("'duration' of hailuo_02 can't be 7", "part.yaml", 3)
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_makes_the_same_calls_as_a_step_as_by_itself(
    example: Path, tmp_path: Path
) -> None:
    alone = check(Options(file=str(example), prompt="a fox"))
    around = tmp_path / "around.yaml"
    around.write_text(
        f'steps: [{{id: p, type: pipeline, uses: "{example}", with: {{prompt: a fox}}}}]',
        encoding="utf-8",
    )

    used = check(Options(file=str(around)))

    assert facts(used) == {f"p.{path}": told for path, told in facts(alone).items()}


def facts(checked: Checked) -> dict[str, tuple[object, ...]]:
    """What each call of a plan is, by its path."""
    assert checked.plan is not None
    return {
        task.path: (task.type, task.model, task.params, task.estimate, task.times, [*task.inputs])
        for task in checked.plan.tasks
    }


def test_a_fault_in_a_part_stops_the_run_before_it_spends(tmp_path: Path) -> None:
    text = with_part(
        "  - {id: p, type: pipeline, uses: part.yaml}", tmp_path, "steps: [{type: nothing}]"
    )
    shop = Shop()

    with pytest.raises(PipelineFaultsError):
        bought(text, tmp_path, shop)

    assert shop.calls == []

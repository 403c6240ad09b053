"""A matrix from the file to the results: models held against the catalogue, each cell paid once."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought
from support.paid import Shop

from aipipe.app.check import check
from aipipe.app.options import Options
from aipipe.contracts.outcome import Problem, Rejected
from aipipe.contracts.status import Status

MODELS = """\
prompt: a fox
vars: {more: [flux, nothing]}
steps:
  - id: pictures
    type: text_to_image
    matrix:
      model: [flux_dev, fluxx, seedream_4_5]
      seed: [1, -7]
    model: ${{ matrix.model }}
    params: {seed: "${{ matrix.seed }}", guidance_scale: 3}
  - id: more
    type: text_to_image
    matrix: {name: "${{ vars.more }}"}
    model: ${{ matrix.name }}
"""
REPEATED = """\
prompt: a fox
steps:
  - id: texts
    type: text_to_text
    model: "shop:text"
    price: 1
    matrix: {words: [one, two]}
    repeat: %d
    params: {prompt: "${{ matrix.words }}"}
    on_error: continue
  - {id: all, type: merge_outputs, merge_strategy: concat_text}
"""


def told(text: str, folder: Path) -> list[tuple[str, int | None, int | None]]:
    file = folder / "pipeline.yaml"
    file.write_text(text, encoding="utf-8")
    found = check(Options(file=str(file)))
    return [(each.message, each.line, each.column) for each in found.diagnostics]


def test_what_a_model_of_a_matrix_can_not_do_is_told_where_it_is_written(tmp_path: Path) -> None:
    assert told(MODELS, tmp_path) == [
        ("unknown text_to_image model 'fluxx'", 7, 25),
        ("seedream_4_5 has no parameter 'guidance_scale'", 10, 42),
        ("unknown text_to_image model 'nothing'", 14, 12),
    ]


def test_a_value_of_a_matrix_is_held_against_the_model(tmp_path: Path) -> None:
    text = """\
prompt: it moves
steps:
  - {type: text_to_image, model: flux}
  - type: image_to_video
    model: hailuo
    matrix: {seconds: [6, 7]}
    params: {duration: "${{ matrix.seconds }}"}
"""

    assert told(text, tmp_path) == [("'duration' of hailuo_02 can't be 7", 7, 24)]


def test_repeats_are_bought_each_and_those_there_are_stand(tmp_path: Path) -> None:
    shop = Shop()
    first = bought(REPEATED % 2, tmp_path, shop)
    again = bought(REPEATED % 2, tmp_path, shop)
    more = bought(REPEATED % 3, tmp_path, shop)

    assert [row.id for row in first.rows()][:4] == [
        "texts[words=one,repeat=1]",
        "texts[words=one,repeat=2]",
        "texts[words=two,repeat=1]",
        "texts[words=two,repeat=2]",
    ]
    assert [each.billed for each in (first, again, more)] == [Decimal(4), Decimal(0), Decimal(2)]
    assert len(shop.calls) == 6


def test_a_cell_that_fails_leaves_a_gap(tmp_path: Path) -> None:
    no = Rejected(problem=Problem(code="shop.no", message="no"))
    shop = Shop(answers={"texts[words=one,repeat=1]": no})
    found = bought(REPEATED % 1, tmp_path, shop)

    assert [(row.label, row.status) for row in found.rows()] == [
        ("one", Status.FAILED),
        ("two", Status.DONE),
        ("all", Status.DONE),
    ]
    assert found.exit_code == 1


def test_one_cell_is_made_anew(tmp_path: Path) -> None:
    shop = Shop()
    bought(REPEATED % 2, tmp_path, shop)
    found = bought(REPEATED % 2, tmp_path, shop, redo=("texts[words=two,repeat=1]",))

    assert found.billed == Decimal(1)
    assert shop.calls[4:] == ["texts[words=two,repeat=1]"]


@pytest.mark.parametrize(("model", "mock"), [("local", False), ("flux_dev", True)])
def test_repeats_of_the_embedded_engine_differ_and_are_the_same_again(
    tmp_path: Path, model: str, *, mock: bool
) -> None:
    text = f"steps: [{{type: text_to_image, model: {model}, params: {{prompt: x}}, repeat: 3}}]"
    found = bought(text, tmp_path, Shop(), mock=mock)
    again = bought(text, tmp_path, Shop(), mock=mock, redo=("*",))

    made, anew = ([row.outputs[0].sha256 for row in each.rows()] for each in (found, again))
    assert len(set(made)) == 3
    assert anew == made


def test_the_rows_of_items_say_in_which_cell_they_are(tmp_path: Path) -> None:
    text = """
steps:
  - id: alone
    type: batch_parallel
    inputs: [a, b]
    matrix: {speed: [0.9, 1.1]}
    step_template: {type: text_to_speech, model: local, params: {speed: "${{ matrix.speed }}"}}
  - id: inside
    type: batch_parallel
    inputs: [a]
    step_template:
      type: text_to_speech
      model: local
      matrix: {speed: [0.9, 1.1]}
      params: {speed: "${{ matrix.speed }}"}
"""
    found = bought(text, tmp_path, Shop())

    assert [(row.label, row.id) for row in found.rows()] == [
        ("speed 0.9, 1", "alone[speed=0.9][1]"),
        ("speed 0.9, 2", "alone[speed=0.9][2]"),
        ("speed 1.1, 1", "alone[speed=1.1][1]"),
        ("speed 1.1, 2", "alone[speed=1.1][2]"),
        ("1 speed 0.9", "inside[1][speed=0.9]"),
        ("1 speed 1.1", "inside[1][speed=1.1]"),
    ]


def test_where_exclude_stands_is_told(tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(
        "steps: [{type: text_to_image, model: local, params: {prompt: x}, exclude: [{seed: 1}]}]"
    )
    found = check(Options(file=str(file)))

    assert [(each.code, each.hints) for each in found.diagnostics] == [
        ("unknown_key", ("it stands inside  matrix:",))
    ]

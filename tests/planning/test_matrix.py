"""What a matrix makes of a step: which cells, in which order, called what, with which values."""

import json
import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.planning import lines, outputs, planned, planning_of, tasks, told

from aipipe.errors import UsageError
from aipipe.language.spec import OnError
from aipipe.planning.bindings import Const, Many
from aipipe.planning.plan import Group, Plan, Task
from aipipe.planning.select import check_redo, redone, selected

NAMES = ("model", "seed", "style", "size")
SCALARS = st.one_of(
    st.integers(-5, 5), st.booleans(), st.text("aAbB/. ,]=é", min_size=1, max_size=3)
)


def plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@st.composite
def matrices(draw: st.DrawFn) -> tuple[dict[str, list[Any]], list[dict[str, Any]], int]:
    """Axes, exclusions that leave something, and repeats."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    axes = {
        name: draw(st.lists(SCALARS, min_size=1, max_size=3, unique_by=plain)) for name in names
    }
    entry = st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in axes.items()})
    excluded = [each for each in draw(st.lists(entry, max_size=2)) if each]
    return axes, excluded, draw(st.integers(1, 3))


def written(axes: dict[str, list[Any]], excluded: list[dict[str, Any]], repeat: int) -> str:
    """A step that uses every axis, as YAML."""
    text = " ".join(f"${{{{ matrix.{name} }}}}" for name in axes)
    matrix = {**axes, **({"exclude": excluded} if excluded else {})}
    return f"""
steps:
  - id: pictures
    type: text_to_image
    model: painter
    matrix: {_json(matrix)}
    repeat: {repeat}
    params: {{prompt: "{text}"}}
"""


def _json(value: Any) -> str:
    return json.dumps(value)


def expected(
    axes: dict[str, list[Any]], excluded: list[dict[str, Any]], repeat: int
) -> list[tuple[Any, ...]]:
    """The combinations by the standard library, the last of each the number of the repeat."""
    return [
        cell
        for cell in product(*axes.values(), range(1, repeat + 1))
        if not any(
            all(plain(dict(zip(axes, cell, strict=False))[n]) == plain(v) for n, v in each.items())
            for each in excluded
        )
    ]


def prompts(plan: Plan) -> list[Any]:
    found = [task.inputs["prompt"] for task in plan.tasks]
    return [each.value for each in found if isinstance(each, Const)]


@given(matrices())
def test_the_cells_are_the_product_in_the_order_written(matrix: Any) -> None:
    cells = expected(*matrix)
    found = planning_of(written(*matrix))

    if not cells:
        assert [each.code for each in found.told] == ["nothing_left"]
        return
    assert found.plan is not None, lines(found.told)
    assert prompts(found.plan) == [" ".join(map(plain, cell[:-1])) for cell in cells]


@given(matrices())
def test_paths_labels_and_files_of_cells_are_unlike(matrix: Any) -> None:
    found = planning_of(written(*matrix)).plan
    if found is None:
        return
    made = list(found.tasks)

    assert len({task.path for task in made}) == len(made)
    assert len({task.label for task in made}) == len(made)
    assert len({name.casefold() for name in outputs(found)}) == len(made)


@given(matrices())
def test_a_path_finds_its_own_cell_alone(matrix: Any) -> None:
    found = planning_of(written(*matrix)).plan
    if found is None:
        return
    for task in found.tasks:
        chosen = selected(found, [task.path])
        check_redo(found, [task.path])

        assert chosen == {task.number}
        assert [t.path for t in found.tasks if redone(t, t.path, [task.path])] == [task.path]


@given(matrices())
def test_repeats_are_calls_of_their_own(matrix: Any) -> None:
    found = planning_of(written(*matrix)).plan
    if found is None:
        return
    calls = [(str(task.inputs), task.occurrence) for task in found.tasks]

    assert len(set(calls)) == len(calls)


SHEET = """
prompt: x
steps:
  - id: pictures
    type: text_to_image
    matrix:
      model: [painter, pencil]
      seed: [1, 2, 3]
      exclude: [{model: painter, seed: 3}]
    model: ${{ matrix.model }}
    params: {seed: "${{ matrix.seed }}"}
  - {id: sheet, type: merge_outputs, merge_strategy: combine_images}
"""


def test_each_cell_is_a_step_as_if_written_out() -> None:
    made = list(planned(SHEET).tasks)[:-1]

    assert [task.path for task in made] == [
        "pictures[model=painter,seed=1]",
        "pictures[model=painter,seed=2]",
        "pictures[model=pencil,seed=1]",
        "pictures[model=pencil,seed=2]",
        "pictures[model=pencil,seed=3]",
    ]
    assert [task.label for task in made][1:3] == ["painter, seed 2", "pencil, seed 1"]
    assert [task.model for task in made] == ["painter"] * 2 + ["sketcher"] * 3
    assert [task.params["seed"] for task in made] == [Const(n) for n in (1, 2, 1, 2, 3)]
    assert [str(task.estimate.likely) for task in made] == ["0.04"] * 2 + ["0.01"] * 3


def test_its_value_is_the_list_and_what_follows_takes_it() -> None:
    plan = planned(SHEET)
    group, sheet = plan.root.children

    assert isinstance(group, Group)
    assert group.axes == ("model", "seed")
    assert isinstance(group.produces, Many)
    assert group.produces.count == 5
    assert isinstance(sheet, Task)
    assert [source.words for source in sheet.sources] == ["arriving: 'pictures'"]


def test_outputs_are_named_by_id_and_values() -> None:
    assert outputs(planned(SHEET)) == [
        "pictures-painter-1.png",
        "pictures-painter-2.png",
        "pictures-pencil-1.png",
        "pictures-pencil-2.png",
        "pictures-pencil-3.png",
        "sheet.png",
    ]


def test_a_written_name_takes_the_values_as_they_may_stand_in_one() -> None:
    plan = planned("""
steps:
  - id: pictures
    type: text_to_image
    model: local
    matrix: {prompt: ["a/b: c", "a lighthouse in fog"], size: [0.5, 1.0]}
    params: {prompt: "${{ matrix.prompt }}",
      output_file: "p/${{ matrix.prompt }}-${{ matrix.size }}.png"}
""")

    assert outputs(plan) == [
        "p/a_b_c-0.5.png",
        "p/a_b_c-1.0.png",
        "p/a_lighthouse_in_fog-0.5.png",
        "p/a_lighthouse_in_fog-1.0.png",
    ]


def test_a_reference_that_is_the_whole_keeps_its_type() -> None:
    plan = planned("""
vars: {sizes: [1, 2.5]}
steps:
  - id: pictures
    type: text_to_image
    model: local
    matrix: {one: "${{ vars.sizes }}", two: [true, "7"]}
    params: {prompt: "a ${{ matrix.one }} ${{ matrix.two }}",
      seed: "${{ matrix.one }}", style: "${{ matrix.two }}"}
""")
    made = list(plan.tasks)

    assert [(task.params["seed"], task.params["style"]) for task in made] == [
        (Const(1), Const(value=True)),
        (Const(1), Const("7")),
        (Const(2.5), Const(value=True)),
        (Const(2.5), Const("7")),
    ]
    assert prompts(plan)[2:] == ["a 2.5 true", "a 2.5 7"]


NESTED = """
prompt: x
steps:
  - id: looks
    type: parallel_group
    matrix: {style: [noir, oil]}
    merge_strategy: collect
    on_error: continue
    parallel_steps:
      - id: wide
        type: text_to_image
        model: painter
        matrix: {seed: [7, 8]}
        params: {prompt: "${{ matrix.style }} ${{ matrix.seed }}"}
      - id: chain
        steps:
          - {id: one, type: text_to_image, model: local, params: {prompt: "${{ matrix.style }}"}}
          - {id: two, type: upscale_image, model: local, repeat: 2}
"""


def test_containers_are_varied_whole_and_matrices_stand_inside_each_other() -> None:
    assert [(task.path, task.label) for task in planned(NESTED).tasks][:6] == [
        ("looks[style=noir].parallel_group_1.wide[seed=7]", "noir, seed 7"),
        ("looks[style=noir].parallel_group_1.wide[seed=8]", "noir, seed 8"),
        ("looks[style=noir].parallel_group_1.chain.one", "noir, one"),
        ("looks[style=noir].parallel_group_1.chain.two[repeat=1]", "noir, run 1"),
        ("looks[style=noir].parallel_group_1.chain.two[repeat=2]", "noir, run 2"),
        ("looks[style=noir].merge_outputs_1", "noir, merge_outputs_1"),
    ]


def test_what_a_failure_does_holds_for_the_cells() -> None:
    assert {task.on_error for task in planned(NESTED).tasks} == {OnError.CONTINUE}


def test_cells_multiply_with_the_items_of_a_batch() -> None:
    plan = planned("""
steps:
  - id: voices
    type: batch_parallel
    inputs: [a, b, c]
    step_template:
      type: text_to_speech
      model: local
      matrix: {speed: [0.9, 1.1]}
      params: {speed: "${{ matrix.speed }}"}
  - id: again
    type: batch_parallel
    matrix: {speed: [0.9, 1.1]}
    inputs: [a, b]
    step_template:
      {type: text_to_speech, model: local, params: {speed: "${{ matrix.speed }}"}}
""")

    assert [(task.path, task.times) for task in plan.tasks] == [
        ("voices[][speed=0.9]", 3),
        ("voices[][speed=1.1]", 3),
        ("again[speed=0.9][]", 2),
        ("again[speed=1.1][]", 2),
    ]
    assert outputs(plan) == [
        *(f"voices-{speed}-{item}.wav" for item in (1, 2, 3) for speed in (0.9, 1.1)),
        *(f"again-{speed}-{item}.wav" for speed in (0.9, 1.1) for item in (1, 2)),
    ]


def test_files_are_listed_by_patterns_and_called_by_their_stems() -> None:
    plan = planned(
        """
steps:
  - id: clips
    type: image_to_video
    model: local
    matrix: {photo: ["photos/*.png", other.png]}
    params: {prompt: it moves, image: "${{ matrix.photo }}"}
""",
        files={"photos/a.png": "", "photos/b.png": "", "other.png": ""},
    )

    assert [task.path for task in plan.tasks] == [
        "clips[photo=a]",
        "clips[photo=b]",
        "clips[photo=other]",
    ]
    assert [task.label for task in plan.tasks] == ["a", "b", "other"]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["pictures[model=pencil,seed=1]"], [2]),
        (["pictures[*seed=1]"], [0, 2]),
        (["pictures[model=painter*"], [0, 1]),
        (["pictures"], [0, 1, 2, 3, 4]),
    ],
)
def test_cells_are_chosen_by_path(patterns: list[str], expected: list[int]) -> None:
    plan = planned(SHEET)
    made = list(plan.tasks)

    assert selected(plan, patterns) == {made[index].number for index in expected}


def test_a_cell_that_is_none_can_not_be_made_anew() -> None:
    with pytest.raises(UsageError):
        check_redo(planned(SHEET), ["pictures[model=painter,seed=9]"])


def test_an_item_whose_key_looks_like_a_cell_is_found() -> None:
    plan = planned("""
steps:
  - {id: voices, type: batch_parallel, inputs: [{id: a=b, text: x}], steps: [
      {id: clip, type: text_to_speech, model: local, params: {text: "${{ item.text }}"}}]}
""")

    check_redo(plan, ["voices[a=b].clip"])


def test_a_step_inside_cells_is_found_without_their_keys() -> None:
    plan = planned(NESTED)
    wanted = "looks.parallel_group_1.chain.one"

    assert len(selected(plan, [wanted])) == 2
    assert len([t for t in plan.tasks if redone(t, t.path, [wanted])]) == 2


def test_a_repeat_of_one_is_a_list_of_one() -> None:
    group = planned("""
prompt: x
vars: {n: 1}
steps: [{id: a, type: text_to_image, model: local, repeat: "${{ vars.n }}"}]
""").root.children[0]

    assert isinstance(group, Group)
    assert isinstance(group.produces, Many)
    assert group.produces.count == 1


def test_what_is_wrong_with_every_cell_is_told_once() -> None:
    text = """
prompt: x
vars: {gown: red}
steps:
  - {id: a, type: text_to_image, model: local, matrix: {seed: [SEEDS]},
     params: {seed: "${{ matrix.seed }}", style: "${{ vars.gone }}"}}
""".replace("SEEDS", ", ".join(map(str, range(300))))

    assert told(text) == ["6:50 unknown_reference: unknown variable 'gone'"]


def test_what_is_to_be_known_of_every_cell_is_told_once() -> None:
    found = planned("""
prompt: x
steps:
  - {id: a, type: text_to_image, model: old_painter, matrix: {seed: [1, 2, 3]},
     params: {seed: "${{ matrix.seed }}"}}
""")

    assert [notice.code for notice in found.notices] == ["retired_model"]
    assert {task.caption for task in found.tasks} == {""}
    assert [task.label for task in found.tasks] == ["seed 1", "seed 2", "seed 3"]


def test_a_step_beside_the_matrix_is_read_by_every_cell_and_waits_for_it() -> None:
    plan = planned("""
prompt: x
steps:
  - {id: hero, type: text_to_image, model: local}
  - {id: other, type: text_to_image, model: local}
  - id: big
    type: upscale_image
    model: local
    input: "${{ steps.hero }}"
    matrix: {scale: [2, 4]}
    params: {scale: "${{ matrix.scale }}"}
""")
    cells = [task for path, task in tasks(plan).items() if path.startswith("big")]

    assert [[(need.ref.up, need.ref.index) for need in task.needs] for task in cells] == [
        [(1, 0)],
        [(1, 0)],
    ]
    assert plan.root.children[2].needs == ()


def test_ten_thousand_cells_are_the_most() -> None:
    text = "prompt: x\nsteps: [{{id: a, type: text_to_image, model: local, repeat: {0}}}]"

    assert planning_of(text.format(101 * 100)).plan is None
    assert len(list(planned(text.format(math.isqrt(10_000))).tasks)) == 100


def test_what_is_made_by_another_than_the_model_named_says_so_in_its_caption() -> None:
    found = planned("""
prompt: x
steps:
  - {id: a, type: text_to_image, model: "${{ matrix.m }}",
     matrix: {m: [old_painter, pencil], s: [1, 2]}, params: {seed: "${{ matrix.s }}"}}
""")

    assert [task.caption or task.label for task in found.tasks] == [
        "painter, s 1",
        "painter, s 2",
        "pencil, s 1",
        "pencil, s 2",
    ]

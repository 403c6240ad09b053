"""Items of a batch: where they come from, what they are called, and what they hold."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.planning import edges, planned, planning_of, sources, tasks, told

from aipipe.app.discover import own_registry
from aipipe.app.files import DiskFiles
from aipipe.contracts.artefact import InputFile
from aipipe.planning.bindings import (
    Const,
    FromItem,
    FromStep,
    Item,
    Joined,
    ListOf,
    Many,
    One,
    StepRef,
)
from aipipe.planning.plan import Batch, Plan


def batch(plan: Plan, path: str = "b") -> Batch:
    found = next(template for template in plan.templates if template.path == path)
    assert isinstance(found, Batch)
    return found


def over(inputs: str, step: str = "{type: text_to_speech, model: local}") -> str:
    return f"""
steps:
  - id: b
    type: batch_parallel
    inputs: {inputs}
    step_template: {step}
"""


def test_written_items_are_texts_files_and_rows() -> None:
    files = {"one.txt": "first", "sub/Two Words.md": "second"}

    assert batch(planned(over("[hello, {text: one.txt}]"))).items == [
        Item("1", "hello"),
        Item("2", "one.txt"),
    ]
    assert batch(planned(over('[one.txt, "sub/Two Words.md"]'), files=files)).items == [
        Item("one", "first"),
        Item("Two Words", "second"),
    ]
    row = "{type: text_to_speech, model: local, params: {text: '${{ item.say }}'}}"
    assert batch(planned(over("[{id: 0, say: hi}, {say: ho}]", row))).items == [
        Item("0", {"id": 0, "say": "hi"}, {"id": 0, "say": "hi"}),
        Item("2", {"say": "ho"}, {"say": "ho"}),
    ]


def test_an_item_that_is_a_picture_is_a_file_to_be_read_later() -> None:
    plan = planned(over("dog.png", "{type: upscale_image, model: local}"), files={"dog.png": ""})

    assert batch(plan).items == [
        Item("dog", InputFile(path="/pipelines/dog.png", medium="image", label="dog"))
    ]
    assert tasks(plan)["b[]"].inputs == {"image": FromItem(0, "value")}


@pytest.mark.parametrize(
    "files",
    [
        {"rows.csv": "id,say\na,hi\nb,ho\n"},
        {"rows.jsonl": '{"id": "a", "say": "hi"}\n{"id": "b", "say": "ho"}\n'},
    ],
    ids=["csv", "jsonl"],
)
def test_rows_of_a_table_are_items_with_columns(files: dict[str, str]) -> None:
    step = "{type: text_to_speech, model: local, params: {text: '${{ item.say }}'}}"
    plan = planned(over(next(iter(files)), step), files=files)

    assert batch(plan).items == [
        Item("a", {"id": "a", "say": "hi"}, {"id": "a", "say": "hi"}),
        Item("b", {"id": "b", "say": "ho"}, {"id": "b", "say": "ho"}),
    ]
    assert tasks(plan)["b[]"].inputs == {"text": FromItem(0, "column", "say")}


def test_a_pattern_stands_for_its_files_in_order() -> None:
    files = {"t/b.txt": "B", "t/a.txt": "A", "t/c.png": ""}

    assert batch(planned(over('"t/*.txt"'), files=files)).items == [Item("a", "A"), Item("b", "B")]


def test_a_table_is_read_as_its_extension_says() -> None:
    row = {"id": "a", "say": "hi; there, you"}
    files = {
        "r.csv": 'id,say\na,"hi; there, you"\n',
        "semi.csv": 'id;say\na;"hi; there, you"\n',
        "r.tsv": "id\tsay\na\thi; there, you\n",
        "r.json": '[\n{"id": "a", "say": "hi; there, you"}]',
        "r.jsonl": '{"id": "a", "say": "hi; there, you"}\n',
    }

    step = '{type: text_to_speech, model: local, params: {text: "${{ item.say }}"}}'

    found = {name: batch(planned(over(name, step), files=files)).items for name in files}

    assert {name: [each.value for each in items or ()] for name, items in found.items()} == {
        name: [row] for name in files
    }


def test_a_json_file_that_is_no_list_is_one_text() -> None:
    files = {"one.json": '{"id": "a"}'}

    assert batch(planned(over("one.json"), files=files)).items == [Item("one", '{"id": "a"}')]


def test_a_question_is_no_pattern() -> None:
    plan = planned(over('["Is it this/that or [both]?", "Why?"]'))

    assert batch(plan).items == [Item("1", "Is it this/that or [both]?"), Item("2", "Why?")]


def test_a_file_whose_name_looks_like_a_pattern_is_itself() -> None:
    plan = planned(over('"take[1].txt"'), files={"take[1].txt": "one"})

    assert batch(plan).items == [Item("take[1]", "one")]


def test_the_lines_of_standard_input_are_items() -> None:
    assert batch(planned(over('"-"'), stdin="one\n\n two \n")).items == [
        Item("1", "one"),
        Item("2", "two"),
    ]


def test_items_may_come_from_variables() -> None:
    plan = planned(
        "vars: {names: [Ann, Bob], file: rows}\n"
        + over('["${{ vars.file }}.txt", "x ${{ vars.file }}"]').lstrip(),
        files={"rows.txt": "hi"},
    )
    whole = planned("vars: {names: [Ann, Bob]}\n" + over('"${{ vars.names }}"').lstrip())

    assert batch(plan).items == [Item("rows", "hi"), Item("2", "x rows")]
    assert batch(whole).items == [Item("1", "Ann"), Item("2", "Bob")]


def test_items_may_be_the_values_of_steps() -> None:
    plan = planned("""
        prompt: x
        steps:
          - {id: one, type: text_to_image, model: local}
          - {id: two, type: text_to_image, model: local}
          - id: b
            type: batch_parallel
            inputs: ["${{ steps.two }}", "${{ steps.one }}"]
            step_template: {type: image_to_video, model: local}
        """)

    assert batch(plan).items is None
    assert batch(plan).source == ListOf((FromStep(StepRef(0, 1)), FromStep(StepRef(0, 0))))
    assert batch(plan).produces == Many(One("video"), 2)
    assert edges(plan)["b"] == ["two*", "one*"]
    assert tasks(plan)["b[]"].times == 2


def test_items_are_the_steps_inputs_else_the_arriving_list_else_the_runs() -> None:
    plan = planned(
        """
        inputs: [a.png, b.png, c.png]
        prompt: x
        steps:
          - {id: given, type: batch_parallel, step_template: {type: upscale_image, model: local}}
          - {id: arriving, type: batch_parallel,
             step_template: {type: image_to_video, model: local}}
          - {id: one, type: text_to_image, model: local}
          - {id: again, type: batch_parallel, step_template: {type: upscale_image, model: local}}
          - {id: own, type: batch_parallel, inputs: [p, q],
             step_template: {type: text_to_image, model: local}}
        """,
        files={"a.png": "", "b.png": "", "c.png": ""},
    )

    given, own = batch(plan, "given").items, batch(plan, "own").items
    assert [item.key for item in given or ()] == ["a", "b", "c"]
    assert batch(plan, "arriving").source == FromStep(StepRef(0, 0))
    assert batch(plan, "again").items == given
    assert own == [Item("1", "p"), Item("2", "q")]
    assert {path: task.times for path, task in tasks(plan).items()} == {
        "given[]": 3,
        "arriving[]": 3,
        "one": 1,
        "again[]": 3,
        "own[]": 2,
    }


def test_inputs_from_the_command_are_paths_and_patterns_never_text() -> None:
    text = "steps: [{id: b, type: batch_parallel, steps: [{type: upscale_image, model: local}]}]"
    here = {"../here/my dog.png": "", "../here/cat.png": ""}

    assert [
        item.key for item in batch(planned(text, inputs=("*.png",), files=here)).items or ()
    ] == [
        "cat",
        "my dog",
    ]
    assert told(text, inputs=("only words", "my pictures/*"), files=here) == [
        "1:1 missing_file: --input: no file 'only words'",
        "1:1 missing_file: --input: no file matches 'my pictures/*'",
    ]


def test_what_is_wrong_with_the_commands_inputs_is_told_without_the_files_remedies() -> None:
    found = planning_of("steps: [{type: text_to_speech, model: local}]", inputs=("gone",))

    assert [diagnostic.hints for diagnostic in found.told] == [("looked in /here",)]


def test_a_split_of_a_known_text_is_done_while_planning() -> None:
    plan = planned(
        """
        input: poem.txt
        steps:
          - {id: lines, type: split_input, split_strategy: lines}
          - {id: b, type: batch_parallel, step_template: {type: text_to_speech, model: speaker}}
        """,
        files={"poem.txt": "one\ntwo\nthree"},
    )

    assert batch(plan).items == [Item("1", "one"), Item("2", "two"), Item("3", "three")]
    assert batch(plan).source is None
    assert tasks(plan)["lines"].produces == Many(One("text"), 3)
    assert edges(plan)["b"] == ["lines"]
    assert tasks(plan)["b[]"].times == 3


def test_rows_of_a_known_table_have_columns_that_are_checked() -> None:
    text = """
        steps:
          - {{type: split_input, split_strategy: rows, input: {{text: "id,say\\na,hi\\nb,ho"}}}}
          - id: b
            type: batch_parallel
            step_template:
              {{type: text_to_speech, model: local, params: {{text: "${{{{ item.{column} }}}}"}}}}
        """

    assert [item.key for item in batch(planned(text.format(column="say"))).items or ()] == [
        "a",
        "b",
    ]
    assert told(text.format(column="sey")) == [
        "7:59 unknown_reference: the items have no column 'sey'"
    ]


def test_a_split_of_what_is_made_later_has_an_unknown_number() -> None:
    plan = planned("""
        prompt: write a poem
        steps:
          - {id: poem, type: text_to_text, model: local}
          - {id: lines, type: split_input, split_strategy: lines}
          - {id: b, type: batch_parallel, step_template: {type: text_to_speech, model: speaker}}
        """)

    assert batch(plan).items is None
    assert batch(plan).source == FromStep(StepRef(0, 1))
    assert tasks(plan)["b[]"].times is None


def test_an_item_arrives_at_its_first_step_and_text_is_carried_through_its_chain() -> None:
    plan = planned("""
        prompt: never used
        steps:
          - id: b
            type: batch_parallel
            inputs: [a dog, a cat]
            steps:
              - {id: still, type: text_to_image, model: local}
              - {id: clip, type: image_to_video, model: local}
        """)

    assert sources(plan) == {
        "b[].still": {"prompt": "arriving: the item"},
        "b[].clip": {"image": "arriving: 'still'", "prompt": "carried: the item"},
    }


def test_a_picture_as_item_leaves_the_prompt_carried() -> None:
    plan = planned(
        "prompt: it moves" + over("[dog.png]", "{type: image_to_video, model: mover}"),
        files={"dog.png": ""},
    )

    assert sources(plan)["b[]"] == {
        "image": "arriving: the item",
        "prompt": "carried: the run's prompt",
    }


def test_nested_batches_name_their_items() -> None:
    plan = planned("""
        steps:
          - id: outer
            type: batch_parallel
            as: city
            inputs: [Rome, Oslo]
            steps:
              - id: inner
                type: batch_parallel
                as: time
                inputs: [dawn, noon, dusk]
                step_template:
                  type: text_to_image
                  model: painter
                  params:
                    prompt: "${{ city }} at ${{ time.value }}, ${{ item.index }} ${{ city.key }}"
        """)

    assert tasks(plan)["outer[].inner[]"].inputs["prompt"] == Joined(
        (
            FromItem(1, "value"),
            Const(" at "),
            FromItem(0, "value"),
            Const(", "),
            FromItem(0, "index"),
            Const(" "),
            FromItem(1, "key"),
        )
    )
    assert tasks(plan)["outer[].inner[]"].times == 6


def test_a_batch_in_a_group_in_a_batch_multiplies() -> None:
    plan = planned("""
        prompt: x
        steps:
          - id: a
            type: batch_parallel
            inputs: [one, two, three]
            steps:
              - type: parallel_group
                id: g
                steps:
                  - {id: alone, type: text_to_image, model: painter}
                  - id: c
                    type: batch_parallel
                    inputs: [x, y]
                    step_template: {type: text_to_image, model: sketcher}
        """)

    found = tasks(plan)
    assert (found["a[].g.alone"].times, found["a[].g.c[]"].times) == (3, 6)
    assert found["a[].g.alone"].total.likely == Decimal("0.12")
    assert found["a[].g.c[]"].total.at_most == Decimal("0.06")
    assert batch(plan, "a").produces == Many(Many(One(None), 2), 3)


@pytest.mark.parametrize(
    ("inputs", "told_as"),
    [
        ("[]", "5:13 no_items: there is nothing to run the batch over"),
        ("empty.csv", "5:13 no_items: there is nothing to run the batch over"),
        ('"none/*.txt"', "5:13 missing_file: no file matches 'none/*.txt'"),
        ("gone.txt", "5:13 missing_file: no file 'gone.txt'"),
        ('"-"', "5:13 empty_input: standard input is empty"),
    ],
)
def test_a_batch_over_nothing_is_a_fault(inputs: str, told_as: str) -> None:
    assert told(over(inputs), files={"empty.csv": "a,b\n"}) == [told_as]


def test_the_steps_of_a_batch_without_items_are_checked_too() -> None:
    found = planning_of(over("[]", "{type: text_to_image, model: local, needs: [nothing]}"))

    assert [diagnostic.code for diagnostic in found.told] == ["no_items", "unknown_step"]


def test_the_window_is_the_batchs_own_else_the_files_else_the_default() -> None:
    own = over("[a]").replace("inputs:", "batch_size: 3\n    inputs:")

    assert batch(planned(own)).window == 3
    assert batch(planned("limits: {max_workers: 5}" + over("[a]"))).window == 5
    assert batch(planned(over("[a]"))).window == 32


def test_the_files_of_a_real_folder_are_found(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("second", encoding="utf-8")
    (tmp_path / "a.txt").write_text("first", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    plan = planned(over(f'"{tmp_path.as_posix()}/*.txt"'), disk=DiskFiles(own_registry()))

    assert batch(plan).items == [Item("a", "first"), Item("b", "second")]

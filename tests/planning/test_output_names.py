"""Where outputs go, and that no two go to one place."""

import unicodedata

import pytest
from support.planning import outputs, planned, tasks, told

from aipipe.planning.bindings import Const, FromItem, FromStep, Joined, Many, One, StepRef
from aipipe.planning.plan import OutputName


def image(output_file: str) -> str:
    """A pipeline of one picture that goes to a file."""
    return f"""
steps:
  - type: text_to_image
    model: local
    params: {{prompt: x, output_file: {output_file}}}
"""


def test_an_output_without_a_name_is_called_by_its_ids_then_its_keys() -> None:
    plan = planned(
        """
        prompt: x
        steps:
          - {id: hero, type: text_to_image, model: painter}
          - {id: many, type: text_to_image, model: painter, params: {count: 3}}
          - type: parallel_group
            id: g
            steps: [{type: text_to_speech, model: local}, {id: b, steps: [
                {id: c, type: text_to_speech, model: speaker}]}]
          - id: films
            type: batch_parallel
            inputs: [a.txt, b.txt]
            steps:
              - {id: still, type: text_to_image, model: painter, params: {count: 2}}
              - {id: each, type: batch_parallel, inputs: [x, y],
                 step_template: {type: text_to_speech, model: local}}
        """,
        files={"a.txt": "A", "b.txt": "B"},
    )

    assert outputs(plan) == [
        "hero.png",
        "many-1.png",
        "many-2.png",
        "many-3.png",
        "g-1.wav",
        "g-b-c.mp3",
        "films-still-a-1.png",
        "films-still-a-2.png",
        "films-each-a-1.wav",
        "films-each-a-2.wav",
        "films-still-b-1.png",
        "films-still-b-2.png",
        "films-each-b-1.wav",
        "films-each-b-2.wav",
    ]


def test_a_written_name_chooses_the_extension() -> None:
    plan = planned(image("shots/Hero.final.JPG"))

    assert tasks(plan)["text_to_image_1"].output == OutputName(
        stem=Const("shots/Hero.final"), extension="jpg"
    )


def test_references_stand_inside_names_and_lead_nowhere_else() -> None:
    plan = planned("""
        vars: {folder: takes, ext: mp3}
        prompt: x
        steps:
          - {id: idea, type: text_to_text, model: local}
          - id: b
            type: batch_parallel
            inputs: [{id: ../../etc/passwd}, {id: .hidden}, {id: a b}]
            step_template:
              type: text_to_speech
              model: local
              params:
                text: x
                output_file: "${{ vars.folder }}/${{ item.key }}.${{ vars.ext }}"
          - id: named
            type: text_to_speech
            model: local
            params: {text: x, output_file: "${{ steps.idea }}.wav"}
        """)

    assert outputs(plan) == [
        "idea.txt",
        "takes/_.._etc_passwd.mp3",
        "takes/hidden.mp3",
        "takes/a b.mp3",
    ]
    assert tasks(plan)["b[]"].output == OutputName(
        stem=Joined((Const("takes/"), FromItem(0, "key"))), extension="mp3"
    )
    assert tasks(plan)["named"].output == OutputName(stem=FromStep(StepRef(0, 0)), extension="wav")
    assert plan.unproven == {tasks(plan)["named"].number}


@pytest.mark.parametrize(
    "name",
    [
        "../x.png",
        "/x.png",
        "a/../../b.png",
        "a/..",
        "'C:x.png'",
        "'~/x.png'",
        "'..\\x.png'",
        "'\\x.png'",
    ],
)
def test_a_name_outside_the_folder_is_refused(name: str) -> None:
    quoted = name.strip("'")

    assert told(image(name)) == [f"5:38 outside_output_folder: '{quoted}' leaves the output folder"]


@pytest.mark.parametrize(
    "name", ["a//x.png", "./x.png", "a/./x.png", "a./x.png", "' x.png'", "'a /x.png'", "'a\\x.png'"]
)
def test_a_name_that_some_file_system_changes_is_refused(name: str) -> None:
    quoted = name.strip("'")

    assert told(image(name)) == [f"5:38 unfit_file_name: '{quoted}' is no file name"]


@pytest.mark.parametrize("name", ["mock/x.png", "Mock/x.png", "MOCK/a/x.png"])
def test_a_folder_of_aipipes_own_is_refused(name: str) -> None:
    folder = name.partition("/")[0]

    assert told(image(name)) == [f"5:38 unfit_file_name: '{folder}' is aipipe's own"]


def test_run_json_is_aipipes_own() -> None:
    found = told(
        """
        input: a.txt
        steps:
          - {type: merge_outputs, merge_strategy: json, params: {output_file: RUN.json}}
        """,
        files={"a.txt": "A"},
    )

    assert found == ["4:71 unfit_file_name: 'RUN.json' is aipipe's own"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x.mp3", "'.mp3' is no image format"),
        ("x", "the name has no extension"),
        ("png", "the name has no extension"),
        ("'${{ run.id }}'", "the name has no extension"),
        ("'x.${{ run.id }}'", "the name has no extension"),
    ],
)
def test_an_extension_of_another_medium_is_refused(name: str, words: str) -> None:
    assert told(image(name)) == [f"5:38 wrong_extension: {words}"]


@pytest.mark.parametrize("key", ["item.key", "item.index", "item.n", "a.key", "a.index"])
def test_a_name_in_a_batch_holds_something_of_every_item(key: str) -> None:
    plan = planned(f"""
        steps:
          - type: batch_parallel
            as: a
            inputs: [{{id: 1, n: 1}}, {{id: 2, n: 2}}]
            step_template:
              type: text_to_speech
              model: local
              params: {{text: hi, output_file: "v-${{{{ {key} }}}}.wav"}}
        """)

    assert outputs(plan) == ["v-1.wav", "v-2.wav"]


def test_an_item_that_is_text_may_be_the_name() -> None:
    plan = planned("""
        steps:
          - type: batch_parallel
            inputs: [x, y z]
            step_template:
              {type: text_to_speech, model: local, params: {output_file: "${{ item }}.wav"}}
        """)

    assert outputs(plan) == ["x.wav", "y z.wav"]


@pytest.mark.parametrize("name", ["x.wav", "${{ item.key }}.wav", "${{ a.key }}.wav"])
def test_a_name_that_leaves_out_an_enclosing_item_is_refused(name: str) -> None:
    found = told(f"""
        steps:
          - type: batch_parallel
            as: a
            inputs: [x, y]
            steps:
              - type: batch_parallel
                inputs: [p, q]
                step_template:
                  type: text_to_speech
                  model: local
                  params: {{output_file: "{name}"}}
        """)

    assert found == ["12:33 one_name_for_all_items: every item would be written to the same file"]


def pair(first: str, second: str) -> str:
    return f"""
prompt: x
steps:
  - {{id: one, type: text_to_image, model: local, params: {{output_file: "{first}"}}}}
  - {{id: two, type: text_to_image, model: local, params: {{output_file: "{second}"}}}}
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("hero.png", "hero.png"),
        ("hero.png", "HERO.png"),
        ("straße.png", "STRASSE.png"),
        (unicodedata.normalize("NFC", "größe.png"), unicodedata.normalize("NFD", "größe.png")),
        ("a/hero.png", "A/hero.png"),
    ],
)
def test_names_that_differ_only_in_case_or_composition_collide(first: str, second: str) -> None:
    found = told(pair(first, second))

    assert [line.partition(" ")[2] for line in found] == [
        f"same_output: '{second}' is written by 'one' and by 'two'"
    ]


@pytest.mark.parametrize(("first", "second"), [("a.png", "a.png/b.png"), ("a.png/b.png", "a.png")])
def test_a_file_and_a_folder_of_one_name_collide(first: str, second: str) -> None:
    assert [line.split()[1] for line in told(pair(first, second))] == ["same_output:"]


def test_different_extensions_are_different_names() -> None:
    assert outputs(planned(pair("hero.png", "hero.jpg"))) == ["hero.png", "hero.jpg"]


def test_a_default_name_may_collide_with_a_written_one() -> None:
    found = told("""
        prompt: x
        steps:
          - {id: hero, type: text_to_image, model: local}
          - {type: text_to_image, model: local, params: {output_file: Hero.png}}
        """)

    assert found == ["5:63 same_output: 'Hero.png' is written by 'hero' and by 'text_to_image_2'"]


def test_items_whose_names_fall_together_collide_once() -> None:
    found = told("""
        steps:
          - type: batch_parallel
            id: b
            inputs: [{id: a, n: 1}, {id: b, n: 1}, {id: c, n: 1}]
            step_template:
              type: text_to_speech
              model: local
              params: {text: hi, output_file: "${{ item.n }}.wav"}
        """)

    assert found == ["9:39 same_output: two items of 'b[]' are written to '1.wav'"]


def test_keys_that_fall_together_as_file_names_collide() -> None:
    found = told("""
        steps:
          - type: batch_parallel
            id: b
            inputs: [{id: "a/b"}, {id: "a:b"}]
            step_template: {type: text_to_speech, model: local, params: {text: hi}}
        """)

    assert [line.partition(" ")[2] for line in found] == [
        "same_output: two items of 'b[]' are written to 'b-a_b.wav'"
    ]


def test_numbered_outputs_take_part_in_collisions() -> None:
    found = told("""
        prompt: x
        steps:
          - {id: a, type: text_to_image, model: painter, params: {count: 2}}
          - {type: text_to_image, model: local, params: {output_file: a-2.png}}
        """)

    assert found == ["5:63 same_output: 'a-2.png' is written by 'a' and by 'text_to_image_2'"]


def test_names_of_items_known_only_later_are_unproven() -> None:
    plan = planned("""
        prompt: x
        steps:
          - {id: poem, type: text_to_text, model: local}
          - {type: split_input, split_strategy: lines}
          - {id: b, type: batch_parallel, step_template: {type: text_to_speech, model: local}}
        """)

    assert outputs(plan) == ["poem.txt"]
    assert plan.unproven == {tasks(plan)["b[]"].number}


def test_splits_collect_and_first_success_write_nothing() -> None:
    plan = planned("""
        steps:
          - {id: lines, type: split_input, split_strategy: lines, input: {text: "a\\nb"}}
          - {id: same, type: merge_outputs, merge_strategy: collect}
          - {id: one, type: merge_outputs, merge_strategy: first_success}
        """)

    assert outputs(plan) == []
    assert [task.produces for task in plan.tasks] == [
        Many(One("text"), 2),
        Many(One("text"), 2),
        One("text"),
    ]


def test_the_output_folder_is_the_files_else_the_pipelines_name() -> None:
    steps = "steps: [{type: text_to_image, model: local, params: {prompt: x}}]"

    assert planned(f"output_dir: here\n{steps}").output_dir == "here"
    assert planned(f"name: My film\n{steps}").output_dir == "output/My film"
    assert planned(f"name: ../../etc\n{steps}").output_dir == "output/_.._etc"
    assert planned(steps).output_dir == "output/story"

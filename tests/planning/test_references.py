"""What references stand for, and what is said of those that stand for nothing."""

from support.planning import edges, planned, planning_of, tasks, told

from aipipe.contracts.artefact import InputFile
from aipipe.planning.bindings import (
    Const,
    FromItem,
    FromRun,
    FromStep,
    Joined,
    MapOf,
    StepRef,
)


def test_a_reference_that_is_the_whole_value_keeps_its_type() -> None:
    plan = planned("""
        vars:
          seed: 7
          loud: true
          look: {default: {size: {width: 640}}}
        steps:
          - id: a
            type: text_to_image
            model: local
            params:
              prompt: "${{ vars.loud }}, seed ${{ vars.seed }}"
              seed: "${{ vars.seed }}"
              width: "${{ vars.look.size.width }}"
        """)

    assert tasks(plan)["a"].inputs == {"prompt": Const("true, seed 7")}
    assert tasks(plan)["a"].params == {"seed": Const(7), "width": Const(640)}


def test_variables_of_the_command_take_the_place_of_defaults() -> None:
    text = """
        vars: {seed: {type: integer, default: 7}}
        steps: [{id: a, type: text_to_image, model: local,
          params: {prompt: x, seed: "${{ vars.seed }}"}}]
        """

    assert tasks(planned(text))["a"].params == {"seed": Const(7)}
    assert tasks(planned(text, variables={"seed": "8"}))["a"].params == {"seed": Const(8)}


def test_references_stand_anywhere_in_nested_parameters() -> None:
    plan = planned("""
        steps:
          - {id: t, type: text_to_text, model: local, params: {text: x}}
          - id: a
            type: text_to_image
            model: "acme:x"
            params: {prompt: x}
            raw:
              plain: {of: [1, 2]}
              mixed: {run: "${{ run.id }}", of: ["${{ steps.t }}", "t-${{ steps.t.path }}"]}
        """)

    raw = tasks(plan)["a"].raw
    assert raw["plain"] == Const({"of": (1, 2)})
    assert isinstance(raw["mixed"], MapOf)
    assert raw["mixed"].entries["run"] == FromRun("id")
    assert edges(plan)["a"] == ["t*"]


def test_the_inputs_of_the_run_are_a_value_or_a_list() -> None:
    one = planned(
        """
        inputs: [dog.png]
        steps: [{id: a, type: upscale_image, model: local,
          params: {image: "${{ inputs }}"}}]
        """,
        files={"dog.png": ""},
    )
    several = planned("""
        inputs: [Ann, Bob]
        steps:
          - {id: b, type: batch_parallel, inputs: "${{ inputs }}",
             step_template: {type: text_to_speech, model: local}}
        """)

    dog = InputFile(path="/pipelines/dog.png", medium="image", label="dog")
    assert tasks(one)["a"].inputs == {"image": Const(dog)}
    assert tasks(several)["b[]"].times == 2


def test_inputs_at_fault_are_told_once_however_often_they_are_used() -> None:
    found = told("""
        input: gone.txt
        steps:
          - {type: text_to_speech, model: local}
          - {type: text_to_speech, model: local, params: {text: "${{ inputs }}"}}
          - {type: batch_parallel, step_template: {type: text_to_speech, model: local}}
          - {type: batch_parallel, step_template: {type: text_to_speech, model: local}}
        """)

    assert found == ["2:1 missing_file: no file 'gone.txt'"]


def test_a_split_whose_parameters_are_known_only_later_is_done_later() -> None:
    plan = planned("""
        steps:
          - {id: t, type: text_to_text, model: local, params: {text: x}}
          - id: s
            type: split_input
            split_strategy: chunks
            input: {text: abc}
            params: {max_characters: "${{ steps.t }}"}
        """)

    assert tasks(plan)["s"].params == {"max_characters": FromStep(StepRef(0, 0))}
    assert edges(plan)["s"] == ["t*"]


def test_a_batchs_own_name_of_its_item_is_suggested() -> None:
    found = planning_of("""
        steps:
          - type: batch_parallel
            as: city
            inputs: [Rome, Oslo]
            step_template: {type: text_to_speech, model: local, params: {text: "${{ citi.key }}"}}
        """)

    assert found.told[0].hints == ("did you mean 'city'?",)


def test_items_of_unknown_lists_may_have_any_column_only_if_they_are_rows() -> None:
    text = """
        steps:
          - {{id: t, type: text_to_text, model: local, params: {{text: x}}}}
          - {{type: split_input, split_strategy: {split}}}
          - id: b
            type: batch_parallel
            step_template:
              {{type: text_to_speech, model: local, params: {{text: "${{{{ item.say }}}}"}}}}
        """

    rows = planned(text.format(split="rows"))
    assert tasks(rows)["b[]"].inputs == {"text": FromItem(0, "column", "say")}
    assert told(text.format(split="lines")) == [
        "8:59 no_columns: the items have no columns, so there is no 'say'"
    ]


def test_a_step_that_the_check_of_shapes_found_broken_is_not_told_again() -> None:
    text = """
        steps:
          - {id: a, type: text_to_imagine, model: local}
          - id: g
            type: parallel_group
            steps:
              - {id: x, type: image_to_video, model: local, needs: [a]}
              - {id: y, steps: [{type: never, model: local}, {type: upscale_image, model: local}]}
          - {type: merge_outputs, merge_strategy: combine_images}
          - {type: split_input, split_strategy: tiles}
          - {type: text_to_speech, model: local, params: {text: "${{ steps.nothing }}"}}
        """
    found = planning_of(
        text,
        broken=(
            ("steps", 0, "type"),
            ("steps", 1, "steps", 1, "steps", 0, "type"),
            ("steps", 2, "merge_strategy"),
        ),
    )

    assert [diagnostic.message for diagnostic in found.told] == ["unknown step 'nothing'"]


def test_a_text_is_made_of_what_is_known_and_what_is_not() -> None:
    plan = planned("""
        prompt: p
        vars: {v: v}
        steps:
          - {id: s, type: text_to_text, model: local}
          - id: a
            type: text_to_text
            model: local
            params: {text: "${{ vars.v }}${{ prompt }}-${{ steps.s }}-${{ run.id }}"}
        """)

    assert list(tasks(plan)["a"].inputs.values()) == [
        Joined((Const("vp-"), FromStep(StepRef(0, 0)), Const("-"), FromRun("id")))
    ]

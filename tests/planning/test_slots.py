"""What fills each slot of a step."""

from support.planning import edges, planned, planning_of, sources, tasks, told

from aipipe.contracts.artefact import InputFile
from aipipe.planning.bindings import Const, FromItem, FromStep, Joined, ListOf, StepRef


def test_the_prompt_is_carried_to_the_first_step() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {type: text_to_image, model: local}
        """)

    assert sources(plan) == {"text_to_image_1": {"prompt": "carried: the run's prompt"}}
    assert tasks(plan)["text_to_image_1"].inputs == {"prompt": Const("a lighthouse")}


def test_clips_in_a_group_get_the_picture_before_it_and_the_prompt() -> None:
    plan = planned(
        """
        steps:
          - {type: text_to_image, model: painter}
          - type: parallel_group
            parallel_steps:
              - {type: image_to_video, model: mover, params: {duration: 6}}
              - {type: image_to_video, model: mover, params: {duration: 10}}
        """,
        prompt="a lighthouse",
    )

    both = {"image": "arriving: 'text_to_image_1'", "prompt": "carried: the run's prompt"}
    assert sources(plan) == {
        "text_to_image_1": {"prompt": "carried: the run's prompt"},
        "parallel_group_1.1": both,
        "parallel_group_1.2": both,
    }
    assert tasks(plan)["parallel_group_1.2"].inputs == {
        "image": FromStep(StepRef(up=1, index=0)),
        "prompt": Const("a lighthouse"),
    }


def test_speech_after_a_picture_speaks_the_carried_text() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: still, type: text_to_image, model: local}
          - {id: voice, type: text_to_speech, model: local}
        """)

    assert sources(plan)["voice"] == {"text": "carried: the run's prompt"}


def test_a_generated_prompt_and_the_picture_before_it_both_reach_the_video() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: still, type: text_to_image, model: local}
          - {id: idea, type: prompt_generation, model: local}
          - {id: clip, type: image_to_video, model: local}
          - {id: voice, type: text_to_speech, model: local}
        """)

    assert sources(plan) == {
        "still": {"prompt": "carried: the run's prompt"},
        "idea": {"image": "arriving: 'still'", "text": "carried: the run's prompt"},
        "clip": {"image": "carried: 'still'", "prompt": "arriving: 'idea'"},
        "voice": {"text": "carried: 'idea'"},
    }


def test_a_picture_is_not_carried_past_a_step_that_makes_no_text() -> None:
    found = told("""
        prompt: a lighthouse
        steps:
          - {id: still, type: text_to_image, model: local}
          - {id: voice, type: text_to_speech, model: local}
          - {id: clip, type: image_to_video, model: local}
        """)

    assert found == [
        "6:5 missing_input: nothing fills 'image' of image_to_video; 'voice' gives audio"
    ]


def test_nothing_made_inside_a_group_is_carried_out_of_it() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - type: parallel_group
            id: ideas
            steps:
              - {type: prompt_generation, model: local}
              - {type: prompt_generation, model: local}
          - {id: best, type: merge_outputs, merge_strategy: first_success}
          - {id: still, type: text_to_image, model: local}
          - {id: voice, type: text_to_speech, model: local}
        """)

    assert sources(plan)["still"] == {"prompt": "arriving: 'best'"}
    assert sources(plan)["voice"] == {"text": "carried: 'best'"}


def test_a_slot_takes_the_first_of_params_input_arriving_and_carried() -> None:
    plan = planned("""
        prompt: carried
        steps:
          - {id: said, type: text_to_text, model: local}
          - {id: a, type: text_to_speech, model: local, params: {text: mine}, input: {text: no}}
          - {id: again, type: text_to_text, model: local}
          - {id: b, type: text_to_speech, model: local, input: "${{ steps.said }}"}
          - {id: c, type: text_to_speech, model: local}
        """)

    assert {path: sources(plan)[path] for path in "abc"} == {
        "a": {"text": "params"},
        "b": {"text": "input: steps.said"},
        "c": {"text": "carried: 'again'"},
    }


def test_an_input_goes_to_the_slot_of_its_medium_or_to_the_slot_it_names() -> None:
    plan = planned(
        """
        steps:
          - {id: a, type: image_to_video, model: local, input: dog.png}
          - id: b
            type: image_to_video
            model: local
            input: {image: cat.png, text: it moves}
          - {id: c, type: text_to_speech, model: local, input: {file: story.txt}}
        """,
        files={"dog.png": "", "cat.png": "", "story.txt": "Once upon a time"},
    )

    cat = InputFile(path="/pipelines/cat.png", medium="image", label="cat")
    dog = InputFile(path="/pipelines/dog.png", medium="image", label="dog")
    assert [task.inputs for task in plan.tasks] == [
        {"image": Const(dog)},
        {"image": Const(cat), "prompt": Const("it moves")},
        {"text": Const("Once upon a time")},
    ]


def test_words_in_a_text_slot_are_never_a_file() -> None:
    plan = planned("""
        steps:
          - {id: a, type: text_to_speech, model: local, params: {text: story.txt}}
        """)

    assert tasks(plan)["a"].inputs == {"text": Const("story.txt")}


def test_a_number_in_a_text_slot_is_its_text() -> None:
    plan = planned("""
        vars: {year: 1984}
        steps:
          - {id: a, type: text_to_speech, model: local, params: {text: 7}}
          - {id: b, type: text_to_speech, model: local, params: {text: "${{ vars.year }}"}}
        """)

    assert [task.inputs["text"] for task in plan.tasks] == [Const("7"), Const("1984")]


def test_a_variable_in_a_media_slot_names_a_file() -> None:
    plan = planned(
        """
        vars: {logo: logo.png}
        steps:
          - {id: a, type: image_to_video, model: local, params: {image: "${{ vars.logo }}"}}
        """,
        files={"logo.png": ""},
    )

    assert tasks(plan)["a"].inputs == {
        "image": Const(InputFile(path="/pipelines/logo.png", medium="image", label="logo"))
    }


def test_texts_of_steps_stand_inside_longer_ones() -> None:
    plan = planned("""
        prompt: a lighthouse
        vars: {style: noir}
        steps:
          - {id: idea, type: text_to_text, model: local}
          - id: still
            type: text_to_image
            model: local
            params: {prompt: "${{ vars.style }}, ${{ steps.idea }}, ${{ prompt }}, $${{ x }}"}
        """)

    assert tasks(plan)["still"].inputs["prompt"] == Joined(
        (Const("noir, "), FromStep(StepRef(0, 0)), Const(", a lighthouse, ${{ x }}"))
    )
    assert edges(plan)["still"] == ["idea*"]


def test_an_input_from_a_step_takes_the_place_of_the_edge_to_the_step_before() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: still, type: text_to_image, model: local}
          - {id: voice, type: text_to_speech, model: local}
          - {id: clip, type: image_to_video, model: local, input: "${{ steps.still }}"}
        """)

    assert edges(plan) == {"": [], "still": [], "voice": ["still"], "clip": ["still*"]}
    assert sources(plan)["clip"] == {
        "image": "input: steps.still",
        "prompt": "carried: the run's prompt",
    }


def test_a_list_that_arrives_names_batch_parallel_whatever_made_it() -> None:
    found = told("""
        prompt: a lighthouse
        steps:
          - {id: many, type: text_to_image, model: painter, params: {count: 3}}
          - {type: upscale_image, model: local}
          - {id: lines, type: split_input, split_strategy: lines, input: {text: "a\\nb"}}
          - {type: text_to_speech, model: local}
        """)

    assert found == [
        "5:5 list_arrives: upscale_image takes one image, but 'many' gives a list of 3 images",
        "7:5 list_arrives: text_to_speech takes one text, but 'lines' gives a list of 2 texts",
    ]


def test_merges_take_only_what_arrives() -> None:
    found = told("""
        prompt: never merged
        steps:
          - {type: merge_outputs, merge_strategy: collect}
        """)

    assert found == ["4:5 nothing_arrives: nothing arrives at merge_outputs"]


def test_splits_take_only_what_arrives() -> None:
    found = told("""
        prompt: never split
        steps:
          - {type: split_input, split_strategy: lines}
        """)

    assert found == ["4:5 nothing_arrives: nothing arrives at split_input"]


def test_a_split_that_nothing_reaches_is_told_how_to_take_the_prompt() -> None:
    found = planning_of("""
        prompt: meant to be split
        steps:
          - {type: split_input, split_strategy: lines}
        """)

    assert [each.hints for each in found.told] == [
        ('input: "${{ prompt }}"  takes the run\'s prompt',)
    ]


def test_batches_take_only_what_arrives() -> None:
    found = told("""
        prompt: never an item
        steps:
          - {type: batch_parallel, step_template: {type: text_to_speech, model: local}}
        """)

    (only,) = found
    assert only.startswith("4:5 nothing_to_batch: batch_parallel needs a list of items, but it has")


def test_the_inputs_of_the_run_arrive_at_the_first_step() -> None:
    plan = planned(
        """
        input: story.txt
        prompt: never spoken
        steps:
          - {id: voice, type: text_to_speech, model: local}
        """,
        files={"story.txt": "Once"},
    )

    assert sources(plan) == {"voice": {"text": "arriving: the run's input"}}


def test_a_step_at_fault_makes_no_more_noise_behind_it() -> None:
    found = told("""
        steps:
          - {id: still, type: never_heard_of, model: local}
          - {id: clip, type: image_to_video, model: local}
          - {id: other, type: image_to_video, model: local, params: {image: "${{ steps.still }}"}}
          - {id: more, type: batch_parallel, inputs: "${{ steps.still }}", steps: [
              {type: text_to_speech, model: local}]}
          - {type: upscale_video, model: local, input: "${{ steps.gone }}"}
        """)

    assert found == ["8:48 unknown_step: unknown step 'gone'"]


def test_the_input_of_a_group_or_chain_arrives_at_what_is_inside() -> None:
    plan = planned(
        """
        prompt: a lighthouse
        steps:
          - {id: still, type: text_to_image, model: local}
          - {id: other, type: text_to_image, model: local}
          - id: g
            type: parallel_group
            input: "${{ steps.still }}"
            steps:
              - {id: clip, type: image_to_video, model: local}
              - id: branch
                input: logo.png
                steps: [{id: deep, type: image_to_video, model: local}]
          - {id: pair, type: parallel_group, input: ["${{ steps.still }}", "${{ steps.other }}"],
             steps: [{id: sheet, type: merge_outputs, merge_strategy: combine_images}]}
        """,
        files={"logo.png": ""},
    )
    logo = InputFile(path="/pipelines/logo.png", medium="image", label="logo")

    assert edges(plan)["g"] == ["still*"]
    assert edges(plan)["pair"] == ["still*", "other*"]
    assert tasks(plan)["g.clip"].inputs == {
        "image": FromStep(StepRef(1, 0)),
        "prompt": Const("a lighthouse"),
    }
    assert tasks(plan)["g.branch.deep"].inputs["image"] == Const(logo)
    assert tasks(plan)["pair.sheet"].inputs["input"] == ListOf(
        (FromStep(StepRef(1, 0)), FromStep(StepRef(1, 1)))
    )
    assert sources(plan)["g.clip"]["image"] == "arriving: input: steps.still"


def test_an_item_named_as_the_input_of_a_group_is_read_from_batches_inside_it() -> None:
    plan = planned("""
        steps:
          - id: b
            type: batch_parallel
            inputs: [a lighthouse, a cat]
            steps:
              - id: g
                type: parallel_group
                input: "so: ${{ item }}"
                steps:
                  - {id: still, type: text_to_image, model: local}
                  - {id: each, type: batch_parallel, inputs: [{n: 1}, {n: 2}],
                     step_template: {type: text_to_speech, model: local}}
        """)

    assert tasks(plan)["b[].g.still"].inputs == {
        "prompt": Joined((Const("so: "), FromItem(0, "value")))
    }
    assert tasks(plan)["b[].g.each[]"].inputs == {
        "text": Joined((Const("so: "), FromItem(1, "value")))
    }


def test_the_input_of_a_group_that_is_at_fault_is_told_once() -> None:
    found = told("""
        steps:
          - type: parallel_group
            input: "${{ steps.nothing }}"
            steps: [{type: image_to_video, model: local}, {type: upscale_image, model: local}]
        """)

    assert found == ["4:12 unknown_step: unknown step 'nothing'"]

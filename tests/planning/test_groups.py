"""Branches, chains, and what waits for what."""

from decimal import Decimal

import pytest
from support.planning import edges, outputs, planned, sources, tasks, told, walk

from aipipe.contracts.in_flight import Running
from aipipe.planning.bindings import Many, One
from aipipe.planning.plan import Group, Plan


def types(plan: Plan) -> dict[str, object]:
    return {template.path: template.produces for template, _ in walk(plan.root)}


def test_a_group_gives_a_list_with_a_place_for_each_branch_in_the_order_written() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - id: pictures
            type: parallel_group
            steps:
              - {type: text_to_image, model: painter}
              - {type: text_to_image, model: painter, params: {count: 2}}
              - {id: last, type: text_to_image, model: sketcher}
          - {type: merge_outputs, merge_strategy: combine_images}
        """)

    assert types(plan) == {
        "": One("image"),
        "pictures": Many(One(None), 3),
        "pictures.1": One("image"),
        "pictures.2": Many(One("image"), 2),
        "pictures.last": One("image"),
        "merge_outputs_1": One("image"),
    }
    assert [template.number for template in plan.templates] == [0, 1, 2, 3, 4, 5]


def test_a_branch_may_be_a_chain_whose_value_is_its_last_steps() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - id: films
            type: parallel_group
            steps:
              - id: first
                steps:
                  - {id: still, type: text_to_image, model: local}
                  - {id: clip, type: image_to_video, model: local}
              - {type: text_to_video, model: local}
        """)

    assert types(plan)["films"] == Many(One("video"), 2)
    assert types(plan)["films.first"] == One("video")
    assert edges(plan)["films.first.clip"] == ["films.first.still*"]


def test_a_merge_strategy_of_a_group_is_a_merge_after_it() -> None:
    written = planned("""
        prompt: a lighthouse
        steps:
          - id: pictures
            type: parallel_group
            steps: [{type: text_to_image, model: local}, {type: text_to_image, model: local}]
          - {type: merge_outputs, merge_strategy: combine_images, params: {layout: grid}}
        """)
    short = planned("""
        prompt: a lighthouse
        steps:
          - id: pictures
            type: parallel_group
            merge_strategy: combine_images
            merge_params: {layout: grid}
            steps: [{type: text_to_image, model: local}, {type: text_to_image, model: local}]
        """)

    assert sources(short) == sources(written)
    assert tasks(short)["merge_outputs_1"].params == tasks(written)["merge_outputs_1"].params
    assert edges(short) == edges(written)


def test_a_branch_that_merges_gives_one_value() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - type: parallel_group
            id: sheets
            steps:
              - type: parallel_group
                id: sheet
                merge_strategy: combine_images
                steps: [{type: text_to_image, model: local}, {type: text_to_image, model: local}]
              - type: parallel_group
                enabled: false
                merge_strategy: combine_images
                steps: [{type: text_to_image, model: local}]
        """)

    assert types(plan)["sheets"] == Many(One("image"), 1)
    assert outputs(plan) == [
        "sheets-sheet-parallel_group_1-1.png",
        "sheets-sheet-parallel_group_1-2.png",
        "sheets-sheet-merge_outputs_1.png",
    ]


def test_a_merge_reads_all_that_lies_in_nested_lists() -> None:
    plan = planned(
        """
        prompt: a lighthouse
        steps:
          - type: parallel_group
            steps:
              - {type: text_to_image, model: local}
              - type: parallel_group
                steps: [{type: text_to_image, model: local}, {type: upscale_image, model: local,
                  params: {image: "${{ vars.logo }}"}}]
          - {type: merge_outputs, merge_strategy: combine_images}
        vars: {logo: logo.png}
        """,
        files={"logo.png": ""},
    )

    assert types(plan)["parallel_group_1"] == Many(One(None), 2)
    assert sources(plan)["merge_outputs_1"] == {"input": "arriving: 'parallel_group_1'"}


def test_merges_that_make_no_new_thing_give_one_flat_list() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - type: batch_parallel
            id: b
            inputs: [a, b, c]
            steps:
              - {type: parallel_group, steps: [
                  {type: text_to_image, model: painter}, {type: text_to_image, model: sketcher}]}
          - {id: flat, type: merge_outputs, merge_strategy: collect}
          - {id: each, type: batch_parallel, step_template: {type: image_to_video, model: mover}}
        """)

    assert types(plan)["b"] == Many(Many(One("image"), 2), 3)
    assert types(plan)["flat"] == Many(One("image"), 6)
    assert tasks(plan)["each[]"].times == 6


def test_first_success_gives_what_one_place_of_the_list_is() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {type: parallel_group, merge_strategy: first_success, steps: [
              {type: text_to_image, model: painter}, {type: text_to_image, model: sketcher}]}
          - {id: clip, type: image_to_video, model: mover}
        """)

    assert sources(plan)["clip"] == {
        "image": "arriving: 'merge_outputs_1'",
        "prompt": "carried: the run's prompt",
    }


def test_needs_takes_the_place_of_the_step_before() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: cat, type: text_to_image, model: local}
          - {id: dog, type: text_to_image, model: local}
          - {id: clip, type: image_to_video, model: local, needs: [cat]}
          - {id: both, type: merge_outputs, merge_strategy: combine_images, needs: [dog, cat]}
          - {id: free, type: text_to_speech, model: local, needs: []}
        """)

    assert edges(plan) == {
        "": [],
        "cat": [],
        "dog": ["cat"],
        "clip": ["cat*"],
        "both": ["dog*", "cat*"],
        "free": [],
    }
    assert sources(plan)["both"] == {"input": "arriving: 'dog' and 'cat'"}


def test_needs_beside_an_input_only_orders() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: cat, type: text_to_image, model: local}
          - {id: dog, type: text_to_image, model: local}
          - id: clip
            type: image_to_video
            model: local
            needs: [dog]
            input: "${{ steps.cat }}"
        """)

    assert edges(plan)["clip"] == ["dog", "cat*"]


def test_needs_of_nothing_begin_where_the_chain_begins() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: said, type: text_to_text, model: local}
          - {id: next, type: text_to_speech, model: local}
          - {id: free, type: text_to_speech, model: local, needs: []}
        """)

    assert edges(plan)["free"] == []
    assert sources(plan)["free"] == {"text": "carried: the run's prompt"}
    assert sources(plan)["next"] == {"text": "arriving: 'said'"}


def test_what_several_needs_do_not_agree_on_is_carried_from_where_the_step_stands() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: cat, type: text_to_image, model: local}
          - {id: said, type: text_to_text, model: local}
          - {id: dog, type: text_to_image, model: local}
          - {id: voice, type: text_to_speech, model: local, needs: [cat, dog]}
        """)

    assert sources(plan)["voice"] == {"text": "carried: 'said'"}


def test_a_branch_is_as_long_as_its_longest_path_merges_included() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - type: parallel_group
            id: g
            steps:
              - id: long
                steps:
                  - {type: parallel_group, merge_strategy: combine_images, steps: [
                      {type: text_to_image, model: local}]}
                  - {type: image_to_video, model: local}
              - {id: short, type: text_to_image, model: local}
        """)

    assert {template.path: template.depth for template in plan.templates[1:]} == {
        "g": 3,
        "g.long": 3,
        "g.long.parallel_group_1": 3,
        "g.long.parallel_group_1.1": 3,
        "g.long.merge_outputs_1": 2,
        "g.long.image_to_video_1": 1,
        "g.short": 1,
    }


def test_several_needs_are_a_list_like_any_other() -> None:
    found = told("""
        prompt: a lighthouse
        steps:
          - {id: cat, type: text_to_image, model: local}
          - {id: dog, type: text_to_image, model: local}
          - {type: image_to_video, model: local, needs: [cat, dog]}
        """)

    (only,) = found
    assert only.endswith("takes one image, but 'cat' and 'dog' give a list of 2 images")


def test_branches_may_need_each_other_in_any_order() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - type: parallel_group
            id: g
            steps:
              - {id: clip, type: image_to_video, model: local, needs: [still]}
              - id: talk
                steps:
                  - {id: voice, type: text_to_speech, model: local}
                  - {type: add_audio, model: local, input: {video: "${{ steps.clip }}"}}
              - {id: still, type: text_to_image, model: local}
        """)

    assert edges(plan) == {
        "": [],
        "g": [],
        "g.clip": ["g.still*"],
        "g.talk": [],
        "g.talk.voice": [],
        "g.talk.add_audio_1": ["g.clip*", "g.talk.voice*"],
        "g.still": [],
    }
    assert [template.path for template in plan.templates] == [
        "",
        "g",
        "g.clip",
        "g.talk",
        "g.talk.voice",
        "g.talk.add_audio_1",
        "g.still",
    ]
    assert [template.number for template in plan.templates] == list(range(7))


def test_a_cycle_names_its_branches_in_the_order_of_waiting() -> None:
    found = told("""
        prompt: a lighthouse
        steps:
          - type: parallel_group
            steps:
              - {id: z, type: text_to_text, model: local, needs: [y]}
              - {id: y, type: text_to_text, model: local, needs: [x]}
              - {id: x, type: text_to_text, model: local, needs: [z]}
        """)

    assert found == ["6:9 cycle: these steps wait for each other: 'z' → 'y' → 'x' → 'z'"]


def test_an_id_inside_a_branch_hides_its_namesake_outside() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - type: parallel_group
            id: g
            steps:
              - id: one
                steps:
                  - {id: still, type: text_to_image, model: local}
                  - {id: clip, type: image_to_video, model: local, input: "${{ steps.still }}"}
              - {id: still, type: text_to_image, model: local, needs: [one],
                 params: {prompt: x}}
        """)

    assert edges(plan)["g.one.clip"] == ["g.one.still*"]
    assert edges(plan)["g.still"] == ["g.one"]


def test_duplicate_ids_of_a_scope_are_a_fault() -> None:
    found = told("""
        prompt: a lighthouse
        steps:
          - {id: a, type: text_to_image, model: local}
          - {id: a, type: text_to_image, model: local}
        """)

    assert found == ["5:10 duplicate_id: two steps are called 'a'"]


def test_steps_see_the_ids_of_the_scopes_around_them() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: hero, type: text_to_image, model: local}
          - type: parallel_group
            id: g
            steps:
              - type: batch_parallel
                id: b
                inputs: [x, y]
                steps:
                  - {id: clip, type: image_to_video, model: local, input: "${{ steps.hero }}"}
        """)

    assert edges(plan)["g.b[].clip"] == ["hero*"]


def test_made_up_ids_never_clash_with_written_ones() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {type: text_to_image, model: local}
          - {id: text_to_image_1, type: text_to_image, model: local}
          - type: parallel_group
            steps:
              - {type: text_to_image, model: local}
              - {name: "2!", type: text_to_image, model: local}
              - {name: Take, type: text_to_image, model: local}
              - {name: take, type: text_to_image, model: local}
              - {id: hero, type: text_to_image, model: local}
              - {name: Hero, type: text_to_image, model: local}
        """)

    assert list(tasks(plan)) == [
        "text_to_image_1_",
        "text_to_image_1",
        "parallel_group_1.1",
        "parallel_group_1.2",
        "parallel_group_1.take_3",
        "parallel_group_1.take_4",
        "parallel_group_1.hero",
        "parallel_group_1.hero_6",
    ]


def test_a_name_stands_in_for_an_id() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {name: The Hero!, type: text_to_image, model: local}
          - {type: text_to_speech, model: local}
          - {id: clip, type: image_to_video, model: local, input: "${{ steps.the_hero }}"}
        """)

    assert edges(plan)["clip"] == ["the_hero*"]


def test_a_step_that_is_switched_off_counts_as_unwritten() -> None:
    text = """
        prompt: a lighthouse
        vars: {draft: {type: boolean, default: true}}
        steps:
          - {id: still, type: text_to_image, model: local}
          - {id: big, type: upscale_image, model: local, enabled: "${{ vars.draft }}"}
          - {id: gone, type: text_to_speech, model: local, enabled: false}
          - {id: clip, type: image_to_video, model: local}
        """

    assert edges(planned(text))["clip"] == ["big*"]
    assert edges(planned(text, variables={"draft": "false"})) == {
        "": [],
        "still": [],
        "clip": ["still*"],
    }


@pytest.mark.parametrize("value", ["false", '"false"', "{type: boolean, default: false}"])
def test_a_variable_that_is_false_switches_off(value: str) -> None:
    plan = planned(f"""
        vars: {{on: {value}}}
        prompt: x
        steps:
          - {{id: a, type: text_to_image, model: local}}
          - {{id: b, type: text_to_image, model: local, enabled: "${{{{ vars.on }}}}"}}
        """)

    assert list(tasks(plan)) == ["a"]


def test_what_a_failed_step_still_has_only_orders() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - {id: hero, type: text_to_image, model: local, on_error: continue}
          - id: report
            type: text_to_text
            model: local
            params:
              text: "${{ steps.hero.status }} ${{ steps.hero.cost }} ${{ steps.hero.label }}"
          - {id: path, type: text_to_text, model: local, params: {text: "${{ steps.hero.path }}"}}
        """)

    assert edges(plan)["report"] == ["hero"]
    assert edges(plan)["path"] == ["report", "hero*"]


def test_a_group_keeps_what_it_was_told() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - id: g
            type: parallel_group
            max_workers: 2
            max_failures: 50%
            budget: 1.50
            steps:
              - {type: text_to_image, model: local}
              - {type: text_to_image, model: local}
              - {type: text_to_image, model: local}
        """)
    group = plan.templates[1]

    assert isinstance(group, Group)
    assert (group.max_workers, group.max_failures, group.budget) == (2, "50%", Decimal("1.5"))


def test_a_race_gives_one_value_of_what_its_branches_give() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - id: picture
            type: parallel_group
            race: true
            steps:
              - {type: text_to_image, model: painter}
              - {type: text_to_image, model: sketcher}
          - {id: clip, type: image_to_video, model: local}
        """)

    assert types(plan)["picture"] == One("image")
    assert sources(plan)["clip"]["image"] == "arriving: 'picture'"


@pytest.mark.parametrize(
    ("written", "then"),
    [
        ("true", Running.FINISH),
        ("{running: leave}", Running.LEAVE),
        ("{running: cancel}", Running.CANCEL),
        ("{}", Running.FINISH),
        ("false", None),
    ],
)
def test_a_race_says_what_becomes_of_the_others(written: str, then: Running | None) -> None:
    plan = planned(f"""
        prompt: a lighthouse
        steps:
          - {{id: it, type: parallel_group, race: {written},
             steps: [{{type: text_to_image, model: local}}]}}
        """)

    (group,) = (each for each in plan.templates if isinstance(each, Group))
    assert group.race == then


@pytest.mark.parametrize("key", ["min_success", "max_failures"])
def test_a_race_counts_nothing(key: str) -> None:
    (fault,) = told(f"""
        prompt: a lighthouse
        steps:
          - {{type: parallel_group, race: true, {key}: 1,
             steps: [{{type: text_to_image, model: local}}]}}
        """)

    assert f"race_counts_none: '{key}' has no meaning in a race" in fault


def test_a_choice_by_a_judge_is_a_batch_of_judges_over_the_candidates_and_the_choice() -> None:
    plan = planned("""
        prompt: a lighthouse
        steps:
          - id: pictures
            type: parallel_group
            steps:
              - {type: text_to_image, model: painter}
              - {type: text_to_image, model: sketcher}
          - id: best
            type: merge_outputs
            merge_strategy: best_of
            judge: {type: image_understanding, model: local, params: {prompt: Rate it.}}
          - {id: clip, type: image_to_video, model: local}
        """)

    assert types(plan)["best"] == One("image")
    assert types(plan)["best.judge"] == Many(One("text"), 2)
    assert edges(plan)["best.choice"] == ["best.judge*", "best.candidates*"]
    assert sources(plan)["clip"]["image"] == "arriving: 'best'"
    assert {task.path: task.times for task in plan.tasks}["best.judge[]"] == 2

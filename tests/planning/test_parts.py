"""A pipeline as a step of another: what it is given, what it sees, what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.planning import PaperFiles, edges, outputs, planned, planning_of, sources, tasks, told

from aipipe.contracts.artefact import InputFile
from aipipe.language.spec import OnError
from aipipe.planning.bindings import Const, FromItem, FromStep, Joined, StepRef
from aipipe.planning.plan import Chain, Plan

CLIP = """
    outputs: {clip: "${{ steps.clip }}", voice: "${{ steps.voice.output }}"}
    steps:
      - {id: hero, type: text_to_image, model: painter}
      - {id: clip, type: image_to_video, model: mover}
      - {id: voice, type: text_to_speech, model: speaker}
    """
SAY = """
    vars: {who: {type: string}}
    steps: [{id: voice, type: text_to_speech, model: local, params: {text: "Hi ${{ vars.who }}"}}]
    """
PICTURE = """
    steps: [{id: hero, type: text_to_image, model: local, params: {output_file: hero.png}}]
    """


@dataclass(frozen=True)
class Noting(PaperFiles):
    """Files that know which of them were read."""

    read: list[str] = field(default_factory=list)

    def text(self, path: str) -> str:
        self.read.append(path)
        return PaperFiles.text(self, path)


def using(part: str, steps: str, files: Mapping[str, str] | None = None) -> Plan:
    """The plan of steps with a part beside them."""
    return planned(f"prompt: a fox\nsteps:\n{steps}", files={"part.yaml": part, **(files or {})})


def test_its_steps_are_a_chain_with_paths_of_their_own() -> None:
    plan = using(CLIP, "  - {id: film, type: pipeline, uses: part.yaml}")

    assert list(tasks(plan)) == ["film.hero", "film.clip", "film.voice"]
    assert sources(plan)["film.clip"] == {
        "image": "arriving: 'hero'",
        "prompt": "carried: the run's prompt",
    }


def test_what_it_costs_is_the_sum_of_its_steps() -> None:
    plan = using(CLIP, "  - {id: film, type: pipeline, uses: part.yaml}")

    assert [str(task.estimate.likely) for task in plan.tasks][:2] == ["0.04", "0.28"]


def test_its_value_is_the_first_output_that_it_names() -> None:
    plan = using(
        CLIP,
        """\
  - {id: film, type: pipeline, uses: part.yaml}
  - {id: large, type: upscale_video, model: local}
""",
    )

    assert tasks(plan)["large"].inputs["video"] == FromStep(StepRef(0, 0))
    assert isinstance(plan.root.children[0], Chain)
    assert plan.root.children[0].result == (1,)


def test_its_other_outputs_are_read_by_name_and_waited_for_as_a_whole() -> None:
    plan = using(
        CLIP,
        """\
  - {id: film, type: pipeline, uses: part.yaml}
  - {id: words, type: speech_to_text, model: local, input: "${{ steps.film.outputs.voice }}"}
""",
    )

    assert tasks(plan)["words"].inputs["audio"] == FromStep(StepRef(0, 0, (2,)))
    assert edges(plan)["words"] == ["film*"]


def test_outputs_pass_through_pipelines_inside_each_other() -> None:
    plan = using(
        """
        outputs: {sound: "${{ steps.inner.outputs.voice }}"}
        steps: [{id: inner, type: pipeline, uses: deep/clip.yaml}]
        """,
        """\
  - {id: film, type: pipeline, uses: part.yaml}
  - {id: words, type: speech_to_text, model: local, input: "${{ steps.film.outputs.sound }}"}
""",
        {"deep/clip.yaml": CLIP},
    )

    assert tasks(plan)["words"].inputs["audio"] == FromStep(StepRef(0, 0, (0, 2)))


def test_without_named_outputs_its_value_is_its_last_steps() -> None:
    plan = using(
        PICTURE,
        """\
  - {id: film, type: pipeline, uses: part.yaml}
  - {id: large, type: upscale_image, model: local}
""",
    )

    assert sources(plan)["large"] == {"image": "arriving: 'film'"}


def test_a_variable_may_be_the_item_of_a_batch_around_it() -> None:
    plan = using(
        SAY,
        """\
  - id: all
    type: batch_parallel
    inputs: [Ann, Bob]
    step_template: {type: pipeline, uses: part.yaml, with: {who: "${{ item.value }}"}}
""",
    )

    assert tasks(plan)["all[].voice"].inputs == {
        "text": Joined((Const("Hi "), FromItem(0, "value")))
    }


def test_a_variable_may_be_what_an_earlier_step_makes() -> None:
    plan = using(
        SAY,
        """\
  - {id: name, type: text_to_text, model: local}
  - id: both
    type: parallel_group
    needs: name
    parallel_steps:
      - {id: a, type: pipeline, uses: part.yaml, with: {who: "${{ steps.name }}"}}
""",
    )

    assert tasks(plan)["both.a.voice"].inputs == {
        "text": Joined((Const("Hi "), FromStep(StepRef(2, 0))))
    }
    assert edges(plan)["both.a"] == ["name*"]


def test_a_variable_passes_through_pipelines_inside_each_other() -> None:
    plan = using(
        """
        vars: {name: {type: string}}
        steps: [{id: in, type: pipeline, uses: say.yaml, with: {who: "${{ vars.name }}"}}]
        """,
        """\
  - {id: text, type: text_to_text, model: local}
  - {id: late, type: pipeline, uses: part.yaml, with: {name: "${{ steps.text }}"}}
  - {id: known, type: pipeline, uses: part.yaml, with: {name: Ann}}
""",
        {"say.yaml": SAY},
    )

    found = tasks(plan)
    assert found["late.in.voice"].inputs == {
        "text": Joined((Const("Hi "), FromStep(StepRef(2, 0))))
    }
    assert found["known.in.voice"].inputs == {"text": Const("Hi Ann")}


def test_a_file_in_a_value_is_relative_to_where_it_is_written() -> None:
    part = """
        vars: {picture: {default: own.png}}
        steps: [{id: a, type: upscale_image, model: local, params: {image: "${{ vars.picture }}"}}]
        """
    plan = planned(
        """
        steps:
          - {id: own, type: pipeline, uses: parts/part.yaml}
          - {id: plain, type: pipeline, uses: parts/part.yaml, with: {picture: mine.png}}
          - {id: file, type: pipeline, uses: parts/part.yaml, with: {picture: {file: mine.png}}}
        """,
        files={"parts/part.yaml": part, "parts/own.png": "", "mine.png": ""},
    )

    mine = InputFile(path="/pipelines/mine.png", medium="image", label="mine")
    own = InputFile(path="/pipelines/parts/own.png", medium="image", label="own")
    assert {path: task.inputs["image"] for path, task in tasks(plan).items()} == {
        "own.a": Const(own),
        "plain.a": Const(mine),
        "file.a": Const(mine),
    }


def test_the_step_has_the_first_word_on_the_prompt_then_the_file_then_what_arrives() -> None:
    says = "{steps: [{id: a, type: text_to_speech, model: local}], prompt: own}"
    silent = "{steps: [{id: a, type: text_to_speech, model: local}]}"
    plan = planned(
        """
        prompt: a fox
        steps:
          - {id: step, type: pipeline, uses: says.yaml, with: {prompt: given}}
          - {id: file, needs: [], type: pipeline, uses: says.yaml}
          - {id: run, needs: [], type: pipeline, uses: silent.yaml}
          - {id: words, type: text_to_text, model: local}
          - {id: arriving, type: pipeline, uses: silent.yaml}
          - {id: own, needs: words, type: pipeline, uses: says.yaml}
        """,
        files={"says.yaml": says, "silent.yaml": silent},
    )

    found = {path: task.inputs.get("text") for path, task in tasks(plan).items()}
    assert found["step.a"] == Const("given")
    assert found["file.a"] == Const("own")
    assert found["run.a"] == Const("a fox")
    assert found["arriving.a"] == FromStep(StepRef(1, 3))
    assert found["own.a"] == Const("own")


def test_the_prompt_and_the_inputs_that_it_names_are_those_that_reach_it() -> None:
    plan = planned(
        """
        prompt: a fox
        steps:
          - {id: hero, type: text_to_image, model: local}
          - {id: part, type: pipeline, uses: part.yaml}
        """,
        files={
            "part.yaml": """
                steps:
                  - {id: a, type: image_to_image, model: local,
                     params: {prompt: "${{ prompt }} at night", image: "${{ inputs }}"}}
                """
        },
    )

    assert tasks(plan)["part.a"].inputs == {
        "prompt": Const("a fox at night"),
        "image": FromStep(StepRef(1, 0)),
    }


def test_a_batch_inside_runs_over_the_list_that_arrives_or_the_inputs_of_its_file() -> None:
    batch = """
        steps:
          - {id: all, type: batch_parallel, step_template: {type: text_to_speech, model: local}}
        """
    plan = planned(
        """
        inputs: [Ann, Bob, Eve]
        steps:
          - {id: run, type: pipeline, uses: batch.yaml}
          - {id: own, needs: [], type: pipeline, uses: own.yaml}
          - {id: given, needs: [], type: pipeline, uses: own.yaml, input: [a]}
        """,
        files={"batch.yaml": batch, "own.yaml": f"{batch}\n        inputs: [one, two]"},
    )

    assert {path: task.times for path, task in tasks(plan).items()} == {
        "run.all[]": 3,
        "own.all[]": 2,
        "given.all[]": 1,
    }


def test_what_it_leaves_open_is_as_outside_and_what_it_says_holds_inside() -> None:
    plan = planned(
        """
        prompt: a fox
        defaults: {timeout: 90, retry: {max_attempts: 7}}
        steps:
          - {id: open, type: pipeline, uses: open.yaml, on_error: ignore}
          - {id: own, type: pipeline, uses: own.yaml}
        """,
        files={
            "open.yaml": PICTURE,
            "own.yaml": f"""{PICTURE}
    defaults: {{timeout: 5, retry: {{max_attempts: 2}}, on_error: continue}}
    """,
        },
    )

    found = tasks(plan)
    assert [
        (found[path].timeout, found[path].retry.max_attempts, found[path].on_error)
        for path in ("open.hero", "own.hero")
    ] == [(90.0, 7, OnError.IGNORE), (5.0, 2, OnError.CONTINUE)]


def test_a_budget_is_a_purse_of_its_own() -> None:
    plan = using(f"{CLIP}budget: 0.5", "  - {id: film, type: pipeline, uses: part.yaml}")

    part = plan.root.children[0]
    assert isinstance(part, Chain)
    assert (str(part.budget), part.uses) == ("0.5", "part.yaml")
    assert plan.budget is None


def test_its_named_files_go_into_a_folder_called_as_the_step() -> None:
    plan = using(
        PICTURE,
        """\
  - {id: first, type: pipeline, uses: part.yaml}
  - {id: second, needs: [], type: pipeline, uses: part.yaml}
  - id: all
    type: batch_parallel
    inputs: [{id: x}, {id: y}]
    steps: [{id: p, type: pipeline, uses: part.yaml, with: {prompt: "${{ item.key }}"}}]
""",
    )

    assert outputs(plan) == [
        "first/hero.png",
        "second/hero.png",
        "all-p-x/hero.png",
        "all-p-y/hero.png",
    ]


def test_inside_a_batch_of_its_own_the_names_still_need_the_key() -> None:
    part = """
        steps:
          - id: all
            type: batch_parallel
            inputs: [a, b]
            step_template: {type: text_to_speech, model: local, params: {output_file: a.wav}}
        """

    assert told("steps: [{type: pipeline, uses: part.yaml}]", files={"part.yaml": part}) == [
        "part.yaml:6:87 one_name_for_all_items: every item would be written to the same file"
    ]


def test_a_part_whose_steps_say_that_tags_are_off_takes_them_from_the_whole_run() -> None:
    found = planning_of(
        "{prompt: x, steps: [{type: pipeline, uses: part.yaml}]}",
        files={"part.yaml": f"{PICTURE}tags: off\n    limits: {{max_workers: 2}}"},
    )

    assert found.plan is not None
    assert found.plan.tags is False
    assert [each.message for each in found.told] == [
        "no file of this run tells how it was made, as 'part.yaml' has 'tags: off'",
        "'limits' of 'part.yaml' counts only where it is run by itself",
    ]


def test_a_variable_of_that_name_is_meant_before_the_prompt() -> None:
    part = """
        vars: {prompt: {type: string}}
        steps: [{id: a, type: text_to_image, model: local,
          params: {prompt: "${{ vars.prompt }}, ${{ prompt }}"}}]
        """
    plan = using(part, "  - {id: p, type: pipeline, uses: part.yaml, with: {prompt: at night}}")

    assert tasks(plan)["p.a"].inputs == {"prompt": Const("at night, a fox")}


def test_a_value_that_is_nothing_leaves_the_default() -> None:
    part = SAY.replace("{type: string}", "{type: string, default: Eve}")
    plan = using(part, "  - {id: p, type: pipeline, uses: part.yaml, with: {who: null}}")

    assert tasks(plan)["p.voice"].inputs == {"text": Const("Hi Eve")}


def test_depth_has_an_end_before_the_stack_has() -> None:
    inner = "{type: pipeline, uses: NEXT}"
    for _ in range(12):
        inner = f"{{type: parallel_group, parallel_steps: [{inner}]}}"
    files = {f"{n}.yaml": f"steps: [{inner.replace('NEXT', f'{n + 1}.yaml')}]" for n in range(16)}

    assert told("steps: [{type: pipeline, uses: 0.yaml}]", files=files) == [
        "7.yaml:1:512 too_many_parts: pipelines and their groups are too deep inside each other"
    ]


def test_a_switched_off_step_needs_no_file() -> None:
    plan = using(
        PICTURE,
        """\
  - {type: pipeline, uses: nowhere.yaml, enabled: false}
  - {id: part, type: pipeline, uses: part.yaml}
""",
    )

    assert list(tasks(plan)) == ["part.hero"]


def test_a_fault_inside_is_told_once_however_often_it_is_used() -> None:
    part = "steps: [{type: text_to_speech, model: local, params: {text: '${{ vars.x }}'}}]"
    uses = "".join("  - {type: pipeline, uses: part.yaml}\n" for _ in range(100))

    assert told(f"steps:\n{uses}", files={"part.yaml": part}) == [
        "part.yaml:1:61 unknown_reference: unknown variable 'x'"
    ]


def test_a_file_is_read_once_however_often_it_is_used() -> None:
    disk = Noting({"/pipelines/part.yaml": PICTURE})
    uses = "".join(f"  - {{id: p{n}, type: pipeline, uses: part.yaml}}\n" for n in range(100))

    plan = planned(f"prompt: x\nsteps:\n{uses}", disk=disk)

    assert len(list(plan.tasks)) == 100
    assert disk.read == ["/pipelines/part.yaml"]


def test_a_pipeline_to_which_no_text_comes_says_where_to_give_it() -> None:
    part = "steps: [{type: text_to_speech, model: local, params: {text: '${{ prompt }}'}}]"
    found = planning_of("steps: [{type: pipeline, uses: part.yaml}]", files={"part.yaml": part})

    assert [(each.message, each.hints) for each in found.told] == [
        (
            "the pipeline has no prompt",
            ("with: {prompt: …}  at the step that uses it", "prompt: at the top"),
        )
    ]


def test_the_outputs_of_the_run_are_known_before_it_runs() -> None:
    plan = planned(
        """
        prompt: a fox
        outputs: {film: "${{ steps.film.outputs.clip }}", hero: "${{ steps.hero }}"}
        steps:
          - {id: film, type: pipeline, uses: part.yaml}
          - {id: hero, type: text_to_image, model: local}
        """,
        files={"part.yaml": CLIP},
    )

    assert plan.outputs == {"film": (0, 1), "hero": (1,)}


def test_what_its_file_requires_is_given_by_the_step_that_uses_it() -> None:
    plan = using(
        SAY.replace("{type: string}", "{type: string, required: true}"),
        "  - {type: pipeline, uses: part.yaml, with: {who: Ann}}",
    )

    assert [task.params.get("text", task.inputs.get("text")) for task in plan.tasks] == [
        Const("Hi Ann")
    ]

"""The part of a plan that `--only` asks for."""

import pytest
from support.planning import planned

from aipipe.errors import UsageError
from aipipe.planning.plan import Plan
from aipipe.planning.select import selected

TEXT = """
prompt: x
steps:
  - {id: hero, type: text_to_image, model: local}
  - {id: other, type: text_to_image, model: local}
  - id: clips
    type: parallel_group
    needs: [hero]
    steps:
      - {id: left, type: image_to_video, model: local}
      - {id: right, type: image_to_video, model: local, input: "${{ steps.other }}"}
  - {id: film, type: merge_outputs, merge_strategy: collect}
  - {id: film2, type: text_to_video, model: local}
  - id: voices
    type: batch_parallel
    inputs: [a, b]
    steps:
      - {id: voice, type: text_to_speech, model: local}
      - {id: onto, type: add_audio, model: local,
         input: {video: "${{ steps.film2 }}", audio: "${{ steps.voice }}"}}
"""


def chosen(plan: Plan, *patterns: str) -> list[str]:
    numbers = selected(plan, patterns)
    return [template.path for template in plan.templates if template.number in numbers]


@pytest.fixture
def plan() -> Plan:
    return planned(TEXT)


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["hero"], ["hero"]),
        (["clips.left"], ["hero", "clips.left"]),
        (["right"], ["other", "clips.right"]),
        (["clips"], ["hero", "other", "clips.left", "clips.right"]),
        (["film"], ["hero", "other", "clips.left", "clips.right", "film"]),
        (["voices[].voice"], ["voices[].voice"]),
        (["voices.onto"], ["film2", "voices[].voice", "voices[].onto"]),
        (["h*", "*.left"], ["hero", "clips.left"]),
        (["film", "clips.left"], ["hero", "other", "clips.left", "clips.right", "film"]),
    ],
)
def test_what_is_asked_for_comes_with_all_that_it_reads(
    plan: Plan, patterns: list[str], expected: list[str]
) -> None:
    assert chosen(plan, *patterns) == expected


def test_a_pattern_without_a_step_is_told_with_what_is_close(plan: Plan) -> None:
    with pytest.raises(UsageError) as error:
        selected(plan, ["heros"])

    assert (error.value.message, error.value.hints) == (
        "--only 'heros' matches no step",
        ("did you mean 'hero'?",),
    )


def test_a_pattern_without_anything_close_names_the_steps(plan: Plan) -> None:
    with pytest.raises(UsageError) as error:
        selected(plan, ["zzzz"])

    assert error.value.hints == (f"steps: {', '.join(each.path for each in plan.templates[1:])}",)

"""Texts by template say that they are templates, and are the same every time."""

from pathlib import Path

import pytest
from support.sinks import call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.step import StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.steps import prompt_generation, text_to_text


def written(
    step: StepType, tools: Tools, inputs: dict[str, Value], *, mock: bool = False, **params: Json
) -> str:
    assert step.local is not None
    call = call_of(f"step:{step.name}", inputs=inputs, params=params, mock=mock, model="some_model")
    return tools.sink.text_of(step.local(call, tools).artefacts[0])


def picture(tools: Tools) -> ArtefactRef:
    """A picture that is all red."""
    from PIL import Image  # noqa: PLC0415 - only here

    path = tools.sink.scratch("png")
    Image.new("RGB", (64, 48), (220, 20, 20)).save(path)
    return tools.sink.adopt(path, "image")


def test_an_answer_says_what_it_is_and_what_was_asked(tmp_path: Path) -> None:
    answer = written(text_to_text.STEP, tools_in(tmp_path), {"prompt": "Why is\nthe sky blue?"})

    label, asked, *rest = answer.splitlines()
    assert label == "[template of the local engine, not a model's answer]"
    assert asked == "Asked: Why is the sky blue?"
    assert len(set(rest)) == 3


def test_an_answer_in_the_place_of_a_model_names_it(tmp_path: Path) -> None:
    answer = written(text_to_text.STEP, tools_in(tmp_path), {"prompt": "Hi"}, mock=True)

    assert answer.startswith("[template of the local engine in the place of 'some_model',")


def test_an_answer_depends_on_prompt_instructions_and_seed(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    asked: dict[str, Value] = {"prompt": "Hi"}
    usual = written(text_to_text.STEP, tools, asked, temperature=2)

    assert usual == written(text_to_text.STEP, tools, asked, seed=0)
    assert usual != written(text_to_text.STEP, tools, asked, seed=1)
    assert written(text_to_text.STEP, tools, asked, system="Be brief.") == written(
        text_to_text.STEP, tools, asked, instructions="Be brief."
    )


@pytest.mark.parametrize("limit", [1, 5, 12])
def test_an_answer_is_no_longer_than_it_may_be(tmp_path: Path, limit: int) -> None:
    tools = tools_in(tmp_path)
    answer = written(text_to_text.STEP, tools, {"prompt": "Hi"}, max_tokens=limit)

    assert len(answer.split()) == limit


def test_a_prompt_is_one_line_of_what_was_told_and_its_label(tmp_path: Path) -> None:
    prompt = written(
        prompt_generation.STEP,
        tools_in(tmp_path),
        {"text": "A lighthouse\nin fog."},
        video_style="noir",
        background_context="at night",
        duration_preference="short",
    )

    assert prompt == (
        "A lighthouse in fog, noir style, one slow push in, smooth camera movement, natural"
        " motion, steady exposure, at night [template of the local engine, not a model's answer]"
    )


def test_a_prompt_from_a_picture_names_its_colours(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    prompt = written(prompt_generation.STEP, tools, {"image": picture(tools)}, target="image")

    assert prompt.startswith("the scene of the picture, in ")
    assert "red" in prompt
    assert "push in" not in prompt


def test_a_prompt_needs_something_to_go_by(tmp_path: Path) -> None:
    with pytest.raises(StepError) as caught:
        written(prompt_generation.STEP, tools_in(tmp_path), {})
    assert caught.value.code == "local.nothing_to_describe"


def test_in_the_place_of_another_model_every_word_is_taken(tmp_path: Path) -> None:
    odd: dict[str, Json] = {"target": "hologram", "duration_preference": 7, "max_tokens": "many"}
    for step in (text_to_text.STEP, prompt_generation.STEP):
        inputs: dict[str, Value] = {"prompt": "Hi", "text": "Hi"}

        assert "'some_model'" in written(step, tools_in(tmp_path), inputs, mock=True, **odd)


@pytest.mark.parametrize("step", [text_to_text.STEP, prompt_generation.STEP])
def test_every_parameter_is_described(step: StepType) -> None:
    assert all(schema.get("description") and schema.get("type") for schema in step.params.values())

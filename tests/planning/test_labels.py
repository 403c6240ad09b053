"""What the rows of a table are called."""

import pytest
from support.planning import planned


def labels(*branches: str) -> list[str]:
    written = "".join(f"      - {branch}\n" for branch in branches)
    plan = planned(f"""
prompt: x
steps:
  - type: parallel_group
    steps:
{written}""")
    return [template.label for template in plan.templates[2:]]


def speech(**params: object) -> str:
    inside = ", ".join(f"{word}: {value}" for word, value in params.items())
    return f"{{type: text_to_speech, model: local, params: {{{inside}}}}}"


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        ([speech(voice="rachel"), speech(voice="drew")], ["rachel", "drew"]),
        ([speech(voice="a", speed=1), speech(voice="a", speed=2)], ["speed 1", "speed 2"]),
        (
            [speech(voice="a", speed=1), speech(voice="a", speed=2), speech(voice="b", speed=1)],
            ["a speed 1", "a speed 2", "b speed 1"],
        ),
        ([speech(voice="a"), speech(voice="a")], ["1", "2"]),
        ([speech(voice="a", output_file="x.wav"), speech(voice="a")], ["1", "2"]),
        (
            ["{type: text_to_image, model: pencil}", "{type: text_to_image, model: painter}"],
            ["pencil", "painter"],
        ),
        (
            [
                "{name: The one, type: text_to_image, model: local}",
                "{id: two, type: text_to_image, model: local}",
            ],
            ["The one", "two"],
        ),
        (
            [
                "{type: text_to_image, model: local}",
                "{steps: [{type: text_to_image, model: local}]}",
            ],
            ["1", "2", "text_to_image_1"],
        ),
        (
            [f"{{type: text_to_image, model: local, params: {{seed: {n}}}}}" for n in (7, 8)],
            ["seed 7", "seed 8"],
        ),
        ([speech(text="a text that goes on for very long, one")], ["1"]),
    ],
)
def test_siblings_are_called_by_what_tells_them_apart(
    branches: list[str], expected: list[str]
) -> None:
    assert labels(*branches) == expected


def test_long_texts_are_cut_and_only_used_while_they_differ() -> None:
    long = "once upon a time there was a "

    assert labels(speech(text="one " + long), speech(text="two " + long)) == [
        "one once upon a time th…",
        "two once upon a time th…",
    ]
    assert labels(speech(text=long + "cat"), speech(text=long + "dog")) == ["1", "2"]


def test_steps_one_after_the_other_go_by_their_ids() -> None:
    plan = planned("""
prompt: x
steps:
  - {type: text_to_image, model: local, params: {seed: 1}}
  - {id: clip, type: image_to_video, model: local, params: {duration: 4}}
""")

    assert [template.label for template in plan.templates[1:]] == ["text_to_image_1", "clip"]

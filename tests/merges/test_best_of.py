"""The best of several: by facts of their files, and by what a judge says."""

from __future__ import annotations

import json
from array import array
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from support.buying import bought
from support.paid import DOLLAR, Shop
from support.sinks import call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Value
from aipipe.contracts.call import Produced
from aipipe.contracts.media import AUDIO, IMAGE
from aipipe.contracts.outcome import Failed, Problem
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import merit_names, merits
from aipipe.media.audio import Sound
from aipipe.media.audio_files import write_sound
from aipipe.media.grades import grade_in
from aipipe.merges import best_of

RATE = 16_000


def chosen(
    tools: Tools,
    parts: tuple[Value, ...],
    labels: tuple[str, ...] = (),
    scores: tuple[Value | None, ...] | None = None,
    **params: str,
) -> Produced:
    assert best_of.MERGE.run is not None
    inputs: dict[str, Value] = {"input": parts}
    if scores is not None:
        inputs["scores"] = scores
    call = call_of("merge:best_of", inputs=inputs, labels=labels, params=dict(params))
    return best_of.MERGE.run(call, tools)


def picture(tools: Tools, image: Image.Image, label: str) -> ArtefactRef:
    path = tools.sink.scratch("png")
    image.save(path)
    return tools.sink.adopt(path, IMAGE, label=label)


def chequered(size: int = 64) -> Image.Image:
    image = Image.new("L", (size, size))
    image.putdata([255 * ((x // 4 + y // 4) % 2) for y in range(size) for x in range(size)])
    return image.convert("RGB")


def pictures(tools: Tools) -> tuple[ArtefactRef, ...]:
    sharp = chequered()
    return (
        picture(tools, sharp.filter(ImageFilter.GaussianBlur(4)), "soft"),
        picture(tools, sharp, "sharp"),
        picture(tools, Image.new("RGB", (128, 32), "white"), "white"),
        picture(tools, Image.new("RGB", (16, 16), "black"), "black"),
    )


@pytest.mark.parametrize(
    ("by", "prefer", "best"),
    [
        ("sharpness", "highest", "sharp"),
        ("sharpness", "lowest", "white"),
        ("contrast", "highest", "sharp"),
        ("brightness", "highest", "white"),
        ("brightness", "lowest", "black"),
        ("resolution", "lowest", "black"),
    ],
)
def test_pictures_are_chosen_by_what_can_be_measured(
    tmp_path: Path, by: str, prefer: str, best: str
) -> None:
    tools = tools_in(tmp_path)

    made = chosen(tools, pictures(tools), by=by, prefer=prefer)

    assert [each.label for each in made.artefacts] == [best]


@pytest.mark.parametrize(("by", "best"), [("loudness", "loud"), ("duration", "long")])
def test_sounds_are_chosen_by_how_loud_and_how_long_they_are(
    tmp_path: Path, by: str, best: str
) -> None:
    tools = tools_in(tmp_path)
    sounds = (sound(tools, "long", 2.0, 0.05), sound(tools, "loud", 0.5, 0.8))

    assert chosen(tools, sounds, by=by).artefacts[0].label == best


def sound(tools: Tools, label: str, seconds: float, level: float) -> ArtefactRef:
    path = tools.sink.scratch("wav")
    beep(path, seconds, level)
    return tools.sink.adopt(path, AUDIO, label=label)


def beep(path: Path, seconds: float, level: float) -> None:
    half = round(level * 32_000)
    samples = array("h", [half if n // 50 % 2 else -half for n in range(round(seconds * RATE))])
    write_sound(path, [samples.tobytes()], Sound(rate=RATE), cancelled=lambda: False)


@pytest.mark.parametrize(
    ("by", "best"), [("length", "a longerword"), ("words", "so so so"), ("size", "ÄÄÄÄÄÄÄÄ")]
)
def test_texts_are_chosen_by_their_length(tmp_path: Path, by: str, best: str) -> None:
    texts = ("so so so", "a longerword", "ÄÄÄÄÄÄÄÄ")

    assert chosen(tools_in(tmp_path), texts, by=by).artefacts[0].text == best


def test_of_equal_ones_the_first_as_written_is_taken(tmp_path: Path) -> None:
    for prefer in ("highest", "lowest"):
        made = chosen(tools_in(tmp_path), ("one", "two", "six"), by="length", prefer=prefer)

        assert made.artefacts[0].text == "one"


def test_a_part_that_lacks_the_fact_is_named(tmp_path: Path) -> None:
    with pytest.raises(StepError) as caught:
        chosen(tools_in(tmp_path), ("a text",), ("story",), by="sharpness")

    assert caught.value.message == "'story' is text and has no sharpness"


def test_every_fact_has_a_measure_and_every_measure_a_medium() -> None:
    assert list(merits.MEASURES) == list(merit_names.MEDIA)


def test_silence_is_as_quiet_as_can_be(tmp_path: Path) -> None:
    path = tmp_path / "still.wav"
    beep(path, 0.5, 0.0)

    assert merits.loudness(path) == merits.SILENT


# --- judges


def test_the_highest_grade_of_a_judge_wins_and_all_grades_are_told(tmp_path: Path) -> None:
    made = chosen(
        tools_in(tmp_path), ("a", "b", "c"), ("A", "B", "C"), ("Score: 60", "a clear 91/100", "7")
    )

    assert made.artefacts[0].text == "b"
    assert made.notes == ("'B' is best: A 60, B 91, C 7",)


def test_an_answer_without_a_number_is_a_missing_grade_and_warned_of(tmp_path: Path) -> None:
    made = chosen(tools_in(tmp_path), ("a", "b", "c"), ("A", "B", "C"), ("lovely", "5", None))

    assert made.artefacts[0].text == "b"
    assert made.notes == ("'B' is best: A ?, B 5, C ?",)
    assert made.warnings == ("no number from 0 to 100: 'A' said 'lovely', 'C' was not judged",)


def test_without_any_grade_nothing_is_chosen_and_the_answers_are_quoted(tmp_path: Path) -> None:
    with pytest.raises(StepError) as caught:
        chosen(tools_in(tmp_path), ("a", "b"), ("A", "B"), ("lovely", "x" * 99))

    assert caught.value.code == "merge.no_score"
    quoted = f"'A' said 'lovely', 'B' said '{'x' * 59}…'"
    assert caught.value.message.endswith(f"from 0 to 100: {quoted}")


@given(st.floats(0, 100).map(lambda n: round(n, 2)), st.sampled_from(["", "/100", " out of 100"]))
def test_the_last_number_counts_and_not_what_it_is_out_of(grade: float, rest: str) -> None:
    assert grade_in(f"3 good points, 1984 flaws. Grade: {grade}{rest}.") == grade


@given(st.text(alphabet="abc 120./-"))
def test_a_grade_is_always_from_0_to_100(answer: str) -> None:
    grade = grade_in(answer)

    assert grade is None or 0 <= grade <= 100


# --- whole runs

JUDGED = """
name: texts
prompt: a fox
steps:
  - id: stories
    type: parallel_group
    parallel_steps:
      - {type: text_to_text, model: local, params: {prompt: one}}
      - {type: text_to_text, model: local, params: {prompt: two}}
      - {type: text_to_text, model: local, params: {prompt: three}}
  - id: best
    type: merge_outputs
    merge_strategy: best_of
    params: {output_file: best.txt}
    judge: {type: text_to_text, model: 'shop:text', price: 1, params: {prompt: "%s"}}
"""
ASKED = "Rate this: ${{ item.value }}"


def test_a_judge_is_paid_once_for_each_candidate_and_never_again(tmp_path: Path) -> None:
    shop = Shop(saying="42")
    first = bought(JUDGED % ASKED, tmp_path, shop)
    calls, shop.calls = shop.calls, []

    again = bought(JUDGED % ASKED, tmp_path, shop)

    assert sorted(calls) == [f"best.judge[{n}]" for n in (1, 2, 3)]
    assert (first.exit_code, first.billed, first.estimated.likely) == (0, Decimal(3), Decimal(3))
    assert (again.exit_code, shop.calls, shop.charged) == (0, [], 3 * DOLLAR)


def note_of(folder: Path) -> str:
    written = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    (choice,) = [each for each in written["steps"] if each["id"] == "best.choice"]
    assert [each["path"] for each in choice["outputs"]] == ["best.txt"]
    return str(choice["note"])


def test_the_choice_and_its_grades_stand_in_run_json(tmp_path: Path) -> None:
    bought(JUDGED % ASKED, tmp_path, Shop(saying="42"))

    assert note_of(tmp_path) == "'one' is best: one 42, two 42, three 42"


def test_a_judge_that_fails_where_failures_may_be_leaves_a_missing_grade(tmp_path: Path) -> None:
    shop = Shop(saying="42")
    shop.answers = {"best.judge[2]": Failed(problem=Problem(code="test.broken", message="broke"))}
    text = (JUDGED % ASKED).replace("price: 1,", "price: 1, on_error: ignore,")

    summary = bought(text, tmp_path, shop)

    assert (summary.exit_code, summary.billed) == (0, Decimal(2))
    assert note_of(tmp_path) == (
        "'one' is best: one 42, two ?, three 42; no number from 0 to 100: 'two' was not judged"
    )


def test_a_judge_that_fails_leaves_nothing_to_choose(tmp_path: Path) -> None:
    shop = Shop(saying="42")
    shop.answers = {"best.judge[2]": Failed(problem=Problem(code="test.broken", message="broke"))}

    summary = bought(JUDGED % ASKED, tmp_path, shop)

    assert summary.exit_code == 1
    assert not (tmp_path / "out" / "best.txt").exists()

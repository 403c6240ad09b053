"""Every kind of input wherever it may stand, read as what it is."""

import io
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest
from support.fakes.files import film, picture, sound
from support.world import Actors, ran

from aipipe.app.check import check
from aipipe.app.options import Options
from aipipe.cli.main import main
from aipipe.contracts.status import Status

SRT = """\
1
00:00:01,000 --> 00:00:02,000
<i>One</i> &amp;
one

2
00:00:02,000 --> 00:00:03,000
Two
"""
FILES: dict[str, bytes] = {
    "plain.txt": b"fox",
    "marked.txt": b"\xef\xbb\xbffox",
    "wide.txt": "fox".encode("utf-16"),
    "notes.md": b"fox",
    "a.srt": SRT.encode(),
    "rows.csv": b"id,say\na,fox\nb,owl\n",
    "rows.tsv": b"id\tsay\na\tfox\nb\towl\n",
    "rows.json": b'[{"id": "a", "say": "fox"}, {"id": "b", "say": "owl"}]',
    "rows.jsonl": b'{"id": "a", "say": "fox"}\n{"id": "b", "say": "owl"}\n',
    "one.png": picture("one"),
    "two.png": picture("two"),
    "deep/three.png": picture("three"),
    "tone.mp3": sound(),
    "clip.mp4": film(),
}
TEXTS = ("plain.txt", "marked.txt", "wide.txt", "notes.md")
TABLES = ("rows.csv", "rows.tsv", "rows.json", "rows.jsonl")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All of the files, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes into standard input."""

    def put(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return put


def said(text: str, folder: Path, inputs: tuple[str, ...] = ()) -> list[str]:
    """What a pipeline of actors says, in alphabetical order."""
    actors = Actors()
    summary = ran(dedent(text), folder, actors, inputs=inputs)
    assert summary.counts.keys() == {Status.DONE}, summary.errors
    return sorted(actors.said)


def told(text: str, folder: Path, inputs: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with a pipeline."""
    (folder / "p.yaml").write_text(dedent(text), encoding="utf-8")
    found = check(Options(file=str(folder / "p.yaml"), inputs=inputs))
    return [each.message for each in found.diagnostics]


# --- texts

SAY = "type: say, model: local"
ONE = {
    "input of the file": ("input: {name}\nsteps: [{{{say}}}]", False),
    "--input": ("steps: [{{{say}}}]", True),
    "input of a step": ("steps: [{{{say}, input: {name}}}]", False),
    "input of a step, outright": ("steps: [{{{say}, input: {{file: {name}}}}}]", False),
    "parameter": ("steps: [{{{say}, params: {{text: {{file: {name}}}}}}}]", False),
    "items": ("steps: [{{type: batch_parallel, inputs: [{name}], steps: [{{{say}}}]}}]", False),
    "item": ("steps: [{{type: batch_parallel, inputs: {name}, steps: [{{{say}}}]}}]", False),
    "items of the command": ("steps: [{{type: batch_parallel, steps: [{{{say}}}]}}]", True),
}


@pytest.mark.parametrize(("name", "place"), list(product(TEXTS, ONE)))
def test_a_text_file_is_its_text_wherever_it_stands(folder: Path, name: str, place: str) -> None:
    text, is_given = ONE[place]

    assert said(text.format(name=name, say=SAY), folder, inputs=(name,) if is_given else ()) == [
        "fox"
    ]


WRONG_TEXTS = {
    b"fox\xff": "'bad.txt' is not UTF-8 at byte 4",
    b"fox\0fox": "'bad.txt' is no text: it has a zero byte at byte 4",
    "fox".encode("utf-16") + b"a": "'bad.txt' is not UTF-8 at byte 9",
}


@pytest.mark.parametrize("content", WRONG_TEXTS)
def test_a_text_file_that_is_none_is_told_with_the_place(folder: Path, content: bytes) -> None:
    (folder / "bad.txt").write_bytes(content)

    assert told("input: bad.txt\nsteps: [{type: text_to_speech, model: local}]", folder) == [
        WRONG_TEXTS[content]
    ]


# --- tables

ITEMS = {
    "items": (
        "steps: [{{type: batch_parallel, inputs: {name}, step_template: {step}}}]",
        False,
    ),
    "items in a list": (
        "steps: [{{type: batch_parallel, inputs: [{name}], step_template: {step}}}]",
        False,
    ),
    "inputs of the file": (
        "inputs: {name}\nsteps: [{{type: batch_parallel, step_template: {step}}}]",
        False,
    ),
    "--input": ("steps: [{{type: batch_parallel, step_template: {step}}}]", True),
}


@pytest.mark.parametrize(("name", "place"), list(product(TABLES, ITEMS)))
def test_a_table_is_its_rows_wherever_items_stand(folder: Path, name: str, place: str) -> None:
    text, is_given = ITEMS[place]
    step = '{type: say, model: local, params: {text: "${{ item.key }} ${{ item.say }}"}}'

    found = said(text.format(name=name, step=step), folder, inputs=(name,) if is_given else ())

    assert found == ["a fox", "b owl"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_may_be_split_into_rows(folder: Path, name: str) -> None:
    text = f"""
        steps:
          - {{type: split_input, split_strategy: rows, input: {{file: {name}}}}}
          - type: batch_parallel
            step_template: {{type: say, model: local, params: {{text: "${{{{ item.say }}}}"}}}}
        """

    assert said(text, folder) == ["fox", "owl"]


# --- media

UPSCALE = "{type: upscale_image, model: local}"
PICTURES = {
    "input of the file": ("input: one.png\nsteps: [{step}]", ()),
    "--input": ("steps: [{step}]", ("one.png",)),
    "input of a step": ("steps: [{{type: upscale_image, model: local, input: one.png}}]", ()),
    "parameter": ("steps: [{{type: upscale_image, model: local, params: {{image: one.png}}}}]", ()),
    "items": ("steps: [{{type: batch_parallel, inputs: [one.png], step_template: {step}}}]", ()),
}
PATTERNS = {
    "items": ('steps: [{{type: batch_parallel, inputs: "{name}", step_template: {step}}}]', False),
    "inputs of the file": (
        'inputs: "{name}"\nsteps: [{{type: batch_parallel, step_template: {step}}}]',
        False,
    ),
    "--input": ("steps: [{{type: batch_parallel, step_template: {step}}}]", True),
}


@pytest.mark.parametrize("place", PICTURES)
def test_a_picture_may_stand_wherever_a_file_may(folder: Path, place: str) -> None:
    text, inputs = PICTURES[place]

    summary = ran(text.format(step=UPSCALE), folder, inputs=inputs)

    assert summary.counts == {Status.DONE: 1}


@pytest.mark.parametrize("place", PATTERNS)
@pytest.mark.parametrize(("name", "count"), [("*.png", 2), ("**/*.png", 3), ("o?e.png", 1)])
def test_a_pattern_is_its_files(folder: Path, place: str, name: str, count: int) -> None:
    text, is_given = PATTERNS[place]

    summary = ran(text.format(name=name, step=UPSCALE), folder, inputs=(name,) if is_given else ())

    assert summary.counts == {Status.DONE: count}


def test_a_pattern_may_be_what_is_merged(folder: Path) -> None:
    text = "steps: [{type: merge_outputs, merge_strategy: combine_images, input: '**/*.png'}]"

    assert ran(text, folder).counts == {Status.DONE: 1}


@pytest.mark.parametrize("place", PATTERNS)
def test_a_pattern_without_files_is_told(folder: Path, place: str) -> None:
    text, is_given = PATTERNS[place]
    name = "no/*.png"

    found = told(text.format(name=name, step=UPSCALE), folder, inputs=(name,) if is_given else ())

    assert found[0].removeprefix("--input: ") == "no file matches 'no/*.png'"


def test_a_sound_and_a_film_are_taken_by_their_slots(folder: Path) -> None:
    text = "steps: [{type: add_audio, model: local, input: {video: clip.mp4, audio: tone.mp3}}]"

    assert ran(text, folder).counts == {Status.DONE: 1}


# --- subtitles


@pytest.mark.parametrize("given", ["a.srt", "{file: a.srt}"])
def test_subtitles_are_split_into_what_they_say(folder: Path, given: str) -> None:
    text = f"""
        steps:
          - {{type: split_input, split_strategy: cues, input: {given}}}
          - {{type: batch_parallel, step_template: {{type: say, model: local}}}}
        """

    assert said(text, folder) == ["One & one", "Two"]


def test_subtitles_that_a_step_made_are_split_into_what_they_say(folder: Path) -> None:
    text = """
        steps:
          - type: generate_subtitles
            model: local
            input: {text: One fox. Two owls., audio: tone.mp3}
          - {type: split_input, split_strategy: cues}
          - {type: batch_parallel, step_template: {type: say, model: local}}
        """

    assert " ".join(said(text, folder)) == "One fox. Two owls."


def test_a_text_without_cues_is_no_subtitles(folder: Path) -> None:
    text = "steps: [{type: split_input, split_strategy: cues, input: plain.txt}]"

    assert told(text, folder) == [
        "can't split by cues: there is no cue in it: subtitles are SubRip (.srt) or WebVTT (.vtt)"
    ]


# --- standard input


def test_a_typed_text_is_one_to_a_step(folder: Path, typed: Callable[[bytes], None]) -> None:
    typed(b"a fox\nan owl\n")

    assert said("steps: [{type: say, model: local}]", folder, inputs=("-",)) == ["a fox\nan owl"]


@pytest.mark.parametrize("place", ITEMS)
def test_a_typed_text_is_its_lines_to_a_batch(
    folder: Path, typed: Callable[[bytes], None], place: str
) -> None:
    text, is_given = ITEMS[place]
    typed("a fox\n\nan owl\n".encode("utf-16"))

    found = said(
        text.format(name='"-"', step="{type: say, model: local}"),
        folder,
        inputs=("-",) if is_given else (),
    )

    assert found == ["a fox", "an owl"]


def test_a_typed_picture_is_one(folder: Path, typed: Callable[[bytes], None]) -> None:
    typed(picture())

    assert ran(f"steps: [{UPSCALE}]", folder, inputs=("-",)).counts == {Status.DONE: 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "--input: standard input is empty"),
        (b"fox\xff", "--input: standard input is not UTF-8 at byte 4"),
    ],
)
def test_what_is_typed_and_is_nothing_is_told(
    folder: Path, typed: Callable[[bytes], None], content: bytes, message: str
) -> None:
    typed(content)

    assert message in told("steps: [{type: text_to_speech, model: local}]", folder, inputs=("-",))


def test_standard_input_is_not_read_as_two_things(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "p.yaml").write_text("steps: [{type: text_to_speech, model: local}]")

    assert main(["plan", "p.yaml", "--prompt", "-", "--input", "-"]) == 2
    assert "--prompt - and --input - both read standard input" in capsys.readouterr().err

"""What checking finds once a file is planned: values that references bring, and notes."""

from pathlib import Path

import pytest

from aipipe.app.check import check
from aipipe.app.discover import own_registry
from aipipe.app.options import Options
from aipipe.language.diagnostics import Severity

VARIED = """\
vars: {seconds: 7, size: huge}
prompt: a fox
steps:
  - {type: text_to_image, model: flux, params: {seed: "${{ vars.seconds }}"}}
  - {type: image_to_video, model: hailuo, params: {duration: "${{ vars.seconds }}"}}
"""
VOICES = """\
prompt: hello
steps:
  - type: parallel_group
    parallel_steps:
      - {type: text_to_speech, model: elevenlabs, params: {voice: rachel}}
      - {type: text_to_speech, model: elevenlabs, params: {voice: bella}}
"""


def told(text: str, folder: Path, **options: object) -> list[tuple[str, str, int | None]]:
    file = folder / "pipeline.yaml"
    file.write_text(text, encoding="utf-8")
    found = check(Options(file=str(file), **options))  # type: ignore[arg-type]
    return [(str(each.severity), each.message, each.line) for each in found.diagnostics]


def test_a_value_that_a_variable_brings_is_held_against_the_model(tmp_path: Path) -> None:
    assert told(VARIED, tmp_path) == [("error", "'duration' of hailuo_02 can't be 7", 5)]


def test_a_value_from_the_command_line_is_held_against_it_too(tmp_path: Path) -> None:
    assert told(VARIED, tmp_path, vars={"seconds": "6"}) == []
    assert told(VARIED, tmp_path, vars={"seconds": "8"}) == [
        ("error", "'duration' of hailuo_02 can't be 8", 5)
    ]


@pytest.mark.parametrize("mock", [False, True])
def test_a_voice_that_is_easily_taken_for_another_is_noted(tmp_path: Path, *, mock: bool) -> None:
    note = "'bella' is ElevenLabs' current Bella; the older voice of that name is 'sarah'"

    found = told(VOICES, tmp_path, mock=mock)

    assert found == ([] if mock else [(str(Severity.NOTE), note, 6)])


def test_a_provider_is_imported_when_it_is_asked_for_and_called_as_its_module_says() -> None:
    found = own_registry().providers

    assert [(name, provider.name) for name, provider in found.items()] == [
        (name, name) for name in sorted(found)
    ]
    assert {"fal", "elevenlabs", "http", "openai", "comfyui"} <= set(found)

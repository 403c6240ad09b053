"""A model that was shut down, from the file to the last word: the real one stands everywhere."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from providers.cases import Stage, serve
from providers.fal_case import FAL

from aipipe.app.check import check
from aipipe.app.options import Options
from aipipe.app.setting import setting
from aipipe.cli.main import main
from aipipe.language.diagnostics import Severity
from aipipe.media.tags import read_tags

GROUP = """\
name: foxes
steps:
  - id: pictures
    type: parallel_group
    parallel_steps:
      - type: text_to_image
        model: imagen4
        params: {prompt: a red fox, output_file: first.png}
      - type: text_to_image
        model: flux
        params: {prompt: a red fox}
  - type: merge_outputs
    id: sheet
    input: "${{ steps.pictures.output }}"
    merge_strategy: combine_images
    params: {output_file: sheet.png}
  - type: merge_outputs
    id: words
    input: "${{ steps.pictures.output }}"
    merge_strategy: combine_images
    params: {captions: [nano_banana_2, flux], output_file: words.png}
  - type: merge_outputs
    id: list
    input: "${{ steps.pictures.output }}"
    merge_strategy: json
    params: {output_file: list.json}
"""


def pixels(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def test_the_real_model_stands_in_tables_captions_tags_and_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(stage: Stage) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
        for name, value in stage.fake.environment.items():
            monkeypatch.setenv(name, value)
        Path("foxes.yaml").write_text(GROUP, encoding="utf-8")
        code = main(("run", "foxes.yaml", "-o", "out"))
        shown = capsys.readouterr()
        asked = [each.request.path for each in stage.fake.seen if each.kind == "submit"]
        record = json.loads(Path("out/run.json").read_text(encoding="utf-8"))
        made = json.loads(Path("out/list.json").read_text(encoding="utf-8"))
        sheets = [pixels(Path(f"out/{name}.png")) for name in ("sheet", "words")]

        assert code == 0, shown
        assert sorted(asked) == ["/fal-ai/flux/dev", "/fal-ai/nano-banana-2"]
        assert "'imagen4' was shut down on 2026-08-17; 'nano_banana_2' takes its" in shown.err
        assert ["1", "imagen4", "nano_banana_2", "done"] in [
            line.split()[:4] for line in shown.out.splitlines()
        ]
        assert [step["model"] for step in record["steps"]][:2] == ["nano_banana_2", "flux_dev"]
        assert read_tags(Path("out/first.png"))["model"] == "nano_banana_2"
        assert [each["label"] for each in made] == ["nano_banana_2", "flux"]
        assert ImageChops.difference(*sheets).getbbox() is None

    serve(FAL, tmp_path, play)


@pytest.mark.parametrize("command", ["run", "plan", "estimate-cost", "validate"])
def test_strict_refuses_it_wherever_it_is_named(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "foxes.yaml"
    file.write_text(GROUP, encoding="utf-8")

    code = main((command, str(file), "--strict"))
    shown = capsys.readouterr()

    assert code == 2
    assert "1 warning (--strict) · nothing ran, nothing spent · exit 2" in shown.out + shown.err


@pytest.mark.parametrize(
    ("type_", "model", "replacement"),
    [
        ("text_to_image", "imagen4", "nano_banana_2"),
        ("text_to_image", "imagen4_ultra", "nano_banana_pro"),
        ("text_to_video", "sora_2", "veo_3_1"),
    ],
)
def test_each_is_told_with_what_takes_its_place(
    type_: str, model: str, replacement: str, tmp_path: Path
) -> None:
    found = check(one(tmp_path, type_, model))
    (warning,) = found.diagnostics

    assert found.plan is not None
    assert [task.model for task in found.plan.tasks] == [replacement]
    assert (warning.severity, warning.code) == (Severity.WARNING, "retired_model")
    assert warning.message.endswith(f"; '{replacement}' takes its place")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 6), []),
        (date(2026, 11, 7), ["model 'tts-1' ends on 2027-01-06"]),
        (date(2027, 1, 6), ["model 'tts-1' ends on 2027-01-06"]),
        (date(2027, 1, 7), ["model 'tts-1' was to end on 2027-01-06, and may be gone"]),
    ],
)
def test_checking_a_file_warns_60_days_before_a_model_ends(
    today: date, expected: list[str], tmp_path: Path
) -> None:
    world = replace(setting(), today=lambda: today)

    found = check(one(tmp_path, "text_to_speech", "tts-1"), world)

    assert [each.message for each in found.diagnostics] == expected


def one(folder: Path, type_: str, model: str) -> Options:
    slot = "voice: nova, text" if type_ == "text_to_speech" else "prompt"
    file = folder / "one.yaml"
    step = f"{{type: {type_}, model: {model}, params: {{{slot}: a red fox}}}}"
    file.write_text(f"name: one\nsteps:\n  - {step}\n", encoding="utf-8")
    return Options(file=str(file))

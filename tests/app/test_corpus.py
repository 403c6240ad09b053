"""The earlier tool's own pipelines, where they are at hand: each is read, run, rewritten."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

import aipipe
from aipipe.app.check import Checked, check
from aipipe.app.migrating import migration, write
from aipipe.app.options import Options
from aipipe.app.setting import Setting, setting
from aipipe.contracts.event import RunStatus
from aipipe.planning.plan import Task

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.yaml")) if CORPUS.is_dir() else []
WITHOUT_STEPS = {"tts_basic_test", "tts_cli_demo"}
NAMED = {
    "analysis_ocr_direct": "input/test_ocr_image.webp",
    "analysis_ocr_direct__v2": "input/images/test_ocr_image.webp",
}
"""Pictures that a file names, relative to itself."""
GIVEN = {
    "image_prompt_video_workflow": "a.png",
    "video_subtitle_generation": "a.mp4",
    "video_upscale_topaz": "a.mp4",
}
"""What takes the place of an input on somebody else's machine, or of none."""
MEDIA = """\
prompt: a lighthouse
steps:
  - {type: text_to_image, model: local, params: {size: 96x64, output_file: a.png}}
  - {type: image_to_image, model: local, params: {output_file: a.webp}}
  - {type: image_to_video, model: local, params: {duration: 1, output_file: a.mp4}}
"""

pytestmark = pytest.mark.skipif(not FILES, reason="the earlier tool's pipelines are not here")
each_file = pytest.mark.parametrize(
    "file", [file for file in FILES if file.stem not in WITHOUT_STEPS], ids=lambda file: file.stem
)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a picture as PNG and WebP, and a short video."""
    folder = tmp_path_factory.mktemp("media")
    (folder / "media.yaml").write_text(MEDIA, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIPIPE_HOME", str(folder / "home"))
        aipipe.run(folder / "media.yaml", output_dir=folder)
    return folder


@pytest.fixture(scope="module")
def world() -> Setting:
    return setting()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    return tmp_path


def options(file: Path, folder: Path, media: Path) -> Options:
    """A copy of the file, with what it starts from."""
    copy = folder / file.name
    copy.write_bytes(file.read_bytes())
    if file.stem in NAMED:
        (folder / NAMED[file.stem]).parent.mkdir(parents=True)
        (folder / NAMED[file.stem]).write_bytes((media / "a.webp").read_bytes())
    given = (str(media / GIVEN[file.stem]),) if file.stem in GIVEN else ()
    has_prompt = "\nprompt:" in file.read_text(encoding="utf-8")
    return Options(file=str(copy), prompt=None if has_prompt else "a fox", inputs=given)


def errors(checked: Checked) -> list[str]:
    return [each.message for each in checked.diagnostics if each.severity == "error"]


def priced(checked: Checked) -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    """Each task with its price, whatever name its model is called by."""
    assert checked.plan is not None
    return [
        (task.path, task.model, task.total.likely, task.total.at_most)
        for task in checked.plan.templates
        if isinstance(task, Task)
    ]


@each_file
def test_a_file_validates_and_plans_with_prices(
    file: Path, folder: Path, media: Path, world: Setting
) -> None:
    checked = check(options(file, folder, media), world)

    assert errors(checked) == []
    assert checked.plan is not None
    assert [task.estimate.priced for task in checked.plan.tasks if not task.estimate.priced] == []


@each_file
def test_a_file_runs_with_the_embedded_engine_in_the_place_of_every_model(
    file: Path, folder: Path, media: Path
) -> None:
    given = options(file, folder, media)
    summary = aipipe.run(given.file, prompt=given.prompt, inputs=given.inputs, mock=True)

    assert summary.status is RunStatus.DONE
    written = json.loads((Path(summary.output_dir) / "run.json").read_text(encoding="utf-8"))
    assert written["status"] == "done"


@each_file
def test_a_rewritten_file_has_nothing_to_tell_and_the_same_tasks_and_prices(
    file: Path, folder: Path, media: Path, world: Setting
) -> None:
    given = options(file, folder, media)
    before = check(given, world)
    write(migration(given.file, world), given.file)
    after = check(given, world)

    assert after.diagnostics == ()
    assert priced(after) == priced(before)
    assert not migration(given.file, world).is_needed


@each_file
def test_every_comment_of_a_file_is_in_the_rewritten_one(file: Path, world: Setting) -> None:
    after = migration(str(file), world).after

    lost = [line for line in _comments(file.read_text(encoding="utf-8")) if line not in after]
    assert lost == []


def _comments(text: str) -> list[str]:
    return [
        line.strip() if line.strip().startswith("#") else f"# {line.rpartition('  # ')[2]}"
        for line in text.splitlines()
        if line.strip().startswith("#") or "  # " in line
    ]


@pytest.mark.parametrize("name", sorted(WITHOUT_STEPS))
def test_a_file_without_steps_is_refused(name: str, world: Setting) -> None:
    checked = check(Options(file=str(CORPUS / f"{name}.yaml")), world)

    assert checked.plan is None
    assert errors(checked)[0] == "a pipeline needs 'steps'"

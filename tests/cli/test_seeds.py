"""The five pipelines that the design began with, as they are, with stand-ins for every model."""

import re
import shutil
from pathlib import Path

import pytest

from aipipe.cli.main import main
from aipipe.media.probe import identify, probe

SEEDS = Path(__file__).parents[3] / "shared" / "seed"
FILES = sorted(SEEDS.glob("*.yaml"))
pytestmark = pytest.mark.skipif(not FILES, reason="the files are not here")
_NAMED = re.compile(r'output_file: "([^"]+)"')
MEDIA = {"png": "image", "mp3": "audio", "wav": "audio", "mp4": "video", "jpg": "image"}


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of them, beside an empty working directory."""
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_a_seed_runs_and_every_file_decodes_as_what_its_name_says(seeds: Path, name: str) -> None:
    code = main(["run", str(seeds / name), "--mock", "--prompt", "a lighthouse in fog", "-q"])

    folders = list(Path("output").glob("*/mock"))
    made = {path.name: path for path in folders[0].iterdir() if path.name != "run.json"}
    assert code == 0
    assert set(_NAMED.findall((seeds / name).read_text(encoding="utf-8"))) <= set(made)
    assert made
    for path in made.values():
        extension = path.suffix[1:]
        assert identify(path) == extension
        assert probe(path, MEDIA[extension]).extension == extension

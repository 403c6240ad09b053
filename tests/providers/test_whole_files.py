"""Whole pipelines, as they are, against the fakes of the providers that they call."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.fakes.elevenlabs import ElevenLabs
from support.fakes.fake import Fake
from support.fakes.fal import Fal
from support.till.server import served

from aipipe.catalog.catalogue import load
from aipipe.cli.main import main

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seed"
FILES = [*sorted((ROOT / "pipelines").glob("*.yaml")), *sorted(SEEDS.glob("*.yaml"))]
NAMED = {
    "1_parallel_tts": {"voice_rachel.mp3", "voice_drew.mp3", "voice_bella.mp3"},
    "4_multi_model_image": {"imagen4_result.png", "flux_result.png", "seedream_result.png"},
}
"""Outputs that the files name."""


@dataclass(frozen=True)
class Market:
    """The fakes, all open."""

    fakes: tuple[Fake, ...]

    @property
    def faults(self) -> list[str]:
        """What no specification allows."""
        return [each for fake in self.fakes for each in fake.faults]

    @property
    def charged(self) -> int:
        """How many calls were paid for."""
        return sum(len(fake.charged) for fake in self.fakes)


def id_of(voice: str) -> str:
    return load().voices["elevenlabs"][voice].id


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> Iterator[Market]:
    voices = {id_of(name): name for name in ("rachel", "drew", "bella")}
    fakes: tuple[Fake, ...] = (Fal(), ElevenLabs(voices=voices))
    with ExitStack() as open_ones:
        for fake in fakes:
            fake.base = open_ones.enter_context(served(fake))
            for name, value in fake.environment.items():
                monkeypatch.setenv(name, value)
        yield Market(fakes)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_runs_as_it_is_and_its_costs_stand_in_the_table(
    file: Path,
    market: Market,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(file.parent, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    asked = ["run", file.name, "--prompt", "a lighthouse in fog", "--output-dir", "made", "--yes"]

    code = main(asked)
    shown = capsys.readouterr()
    report = json.loads((tmp_path / "here" / "made" / "run.json").read_text(encoding="utf-8"))
    again = main([*asked, "--json"])

    assert code == 0, shown.out + shown.err
    assert market.faults == []
    paths = {Path(each["path"]) for step in report["steps"] for each in step["outputs"]}
    assert all((tmp_path / "here" / "made" / path).stat().st_size for path in paths)
    assert NAMED.get(file.stem, set()) <= {path.name for path in paths}
    paid = market.charged
    assert again == 0
    assert market.charged == paid, "the same again was paid again"
    if paid:
        assert "likely" in shown.out
        assert "billed" in shown.out

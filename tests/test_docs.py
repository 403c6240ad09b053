"""What the documents show holds: pipelines are planned, examples and the workflow run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aipipe.app.check import check
from aipipe.app.options import Options
from aipipe.cli.main import main
from aipipe.language.diagnostics import Severity

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
EXAMPLES = sorted((ROOT / "pipelines").glob("*.yaml"))
_BLOCK = re.compile(r"^```ya?ml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """Every YAML block of the documents, with a name."""
    return [
        (f"{name}:{number}", text)
        for name in DOCUMENTS
        for number, text in enumerate(_BLOCK.findall((ROOT / name).read_text(encoding="utf-8")), 1)
    ]


def is_workflow(text: str) -> bool:
    """Whether a block is a workflow of GitHub Actions, which is no pipeline."""
    return "jobs" in yaml.safe_load(text)


def is_service(text: str) -> bool:
    """Whether a block describes a service; its first line names the file."""
    return "submit" in yaml.safe_load(text)


SERVICES = {text.split()[1]: text for _, text in blocks() if is_service(text)}
PIPELINES = [
    (name, text) for name, text in blocks() if not is_workflow(text) and not is_service(text)
]
WORKFLOWS = [text for _, text in blocks() if is_workflow(text)]


def faults(path: Path) -> list[str]:
    checked = check(Options(file=str(path)))
    return [each.message for each in checked.diagnostics if each.severity is Severity.ERROR]


def test_the_readme_shows_pipelines() -> None:
    assert [name for name, _ in PIPELINES if name.startswith("README.md")] != []


@pytest.mark.parametrize(("name", "text"), PIPELINES, ids=[name for name, _ in PIPELINES])
def test_every_pipeline_of_the_documents_is_planned(name: str, text: str, tmp_path: Path) -> None:
    pipeline = tmp_path / "block.yaml"
    pipeline.write_text(text, encoding="utf-8")
    for file, described in SERVICES.items():
        (tmp_path / file).write_text(described, encoding="utf-8")

    assert faults(pipeline) == [], name


def test_the_documents_show_a_service_that_a_pipeline_of_theirs_calls() -> None:
    assert [file for file in SERVICES if f"http:{file}" not in str(PIPELINES)] == []
    assert SERVICES != {}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_runs_with_stand_ins(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    assert main(["run", str(example), "--mock", "-o", "made", "--quiet"]) == 0
    assert len(list((tmp_path / "made" / "mock").iterdir())) > 1


# --- the workflow


def job() -> dict[str, Any]:
    """The one job of the one workflow."""
    (text,) = WORKFLOWS
    (found,) = yaml.safe_load(text)["jobs"].values()
    assert isinstance(found, dict)
    return found


def the_step(what: str) -> dict[str, Any]:
    """The one step that uses an action, or runs a command, with this in its name."""
    (found,) = [s for s in job()["steps"] if what in s.get("uses", "") or what in s.get("run", "")]
    assert isinstance(found, dict)
    return found


def test_the_workflow_saves_the_ledger_whatever_happens_and_under_a_new_key_each_time() -> None:
    restore, save, run = map(the_step, ("cache/restore@", "cache/save@", "aipipe run"))

    assert save["if"] == "always()"
    assert restore["with"]["path"] == save["with"]["path"] == run["env"]["AIPIPE_HOME"]
    assert restore["with"]["key"] == save["with"]["key"]
    assert save["with"]["key"].startswith(restore["with"]["restore-keys"])
    assert {"run_id", "run_attempt"} <= set(re.findall(r"github\.(\w+)", save["with"]["key"]))


def test_the_workflow_restores_before_it_runs_and_saves_last() -> None:
    steps = job()["steps"]
    order = [steps.index(the_step(each)) for each in ("restore@", "aipipe run", "save@")]

    assert order == sorted(order)
    assert order[-1] == len(steps) - 1


def test_no_two_jobs_of_the_workflow_go_on_from_one_ledger() -> None:
    (text,) = WORKFLOWS
    group = yaml.safe_load(text)["concurrency"]

    assert the_step("restore@")["with"]["restore-keys"] == f"{group}-"


def test_the_workflow_s_time_limit_ends_before_the_job_is_cut_off() -> None:
    minutes = re.search(r"--time-limit (\d+)m ", the_step("aipipe run")["run"])

    assert minutes is not None
    assert int(minutes[1]) + 10 <= job()["timeout-minutes"]


BASH = shutil.which("bash") or ""


@pytest.mark.skipif(not BASH, reason="needs bash, as the runner has it")
def test_the_workflow_s_command_runs_as_it_stands_and_writes_the_job_summary(
    tmp_path: Path,
) -> None:
    step = the_step("aipipe run")
    shutil.copytree(ROOT / "pipelines", tmp_path / "pipelines")
    program = tmp_path / "bin" / "aipipe"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aipipe "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script, summary = tmp_path / "step.sh", tmp_path / "summary.md"
    script.write_text(step["run"], encoding="utf-8")
    environment = {
        **os.environ,
        **step["env"],
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(summary),
        "AIPIPE_MOCK": "1",
    }

    ended = subprocess.run(
        [BASH, "-e", str(script)],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        text=True,
        timeout=120,
    )

    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    assert summary.read_text(encoding="utf-8").startswith("### compare\\_pictures\n")
    assert (tmp_path / step["env"]["AIPIPE_HOME"] / "ledger.sqlite3").is_file()


def test_a_signal_to_the_workflow_s_step_reaches_aipipe() -> None:
    assert the_step("aipipe run")["run"].startswith("exec aipipe run ")

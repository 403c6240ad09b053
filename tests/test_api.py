"""The Python API: the same engine, without a command line."""

import asyncio
from inspect import signature
from pathlib import Path

import pytest

import aipipe
from aipipe.contracts.event import RunEvent, RunStatus, StepEnded, StepStarted
from aipipe.errors import PipelineFaultsError, UsageError

TEXTS = """\
prompt: a fox
steps:
  - {id: one, type: text_to_text, model: local, params: {output_file: one.txt}}
"""
FILM = """\
prompt: a fox
steps:
  - {id: film, type: text_to_video, model: local, params: {duration: 60, resolution: 1080p}}
"""


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small pipeline in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    file = tmp_path / "texts.yaml"
    file.write_text(TEXTS, encoding="utf-8")
    return file


def test_run_gives_the_summary(pipeline: Path, tmp_path: Path) -> None:
    summary = aipipe.run(pipeline, output_dir=tmp_path / "made")

    assert (summary.status, summary.exit_code) == (RunStatus.DONE, 0)
    assert [output.path for row in summary.rows() for output in row.outputs] == ["one.txt"]
    assert (tmp_path / "made" / "one.txt").is_file()


def test_events_are_told_as_they_happen(pipeline: Path) -> None:
    events: list[RunEvent] = []

    aipipe.run(pipeline, on_event=events.append)

    assert [e.task for e in events if isinstance(e, StepStarted)] == ["one"]
    assert [e.task for e in events if isinstance(e, StepEnded)] == ["one"]


def test_faults_are_raised_all_together(pipeline: Path) -> None:
    pipeline.write_text(TEXTS.replace("model", "modle").replace("prompt", "promt"))

    with pytest.raises(PipelineFaultsError) as raised:
        aipipe.run(pipeline)

    assert [fault.code for fault in raised.value.faults] == ["unknown_key", "unknown_key"]  # type: ignore[attr-defined]


def test_run_async_leaves_the_loop_free(pipeline: Path) -> None:
    async def both() -> tuple[object, str]:
        run = asyncio.create_task(aipipe.run_async(pipeline, prompt="another fox"))
        await asyncio.sleep(0)
        return (await run).status, "free"

    assert asyncio.run(both()) == (RunStatus.DONE, "free")


def test_cancelling_the_task_stops_the_run_and_waits_for_its_end(
    pipeline: Path, tmp_path: Path
) -> None:
    pipeline.write_text(FILM, encoding="utf-8")
    ends: list[str] = []

    async def cancelled() -> None:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def listen(event: RunEvent) -> None:
            if isinstance(event, StepStarted):
                loop.call_soon_threadsafe(begun.set)
            if isinstance(event, StepEnded):
                ends.append(str(event.status))

        run = asyncio.create_task(aipipe.run_async(pipeline, on_event=listen))
        await begun.wait()
        run.cancel()
        await run

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())

    assert ends == ["cancelled"]
    assert [path.name for path in (tmp_path / "output" / "texts").iterdir()] == ["run.json"]


def test_both_ways_to_run_take_the_same_options_by_the_names_of_the_command_line() -> None:
    plain, awaited = (set(signature(each).parameters) for each in (aipipe.run, aipipe.run_async))

    assert plain - {"control"} == awaited - {"on_interrupt"}
    assert {"redo", "new_run", "unconfirmed", "unconfirmed_max", "rebuy", "retry_refused"} <= plain


def test_a_step_to_redo_that_is_none_starts_nothing(pipeline: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--redo 'two' matches no step"):
        aipipe.run(pipeline, redo=["two"])

    assert not (tmp_path / "output").exists()

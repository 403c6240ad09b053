"""`fallback:` names models that take a failed one's place, visibly, and never one in doubt."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from providers.cases import Stage, serve
from providers.fal_case import FAL
from support.buying import calls
from support.till.replies import RESET, Reply

from aipipe.contracts.event import Noticed, RunEvent
from aipipe.contracts.status import Status
from aipipe.errors import CapError, PipelineFaultsError
from aipipe.memory.ledger.states import Money

FILE = """\
name: one
prompt: a red fox
steps:
  - type: text_to_image
    model: flux
    fallback: [{fallback}]
    retry: {{max_attempts: 1}}
    params: {{output_file: fox.png{more}}}
"""
REFUSED = FAL.refusals["refused.input"]


def file_of(stage: Stage, fallback: str = "nano_banana_2, seedream_4", more: str = "") -> Path:
    file = stage.folder / "one.yaml"
    file.write_text(FILE.format(fallback=fallback, more=more), encoding="utf-8")
    return file


def endpoints(stage: Stage) -> list[str]:
    return [each.request.path for each in stage.fake.seen if each.kind == "submit"]


@pytest.mark.parametrize("code", ["refused.input", "bad_parameter", "not_found"])
def test_a_call_that_failed_is_followed_by_another_model_s(code: str, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        told: list[str] = []

        def listen(event: RunEvent) -> None:
            if isinstance(event, Noticed):
                told.append(event.message)

        stage.fake.trouble("submit", FAL.refusals[code])
        summary = stage.run_file(file_of(stage), listen=listen)
        (row,) = summary.rows()
        (report,) = json.loads((tmp_path / "out" / "run.json").read_text())["steps"]

        assert (row.status, row.model, report["model"]) == (
            Status.DONE,
            "nano_banana_2",
            "nano_banana_2",
        )
        assert told == [f"text_to_image_1: 'flux_dev' failed ({code}), 'nano_banana_2' takes over"]
        assert endpoints(stage) == ["/fal-ai/flux/dev", "/fal-ai/nano-banana-2"]
        assert (tmp_path / "out" / "fox.png").is_file()
        assert [call.state.money for call in calls(tmp_path)] == [Money.FREE, Money.BILLED]

    serve(FAL, tmp_path, play)


def test_one_after_the_other_until_there_is_none(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", REFUSED, REFUSED, REFUSED)
        summary = stage.run_file(file_of(stage))
        (row,) = summary.rows()

        assert (row.status, row.model) == (Status.FAILED, "seedream_4")
        assert len(endpoints(stage)) == 3

    serve(FAL, tmp_path, play)


@pytest.mark.parametrize("reply", [Reply(status=500), RESET], ids=["500", "reset"])
def test_none_follows_a_call_that_may_have_been_paid_for(reply: Reply, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", reply)
        summary = stage.run_file(file_of(stage))

        assert summary.counts == {Status.UNCONFIRMED: 1}
        assert endpoints(stage) == ["/fal-ai/flux/dev"]

    serve(FAL, tmp_path, play)


def test_what_was_refused_before_gives_way_again_and_nothing_is_paid_twice(
    tmp_path: Path,
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", REFUSED)
        stage.run_file(file_of(stage))
        again = stage.run_file(file_of(stage))

        assert again.counts == {Status.REUSED: 1}
        assert len(endpoints(stage)) == 2

    serve(FAL, tmp_path, play)


def test_a_bad_key_gives_way_too(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", FAL.refusals["bad_key"])
        summary = stage.run_file(file_of(stage, fallback="local"))
        (row,) = summary.rows()

        assert (row.status, row.model, row.provider) == (Status.DONE, "local", "local")

    serve(FAL, tmp_path, play)


def test_it_is_priced_at_most_as_the_dearest(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        with pytest.raises(CapError):
            stage.run_file(file_of(stage), max_cost=Decimal("0.02"))
        summary = stage.run_file(file_of(stage))
        first = next(call for call in calls(tmp_path) if call.model == "flux_dev")

        assert summary.estimated.at_most == Decimal("0.08")
        assert first.held == 80_000_000

    serve(FAL, tmp_path, play)


def test_each_must_take_what_the_step_says(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        with pytest.raises(PipelineFaultsError) as found:
            stage.run_file(file_of(stage, more=", steps: 20"))

        assert [str(getattr(each, "message", each)) for each in found.value.faults] == [
            "nano_banana_2 (fallback) has no parameter 'steps'",
            "seedream_4 (fallback) has no parameter 'steps'",
        ]
        assert stage.fake.seen == []

    serve(FAL, tmp_path, play)

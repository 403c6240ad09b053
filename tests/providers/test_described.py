"""What a user describes is what is sent and asked: bodies, jobs, keys, and what is known later."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from providers.cases import Case, Stage, serve
from providers.described_case import (
    DESCRIBED_JOBS,
    DESCRIBED_NOW,
    JOB,
    RESULTS,
    described,
    submit,
)
from support.buying import states
from support.fakes.described import KEY, VARIABLE
from support.fakes.fake import Fake
from support.fakes.files import picture
from support.till.replies import of_json

from aipipe.app.run import Control
from aipipe.cli.main import main
from aipipe.contracts.event import RunEvent
from aipipe.contracts.in_flight import Running
from aipipe.contracts.status import Status
from aipipe.errors import MissingKeyError, PipelineFaultsError
from aipipe.memory.ledger.states import Money, Work
from aipipe.providers.http import verdicts
from aipipe.schema.service import CODES


def of(step: str, *parts: str, case: Case = DESCRIBED_NOW) -> Case:
    return replace(
        case, step=f"  - {{{step}, price: 1}}\n", beside=lambda fake: described(fake, *parts)
    )


def body_of(case: Case, folder: Path) -> Mapping[str, object]:
    """The body of a run that succeeds."""
    bodies: list[object] = []

    def play(stage: Stage) -> None:
        assert stage.run().counts == {Status.DONE: 1}
        assert stage.fake.faults == []
        bodies.extend(stage.fake.charged)

    serve(case, folder, play)
    (body,) = bodies
    assert isinstance(body, dict)
    return body


def nothing(_fake: Fake) -> Mapping[str, str]:
    return {}


IMAGE = "type: text_to_image, model: 'http:studio.yaml'"


def test_words_go_to_their_places_and_what_has_no_value_is_left_out(tmp_path: Path) -> None:
    body = (
        'text: "${{ prompt }}", seed: "${{ seed }}", form: "${{ format }}", fixed: [1, true, null],'
        ' deep: [{style: "${{ style }}", size: "${{ size }}"}, "${{ quality }}"]'
    )
    step = f"{IMAGE}, params: {{prompt: a fox, seed: 7, size: 64x64}}, raw: {{extra: 1}}"

    assert body_of(of(step, submit("/now", body)), tmp_path) == {
        "text": "a fox",
        "seed": 7,
        "form": "png",
        "fixed": [1, True, None],
        "deep": [{"size": "64x64"}],
        "extra": 1,
    }


def test_a_seed_that_nobody_gives_is_the_same_for_the_same_call(tmp_path: Path) -> None:
    part = submit("/now", 'text: "${{ prompt }}", seed: "${{ seed }}"')
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    case = of(f"{IMAGE}, params: {{prompt: a fox}}", part)

    first, second = body_of(case, tmp_path / "a"), body_of(case, tmp_path / "b")

    assert isinstance(first["seed"], int)
    assert first == second


@pytest.mark.parametrize(
    ("line", "begin"), [("", "data:image/png;base64,iVBOR"), ("  files: base64\n", "iVBOR")]
)
def test_files_travel_inside_of_the_request(line: str, begin: str, tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(picture())
    part = submit("/now", 'text: "${{ prompt }}", from: "${{ image }}"')
    step = (
        "type: image_to_image, model: 'http:studio.yaml',"
        " params: {prompt: at night, image: fox.png}"
    )

    assert str(body_of(of(step, part + line), tmp_path)["from"]).startswith(begin)


def test_a_word_may_stand_in_the_address(tmp_path: Path) -> None:
    part = submit("/now/{style}", 'text: "${{ prompt }}"')

    def play(stage: Stage) -> None:
        assert stage.run().counts == {Status.DONE: 1}
        assert stage.fake.seen[0].request.target == "/v1/now/film%20noir%2F"

    serve(of(f"{IMAGE}, params: {{prompt: a fox, style: film noir/}}", part), tmp_path, play)


def test_a_text_is_taken_from_where_the_answer_has_it(tmp_path: Path) -> None:
    part = submit("/told", 'text: "${{ prompt }}"') + "results: [data.said]\n"
    step = (
        "type: text_to_text, model: 'http:studio.yaml', params: {prompt: hello, output_file: a.txt}"
    )

    body_of(of(step, part), tmp_path)

    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "told: hello"


def test_a_result_may_have_a_path_of_its_own(tmp_path: Path) -> None:
    parts = (submit("/jobs", 'text: "${{ prompt }}"'), JOB, "  result: /jobs/{id}/result\n")

    def play(stage: Stage) -> None:
        assert stage.run().counts == {Status.DONE: 1}
        assert stage.fake.count("result") == 1

    serve(of(f"{IMAGE}, params: {{prompt: a fox}}", *parts), tmp_path, play)


def test_the_key_goes_to_the_described_host_alone(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        there = stage.fake.base.replace("127.0.0.1", "localhost")
        answer = {"state": "ready", "output": [{"address": f"{there}/files/1.png"}]}
        stage.fake.trouble("status", of_json(200, answer))

        assert stage.run().counts == {Status.DONE: 1}
        keys = {each.kind: "x-key" in each.request.headers for each in stage.fake.seen}
        assert keys == {"submit": True, "status": True, "file": False}

    serve(DESCRIBED_JOBS, tmp_path, play)


def test_the_key_is_in_nothing_that_is_kept_or_told(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        told: list[str] = []
        refusal = of_json(401, {"error": {"message": f"who is Token {KEY}"}})
        stage.fake.trouble("submit", refusal)
        broken = of_json(200, {"state": "broken", "error": {"message": f"{KEY} is bad"}})
        stage.fake.trouble("status", broken)
        summaries = [stage.run(listen=lambda e: told.append(repr(e))) for _ in range(3)]

        kept = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert [str(file) for file in kept if KEY.encode() in file.read_bytes()] == []
        assert KEY not in repr([each.rows() for each in summaries]) + "".join(told)
        assert [each.exit_code for each in summaries] == [1, 1, 0]

    serve(DESCRIBED_JOBS, tmp_path, play)


def test_without_its_key_nothing_begins(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        with pytest.raises(MissingKeyError, match=VARIABLE):
            stage.run(environment={"AIPIPE_HOME": str(tmp_path / "home")})

        assert stage.fake.seen == []

    serve(DESCRIBED_JOBS, tmp_path, play)


def test_a_refused_key_of_one_service_keeps_no_other_from_being_called(tmp_path: Path) -> None:
    other = "  - {type: text_to_image, model: 'http:studio.yaml', params: {prompt: b}, price: 1}\n"
    first = DESCRIBED_JOBS.step.replace("{type", "{id: first, on_error: continue, type")
    step = f"{first}{other}"

    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", DESCRIBED_JOBS.refusals["bad_key"])
        summary = stage.run(max_workers=1)

        assert summary.counts == {Status.FAILED: 1, Status.DONE: 1}

    serve(replace(DESCRIBED_JOBS, step=step), tmp_path, play)


@pytest.mark.parametrize(
    ("line", "money"), [("", Money.BILLED), ("  failures: free\n", Money.FREE)]
)
def test_a_job_that_failed_is_paid_for_unless_the_description_says_otherwise(
    line: str, money: Money, tmp_path: Path
) -> None:
    job = JOB.replace("  failures: free\n", line)

    def play(stage: Stage) -> None:
        stage.fake.trouble("status", of_json(200, {"state": "broken"}))

        assert stage.code(stage.run()) == "job_failed"
        assert [each for _, _, each in states(tmp_path)] == [money]

    parts = (submit("/jobs", 'text: "${{ prompt }}"'), job, RESULTS)
    serve(of(f"{IMAGE}, params: {{prompt: a fox}}", *parts), tmp_path, play)


def test_a_status_that_is_not_described_ends_the_step_and_the_job_stays_known(
    tmp_path: Path,
) -> None:
    parts = (submit("/jobs", 'text: "${{ prompt }}"'), JOB, "  pending: [waiting]\n", RESULTS)

    def play(stage: Stage) -> None:
        stage.fake.polls = 1  # type: ignore[attr-defined] # it has them
        first, again = stage.run(), stage.run()

        assert stage.code(first) == "answer_unreadable"
        assert again.counts == {Status.DONE: 1}
        assert stage.fake.count("submit") == 1

    serve(of(f"{IMAGE}, params: {{prompt: a fox}}", *parts), tmp_path, play)


def test_progress_is_told_as_the_service_tells_it(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        told: list[str] = []
        stage.fake.polls = 1  # type: ignore[attr-defined] # it has them
        stage.run(listen=lambda event: told.append(repr(event)))

        assert any("fraction=0.5" in each for each in told)

    serve(DESCRIBED_JOBS, tmp_path, play)


def test_another_request_is_another_call_and_another_way_to_ask_is_none(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.run()
        file = tmp_path / "studio.yaml"
        text = file.read_text(encoding="utf-8")
        unwritten = replace(stage.case, beside=nothing)
        counts = []
        for before, after in (("every: 0.05", "every: 0.04"), ("kind: best", "kind: good")):
            text = text.replace(before, after)
            file.write_text(text, encoding="utf-8")
            counts.append(replace(stage, case=unwritten).run().counts)

        assert counts == [{Status.REUSED: 1}, {Status.DONE: 1}]

    serve(DESCRIBED_JOBS, tmp_path, play)


def test_a_job_is_fetched_without_the_file_that_describes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.polls = 1_000  # type: ignore[attr-defined] # it has them
        control = Control(Running.LEAVE)

        def listen(_event: RunEvent) -> None:
            if stage.fake.count("status"):
                control.interrupt("SIGINT")

        stage.run(listen=listen, control=control)
        (tmp_path / "studio.yaml").unlink()
        stage.fake.polls = 0  # type: ignore[attr-defined] # it has them
        monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
        monkeypatch.setenv(VARIABLE, KEY)
        monkeypatch.chdir(tmp_path)

        assert main(["jobs", "fetch", "--all", "-o", "fetched"]) == 0
        assert [work for _, work, _ in states(tmp_path)] == [Work.DONE]
        assert stage.fake.count("submit") == 1

    serve(DESCRIBED_JOBS, tmp_path, play)


PLACES = {
    "params: {prompt: a fox, style: noir}": "the service has no place for 'style'",
    "params: {size: 64x64}, input: a fox": "the address of the service needs 'style'",
}


@pytest.mark.parametrize("params", PLACES)
def test_what_the_service_can_t_be_told_is_told_before_anything_is_sent(
    params: str, tmp_path: Path
) -> None:
    path = "/now" if "style" in params else "/now/{style}"
    part = submit(path, 'text: "${{ prompt }}", size: "${{ size }}"')

    def play(stage: Stage) -> None:
        with pytest.raises(PipelineFaultsError) as refused:
            stage.run()

        assert PLACES[params] in [getattr(each, "message", "") for each in refused.value.faults]
        assert stage.fake.seen == []

    serve(of(f"{IMAGE}, {params}", part), tmp_path, play)


def test_a_carried_text_that_need_not_be_there_is_told_and_not_sent(tmp_path: Path) -> None:
    part = submit("/told", 'picture: "${{ image }}"') + "results: [data.said]\n"
    step = "type: image_understanding, model: 'http:studio.yaml', price: 1"

    def play(stage: Stage) -> None:
        (tmp_path / "fox.png").write_bytes(picture())
        (tmp_path / "studio.yaml").write_text(
            described(stage.fake, part)["studio.yaml"], encoding="utf-8"
        )
        (tmp_path / "more.yaml").write_text(
            f"prompt: a fox\nsteps:\n  - {{{step}, params: {{image: fox.png}}}}\n", encoding="utf-8"
        )
        summary = stage.run_file(tmp_path / "more.yaml")

        assert summary.counts == {Status.DONE: 1}
        assert [list(body) for body in stage.fake.charged if isinstance(body, dict)] == [
            ["picture"]
        ]

    serve(of(step, part), tmp_path, play)


def test_a_status_may_be_a_truth_or_a_number(tmp_path: Path) -> None:
    job = JOB.replace("status: state", "status: over").replace("[ready]", "[true, 3]")
    parts = (submit("/jobs", 'text: "${{ prompt }}"'), job, RESULTS)

    def play(stage: Stage) -> None:
        output = [{"address": f"{stage.fake.base}/files/1.png"}]
        stage.fake.trouble("status", of_json(200, {"over": False}))
        stage.fake.trouble("status", of_json(200, {"over": True, "output": output}))

        assert stage.run().counts == {Status.DONE: 1}

    serve(of(f"{IMAGE}, params: {{prompt: a fox}}", *parts), tmp_path, play)


def test_refusals_have_the_codes_that_there_are() -> None:
    assert set(CODES) == set(verdicts.CODES)


def test_a_stand_in_takes_the_place_of_a_service(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        summary = stage.run(mock=True, environment={"AIPIPE_HOME": str(tmp_path / "home")})

        assert summary.counts == {Status.DONE: 1}
        assert stage.fake.seen == []

    serve(DESCRIBED_JOBS, tmp_path, play)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        with pytest.raises(PipelineFaultsError) as refused:
            stage.run()

        assert [getattr(each, "code", "") for each in refused.value.faults] == ["missing_file"]

    serve(replace(DESCRIBED_JOBS, beside=nothing), tmp_path, play)

"""Runway: bodies as they are sent, uploads, credits, moderation, and addresses that end."""

import base64
import json
import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from providers.cases import Case, Stage, serve
from providers.runway_case import RUNWAY, failed
from support.buying import calls, states
from support.fakes.fake import json_in
from support.fakes.files import picture
from support.fakes.runway import Runway, Task
from support.fakes.specs import against, spec
from support.sinks import call_of, tools_in
from support.till.replies import RESET, Reply, of_json
from support.till.service import Request

from aipipe.contracts.call import Job
from aipipe.contracts.outcome import Pending
from aipipe.contracts.status import Status
from aipipe.contracts.tools import Tools
from aipipe.memory.ledger.states import Money, Work
from aipipe.providers import runway

CENT = 10_000_000
"""Nano-dollars: a credit."""
FOX = f"data:image/png;base64,{base64.b64encode(picture('fox')).decode()}"
PICTURE = "type: text_to_image, model: runway, params: {prompt: a red fox, seed: 7}"
CLIP = "type: image_to_video, model: gen4_turbo, input: fox.png"


def case_of(step: str, *, large: bool = False, **settings: object) -> Case:
    """One step, indented by two, with a picture `fox.png` beside it."""
    return replace(
        RUNWAY,
        make=lambda: Runway(**settings),  # type: ignore[arg-type]
        step=f"  - {{{step}}}\n",
        files={"fox.png": lambda: noise() if large else picture("fox")},
    )


def noise() -> bytes:
    """A picture that has more bytes than fit into a request."""
    with BytesIO() as out:
        Image.frombytes("RGB", (1200, 1200), os.urandom(1200 * 1200 * 3)).save(
            out, "PNG", compress_level=0
        )
        return out.getvalue()


def fake_of(stage: Stage) -> Runway:
    assert isinstance(stage.fake, Runway)
    return stage.fake


def tools_of(stage: Stage) -> Tools:
    return replace(tools_in(stage.folder), secret=stage.fake.environment.get)


def sent(stage: Stage) -> tuple[str, dict[str, object]]:
    """The path and body of the one call."""
    (seen,) = [each for each in stage.fake.seen if each.kind == "submit"]
    return seen.request.path, json_in(seen.request)


BODIES = {
    "image": (
        PICTURE,
        "/v1/text_to_image",
        {"model": "gen4_image", "promptText": "a red fox", "seed": 7, "ratio": "1280:720"},
    ),
    "references": (
        (
            "type: text_to_image, model: gen4_image_turbo, "
            "params: {prompt: a red fox, seed: 7, size: 720x720, reference_images: [fox.png]}"
        ),
        "/v1/text_to_image",
        {
            "model": "gen4_image_turbo",
            "promptText": "a red fox",
            "seed": 7,
            "ratio": "720:720",
            "referenceImages": [{"uri": FOX}],
        },
    ),
    "clip": (
        f"{CLIP}, params: {{prompt: it runs, seed: 7, duration: 2, aspect_ratio: '9:16'}}",
        "/v1/image_to_video",
        {
            "model": "gen4_turbo",
            "promptText": "it runs",
            "promptImage": FOX,
            "seed": 7,
            "duration": 2,
            "ratio": "720:1280",
        },
    ),
    "raw": (
        (
            "type: text_to_video, model: 'runway:text_to_video', params: {prompt: it runs}, "
            "raw: {model: gen4.5, ratio: '1280:720', duration: 2}"
        ),
        "/v1/text_to_video",
        {"model": "gen4.5", "promptText": "it runs", "ratio": "1280:720", "duration": 2},
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_call_is_sent_in_the_words_of_its_form(name: str, tmp_path: Path) -> None:
    step, path, body = BODIES[name]

    def play(stage: Stage) -> None:
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert sent(stage) == (path, body)
        assert stage.fake.faults == []

    serve(case_of(step), tmp_path, play)


def test_a_seed_is_sent_where_none_is_given(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.run()

        seed = sent(stage)[1]["seed"]
        assert isinstance(seed, int)
        assert 0 < seed < 1 << 31

    serve(case_of("type: text_to_image, model: runway, params: {prompt: fox}"), tmp_path, play)


def test_a_large_picture_is_uploaded_in_two_steps_and_the_key_stays_at_home(
    tmp_path: Path,
) -> None:
    def play(stage: Stage) -> None:
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        (address, content), *more = fake_of(stage).uploaded.items()
        assert (sent(stage)[1]["promptImage"], more) == (address, [])
        assert content == (stage.folder / "fox.png").read_bytes()
        assert stage.fake.faults == []

    serve(case_of(f"{CLIP}, params: {{prompt: go}}", large=True), tmp_path, play)


@pytest.mark.parametrize("kind", ["place", "store"])
def test_a_call_whose_upload_does_not_get_through_was_never_sent(kind: str, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble(kind, RESET)
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert (stage.fake.count(kind), stage.fake.count("submit")) == (2, 1)

    serve(case_of(f"{CLIP}, params: {{prompt: go}}", large=True), tmp_path, play)


def test_credits_are_the_bill(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.run()

        assert [call.billed for call in calls(stage.folder)] == [5 * CENT]

    serve(case_of(PICTURE), tmp_path, play)


FAILURES = {
    "SAFETY.INPUT.TEXT": ("refused.input", 5, Work.REFUSED, Money.BILLED),
    "INPUT_PREPROCESSING.SAFETY.TEXT": ("refused.input", 0, Work.REFUSED, Money.FREE),
    "SAFETY.OUTPUT.VIDEO": ("refused.output", 0, Work.REFUSED, Money.FREE),
    "ASSET.INVALID": ("bad_parameter", 0, Work.FAILED, Money.FREE),
    "INTERNAL.BAD_OUTPUT.CODE01": ("job_failed", 3, Work.FAILED, Money.BILLED),
    "": ("job_failed", 0, Work.FAILED, Money.FREE),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_by_its_code_and_costs_what_was_not_refunded(
    failure: str, tmp_path: Path
) -> None:
    code, credits_, work, money = FAILURES[failure]

    def play(stage: Stage) -> None:
        stage.fake.trouble("status", failed(failure, credits_))
        summary = stage.run()

        assert stage.code(summary) == code
        assert [state[1:] for state in states(stage.folder)] == [(work, money)]
        assert [call.billed or 0 for call in calls(stage.folder)] == [credits_ * CENT]

    serve(case_of(PICTURE), tmp_path, play)


def test_a_failure_without_a_cost_counts_by_the_price_list(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("status", of_json(200, {"status": "FAILED", "failure": "oh"}))
        stage.run()

        assert [call.billed for call in calls(stage.folder)] == [5 * CENT]

    serve(case_of(PICTURE), tmp_path, play)


@pytest.mark.parametrize(("credits_", "calls_made"), [(0, 2), (5, 1)])
def test_a_failure_that_passes_is_tried_again_only_where_it_was_refunded(
    credits_: int, calls_made: int, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("status", failed("THIRD_PARTY.UNAVAILABLE", credits_))
        stage.run()

        assert stage.fake.count("submit") == calls_made

    serve(case_of(PICTURE), tmp_path, play)


LOAD = {
    "shed": (of_json(503, {"error": "Try again later"}), {Status.DONE: 1}),
    "proxy": (Reply(status=503, body=b"<html>no upstream</html>"), {Status.UNCONFIRMED: 1}),
    "gateway": (of_json(502, {"error": "Bad gateway"}), {Status.UNCONFIRMED: 1}),
}


@pytest.mark.parametrize("name", LOAD)
def test_only_what_runway_itself_turns_away_is_sent_again(name: str, tmp_path: Path) -> None:
    reply, counts = LOAD[name]

    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", reply)

        assert stage.run().counts == counts

    serve(case_of(PICTURE), tmp_path, play)


def test_an_address_that_has_ended_is_asked_for_anew(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("file", Reply(status=401))
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert (stage.fake.count("status"), stage.fake.count("file")) == (2, 2)

    serve(case_of(PICTURE), tmp_path, play)


def test_a_result_is_lost_only_where_its_fresh_address_has_nothing_either(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("file", Reply(status=404), Reply(status=404))
        summary = stage.run()

        assert stage.code(summary) == "result.expired"
        assert [state[1:] for state in states(stage.folder)] == [(Work.EXPIRED, Money.BILLED)]

    serve(case_of(PICTURE), tmp_path, play)


def test_a_task_that_is_over_is_never_deleted(tmp_path: Path) -> None:
    """The request that cancels a task deletes the result of one that is done."""

    def play(stage: Stage) -> None:
        stage.run()
        fake = fake_of(stage)
        (task,) = fake.tasks
        assert runway.PROVIDER.cancel is not None

        runway.PROVIDER.cancel(Job(provider="runway", id=task), tools_of(stage))

        assert (list(fake.tasks), fake.count("cancel")) == ([task], 0)

    serve(case_of(PICTURE), tmp_path, play)


STATES = {
    "PENDING": Pending(),
    "THROTTLED": Pending(queue_position=1),
    "RUNNING": Pending(fraction=0.5),
}


@pytest.mark.parametrize("status", STATES)
def test_a_task_that_goes_on_is_asked_for_after_five_seconds_and_no_sooner(
    status: str, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("status", of_json(200, {"status": status, "progress": 0.5}))
        job = Job(provider="runway", id="t1")
        call = call_of("provider:runway", inputs={})
        assert runway.PROVIDER.poll is not None

        assert runway.PROVIDER.poll(job, call, tools_of(stage)) == STATES[status]
        assert runway.PROVIDER.poll_every == 5.0

    serve(case_of(PICTURE), tmp_path, play)


def test_the_fake_answers_as_the_specification_has_it() -> None:
    root: Any = spec("runway")
    if root is None:
        pytest.skip("the specification is not here")
    found = root["paths"]["/v1/tasks/{id}"]["get"]["responses"]["200"]
    schema = found["content"]["application/json"]["schema"]
    fake = Runway(polls=2, at_once=1)
    one, two = (fake_task(fake, name) for name in "12")

    told = [asked(fake, each) for each in (one, two, one, one, two)]
    told += [asked(fake, cancelled(two))]

    assert [each["status"] for each in told] == [
        "PENDING",
        "THROTTLED",
        "RUNNING",
        "SUCCEEDED",
        "PENDING",
        "CANCELLED",
    ]
    assert [fault for each in told for fault in against(schema, each, root)] == []


def fake_task(fake: Runway, digit: str) -> Task:
    name = f"00000000-0000-4000-8000-00000000000{digit}"
    body = {"model": "gen4_image", "promptText": "fox"}
    created = "2026-11-23T00:00:00.000Z"
    fake.tasks[name] = Task(name, "/v1/text_to_image", body, fake.polls, created)
    return fake.tasks[name]


def cancelled(task: Task) -> Task:
    task.is_cancelled = True
    return task


def asked(fake: Runway, task: Task) -> dict[str, object]:
    request = Request(number=1, method="GET", target=f"/v1/tasks/{task.id}", headers={})
    found = json.loads(fake.on_status(request).body)
    assert isinstance(found, dict)
    return found


QUOTED = {
    "submit": lambda key: of_json(400, {"error": f"the key {key} is odd"}),
    "status": lambda key: of_json(200, {"status": "FAILED", "failure": f"the key {key}"}),
    "unknown": lambda key: of_json(200, {"status": f"{key}"}),
}


@pytest.mark.parametrize("name", QUOTED)
def test_the_key_is_in_no_file_even_where_an_answer_quotes_it(name: str, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        key = fake_of(stage).key
        stage.fake.trouble("submit" if name == "submit" else "status", QUOTED[name](key))
        summary = stage.run()
        stage.run()

        assert key not in repr(summary.rows())
        written = [path for path in stage.folder.rglob("*") if path.is_file()]
        assert not any(key.encode() in path.read_bytes() for path in written)

    serve(case_of(PICTURE), tmp_path, play)

"""Replicate: bodies as they are sent, files, outputs of every shape, and what a failure costs."""

import base64
import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from providers.cases import Case, Stage, serve
from providers.replicate_case import REPLICATE, failed
from support.buying import calls, states
from support.fakes.fake import json_in, media
from support.fakes.files import picture
from support.fakes.replicate import Replicate
from support.till.replies import RESET, of_json

from aipipe.contracts.event import RunEvent, StepProgressed
from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work

VERSION = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"


def case_of(step: str, *, large: bool = False, **settings: object) -> Case:
    """One step, indented by two, with a picture `fox.png` beside it."""
    return replace(
        REPLICATE,
        make=lambda: Replicate(**settings),  # type: ignore[arg-type]
        step=f"  - {{{step}}}\n",
        files={"fox.png": lambda: noise() if large else picture("fox")},
    )


def noise() -> bytes:
    """A picture that has more bytes than fit into a request."""
    with BytesIO() as out:
        Image.frombytes("RGB", (320, 320), os.urandom(320 * 320 * 3)).save(out, "PNG")
        return out.getvalue()


def fake_of(stage: Stage) -> Replicate:
    assert isinstance(stage.fake, Replicate)
    return stage.fake


def sent(stage: Stage) -> tuple[str, dict[str, object]]:
    """The path and body of the one call."""
    (seen,) = [each for each in stage.fake.seen if each.kind == "submit"]
    return seen.request.path, json_in(seen.request)


PICTURE = "type: text_to_image, params: {prompt: a red fox, seed: 7}"
FOX = f"data:image/png;base64,{base64.b64encode(picture('fox')).decode()}"
BODIES = {
    "flux_schnell": (
        (
            "type: text_to_image, model: flux_schnell_replicate, "
            "params: {prompt: a red fox, seed: 7, count: 2, size: portrait_4_3, output_file: f.png}"
        ),
        "/v1/models/black-forest-labs/flux-schnell/predictions",
        {
            "input": {
                "prompt": "a red fox",
                "seed": 7,
                "num_outputs": 2,
                "aspect_ratio": "3:4",
                "output_format": "png",
            }
        },
    ),
    "flux_2_pro": (
        (
            "type: text_to_image, model: flux_2_pro_replicate, "
            "params: {prompt: a red fox, seed: 7, resolution: 2MP}"
        ),
        "/v1/models/black-forest-labs/flux-2-pro/predictions",
        {
            "input": {
                "prompt": "a red fox",
                "seed": 7,
                "resolution": "2 MP",
                "output_format": "webp",
            }
        },
    ),
    "hailuo": (
        (
            "type: image_to_video, model: hailuo_2_3_replicate, input: fox.png, "
            "params: {prompt: it runs, enhance_prompt: false}"
        ),
        "/v1/models/minimax/hailuo-2.3/predictions",
        {
            "input": {
                "prompt": "it runs",
                "first_frame_image": FOX,
                "duration": 6,
                "resolution": "768p",
                "prompt_optimizer": False,
            }
        },
    ),
    "kling": (
        (
            "type: image_to_video, model: kling_2_5_turbo_pro_replicate, input: fox.png, "
            "params: {prompt: it runs, duration: 10, end_image: fox.png}"
        ),
        "/v1/models/kwaivgi/kling-v2.5-turbo-pro/predictions",
        {"input": {"prompt": "it runs", "start_image": FOX, "end_image": FOX, "duration": 10}},
    ),
    "raw": (
        f"model: 'replicate:owner/name', {PICTURE}, raw: {{go: [1]}}",
        "/v1/models/owner/name/predictions",
        {"input": {"prompt": "a red fox", "seed": 7, "go": [1]}},
    ),
    "raw_version": (
        f"model: 'replicate:owner/name:{VERSION}', {PICTURE}",
        "/v1/predictions",
        {"version": VERSION, "input": {"prompt": "a red fox", "seed": 7}},
    ),
    "bare_version": (
        f"model: 'replicate:{VERSION}', {PICTURE}",
        "/v1/predictions",
        {"version": VERSION, "input": {"prompt": "a red fox", "seed": 7}},
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_call_is_sent_in_the_words_of_its_model(name: str, tmp_path: Path) -> None:
    step, path, body = BODIES[name]

    def play(stage: Stage) -> None:
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert sent(stage) == (path, body)
        assert stage.fake.faults == []

    serve(case_of(step), tmp_path, play)


def test_nothing_is_asked_to_wait_and_no_name_of_a_file_is_told(tmp_path: Path) -> None:
    step = "type: image_to_video, model: hailuo_2_3_replicate, input: fox.png, params: {prompt: go}"

    def play(stage: Stage) -> None:
        stage.run()

        assert all("prefer" not in each.request.headers for each in stage.fake.seen)
        assert all(b"fox.png" not in each.request.body for each in stage.fake.seen)

    serve(case_of(step, large=True), tmp_path, play)


def test_a_large_file_is_uploaded_once_for_all_calls_that_read_it(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    call = "type: image_to_video, model: hailuo_2_3_replicate, input: fox.png"
    file.write_text(
        "steps:\n  - type: parallel_group\n    parallel_steps:\n"
        + "".join(f"      - {{{call}, params: {{prompt: {word}}}}}\n" for word in ("one", "two")),
        encoding="utf-8",
    )
    content = noise()
    (tmp_path / "fox.png").write_bytes(content)

    def play(stage: Stage) -> None:
        summary = stage.run_file(file)

        assert summary.counts[Status.DONE] >= 2
        assert list(fake_of(stage).uploaded.values()) == [content]
        assert (stage.fake.count("upload"), stage.fake.faults) == (1, [])

    serve(REPLICATE, tmp_path, play)


def test_a_call_whose_upload_does_not_get_through_was_never_sent(tmp_path: Path) -> None:
    step = "type: image_to_video, model: hailuo_2_3_replicate, input: fox.png, params: {prompt: go}"

    def play(stage: Stage) -> None:
        stage.fake.trouble("upload", RESET)
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert (stage.fake.count("upload"), stage.fake.count("submit")) == (2, 1)

    serve(case_of(step, large=True), tmp_path, play)


@pytest.mark.parametrize("endpoint", ["../../account", "owner/name/more", "owner/name:a:b", "a b"])
def test_what_can_be_no_model_is_refused_before_anything_is_sent(
    endpoint: str, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        summary = stage.run()

        assert (stage.code(summary), stage.fake.seen) == ("not_found", [])

    serve(case_of(f"model: 'replicate:{endpoint}', {PICTURE}"), tmp_path, play)


def test_progress_is_what_the_model_has_logged(tmp_path: Path) -> None:
    told: list[float | None] = []

    def listen(event: RunEvent) -> None:
        if isinstance(event, StepProgressed):
            told.append(event.fraction)

    def play(stage: Stage) -> None:
        stage.run(listen=listen)

        assert 0.53 in told

    serve(case_of(f"model: flux_schnell_replicate, {PICTURE}", polls=1), tmp_path, play)


TEXTS = {
    "pieces": (["A fox", " runs", " home."], "A fox runs home."),
    "whole": ("https://example.com is where it lives", "https://example.com is where it lives"),
    "named": ({"text": "A fox."}, "A fox."),
    "other": ({"language": "en", "score": 1}, '{"language": "en", "score": 1}'),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_taken_whole_in_whatever_shape_it_comes(name: str, tmp_path: Path) -> None:
    output, text = TEXTS[name]
    model, params = "replicate:meta/llama", "{prompt: hi, output_file: a.txt}"
    step = f"type: text_to_text, model: '{model}', params: {params}"

    def play(stage: Stage) -> None:
        fake_of(stage).outputs["meta/llama"] = output
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert (stage.folder / "out" / "a.txt").read_text(encoding="utf-8") == text

    serve(case_of(step), tmp_path, play)


def test_files_are_found_wherever_an_output_has_them(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        fake = fake_of(stage)
        fake.outputs["owner/name"] = {"deep": [{"file": f"{fake.base}/delivery/x/0.webp"}], "n": 1}
        fake.trouble("file", media(picture("x", "webp"), "image/webp"))
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}

    serve(case_of(f"model: 'replicate:owner/name', {PICTURE}"), tmp_path, play)


def test_a_result_that_was_removed_is_told_as_such(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        fake_of(stage).is_late = True
        summary = stage.run()

        assert stage.code(summary) == "result.expired"
        assert [(work, money) for _, work, money in states(stage.folder)] == [
            (Work.EXPIRED, Money.BILLED)
        ]

    serve(case_of(f"model: flux_2_pro_replicate, {PICTURE}"), tmp_path, play)


FAILURES = {
    "by_output": ("flux_2_pro_replicate", "out of memory", 1.5, Money.FREE),
    "by_time": ("'replicate:owner/name'", "out of memory", 1.5, Money.BILLED),
    "never_ran": ("'replicate:owner/name'", "out of memory", 0.0, Money.FREE),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_free_only_where_that_is_known(name: str, tmp_path: Path) -> None:
    model, error, seconds, money = FAILURES[name]

    def play(stage: Stage) -> None:
        stage.fake.trouble("status", failed(error, seconds))
        summary = stage.run()

        assert stage.code(summary) == "job_failed"
        assert [each for *_, each in states(stage.folder)] == [money]

    serve(case_of(f"model: {model}, {PICTURE}"), tmp_path, play)


def test_a_failure_that_asks_for_the_same_again_is_sent_again(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("status", failed("Prediction interrupted; please retry (code: PA)"))
        summary = stage.run()

        assert (summary.counts, stage.fake.count("submit")) == ({Status.DONE: 1}, 2)

    serve(case_of(f"model: flux_2_pro_replicate, {PICTURE}"), tmp_path, play)


@pytest.mark.parametrize("error", ["NSFW content detected.", "flagged as sensitive (E005)"])
def test_moderation_is_told_by_the_words_of_an_error(error: str, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("status", failed(error))
        summary = stage.run()

        assert stage.code(summary) == "refused.output"

    serve(case_of(f"model: flux_2_pro_replicate, {PICTURE}"), tmp_path, play)


@pytest.mark.parametrize("page", [100, 1])
def test_a_call_whose_answer_was_lost_is_found_among_the_account_s_predictions(
    page: int, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", RESET, after=True)
        stage.run()
        fake = fake_of(stage)
        other = replace(next(iter(fake.predictions.values())), id="other", input={"prompt": "x"})
        fake.predictions[other.id] = other
        again = stage.run()

        assert again.counts == {Status.DONE: 1}
        assert (stage.fake.count("submit"), len(stage.fake.charged)) == (1, 1)

    serve(case_of(f"model: flux_2_pro_replicate, {PICTURE}", page=page), tmp_path, play)


def test_the_seed_that_is_sent_tells_a_lost_call_from_an_equal_one(tmp_path: Path) -> None:
    step = "type: text_to_image, model: flux_schnell_replicate, params: {prompt: a red fox}"

    def play(stage: Stage) -> None:
        stage.run()

        seed = sent(stage)[1]["input"]["seed"]  # type: ignore[index]
        assert isinstance(seed, int)
        assert 0 < seed < 1 << 31

    serve(case_of(step), tmp_path, play)


def test_no_answer_leads_a_poll_to_another_host(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        urls = {"get": "http://127.0.0.2:9/steal", "cancel": "http://127.0.0.2:9/steal"}
        accepted = of_json(201, {"id": "p1", "status": "starting", "urls": urls})
        stage.fake.trouble("submit", accepted)
        stage.fake.trouble("status", failed("it ended"))
        summary = stage.run()

        assert (stage.code(summary), stage.fake.count("status")) == ("job_failed", 1)
        assert [call.remote_id for call in calls(stage.folder)] == ["p1"]

    serve(case_of(f"model: flux_2_pro_replicate, {PICTURE}"), tmp_path, play)


QUOTED = {
    "submit": lambda key: of_json(422, {"title": "Bad", "detail": f"token {key} is bad"}),
    "status": lambda key: failed(f"token {key} is bad"),
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

    serve(case_of(f"model: flux_2_pro_replicate, {PICTURE}"), tmp_path, play)

"""AUTOMATIC1111's web interface gets its own words, its checkpoint, and nothing that it ignores."""

import base64
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from providers.automatic1111_case import MODEL
from providers.cases import Case, Stage, serve
from providers.raw_server import closed_port
from support.buying import states
from support.fakes.automatic1111 import SECRET, Automatic1111
from support.fakes.fake import Fake
from support.fakes.files import picture
from support.till.replies import Reply, of_json

from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work
from aipipe.running.rows import Row

TEXT, CHANGE = f"type: text_to_image, {MODEL}", f"type: image_to_image, {MODEL}"


def play(
    step: str,
    folder: Path,
    then: Callable[[Stage], None],
    make: Callable[[], Fake] = Automatic1111,
) -> None:
    """Let a test play with the server and one step."""
    case = Case(
        name="automatic1111",
        make=make,
        step=f"  - {{{step}}}\n",
        refusals={},
        files={"a.png": lambda: picture("a", "png", 100, 70)},
    )
    serve(case, folder, then)


def row(stage: Stage, told: list[str] | None = None) -> Row:
    """The step's; what is told of the run goes to `told`."""
    heard = [] if told is None else told
    (found,) = stage.run(listen=lambda event: heard.append(repr(event))).rows()
    return found


def sent(step: str, folder: Path) -> Mapping[str, object]:
    """The body of a run that succeeds, without its seed where that is derived."""
    bodies: list[object] = []

    def then(stage: Stage) -> None:
        found = row(stage)
        assert (found.status, found.problem, stage.fake.faults) == (Status.DONE, None, [])
        bodies.extend(stage.fake.charged)

    play(step, folder, then)
    (body,) = bodies
    assert isinstance(body, dict)
    return body


def test_our_words_are_put_into_its_own(tmp_path: Path) -> None:
    params = (
        "prompt: a fox, negative_prompt: fog, steps: 4, guidance_scale: 2.5, seed: 7, count: 2,"
        " size: 640x451"
    )

    assert sent(f"{TEXT}, params: {{{params}}}, raw: {{sampler_name: Euler}}", tmp_path) == {
        "prompt": "a fox",
        "negative_prompt": "fog",
        "steps": 4,
        "cfg_scale": 2.5,
        "seed": 7,
        "batch_size": 2,
        "width": 640,
        "height": 448,
        "sampler_name": "Euler",
        "override_settings": {"sd_model_checkpoint": "dreamshaper_8"},
    }


def test_what_nobody_says_is_left_to_the_server_but_the_seed(tmp_path: Path) -> None:
    body = sent(f"{TEXT}, params: {{prompt: a fox}}", tmp_path)

    assert set(body) == {"prompt", "seed", "override_settings"}
    assert isinstance(body["seed"], int)
    assert body["seed"] > 0


def test_a_picture_goes_along_and_keeps_its_size(tmp_path: Path) -> None:
    body = sent(
        f"{CHANGE}, params: {{prompt: at night, image: a.png, strength: 0.4, seed: 7}}", tmp_path
    )

    assert body == {
        "prompt": "at night",
        "init_images": [base64.b64encode(picture("a", "png", 100, 70)).decode()],
        "denoising_strength": 0.4,
        "seed": 7,
        "width": 96,
        "height": 64,
        "override_settings": {"sd_model_checkpoint": "dreamshaper_8"},
    }


def test_as_many_pictures_as_were_asked_for_come_back_at_their_size(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        found = row(stage)

        assert [Path(each.path).suffix for each in found.outputs] == [".png"] * 3
        for each in found.outputs:
            with Image.open(stage.folder / "out" / each.path) as made:
                assert made.size == (64, 96)

    play(f"{TEXT}, params: {{prompt: a fox, size: 64x96, count: 3}}", tmp_path, then)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (f"{TEXT}, params: {{prompt: a fox, style: noir}}", "it has no place for 'style'"),
        (
            "type: text_to_speech, model: 'automatic1111:x', params: {text: a fox}",
            "it has no text_to_speech: it makes text_to_image and image_to_image",
        ),
    ],
)
def test_what_it_would_ignore_is_refused_before_anything_is_sent(
    step: str, told: str, tmp_path: Path
) -> None:
    def then(stage: Stage) -> None:
        problem = row(stage).problem

        assert problem is not None
        assert (problem.code, problem.message, stage.fake.seen) == ("bad_parameter", told, [])

    play(step, tmp_path, then)


def test_it_is_free_and_nobody_need_say_so(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        summary = stage.run(unknown_price=None)

        assert (summary.counts, summary.billed) == ({Status.DONE: 1}, Decimal(0))

    play(f"{TEXT}, params: {{prompt: a fox}}", tmp_path, then)


def test_a_server_without_a_password_is_sent_none(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        assert stage.run().counts == {Status.DONE: 1}
        assert "authorization" not in stage.fake.seen[0].request.headers

    play(f"{TEXT}, params: {{prompt: a fox}}", tmp_path, then, lambda: Automatic1111(secret=""))


def test_a_password_goes_along_and_is_hidden_where_the_server_repeats_it(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        told: list[str] = []
        named = base64.b64encode(SECRET.encode()).decode()
        stage.fake.trouble("submit", of_json(401, {"detail": f"who is {SECRET} or {named}"}))
        found = row(stage, told)

        assert found.problem is not None
        assert found.problem.code == "bad_key"
        heard = repr(found) + "".join(told)
        assert [each for each in (*SECRET.split(":")[1:], named) if each in heard] == []
        kept = [each for each in tmp_path.rglob("*") if each.is_file()]
        assert [each for each in kept if SECRET.encode() in each.read_bytes()] == []
        assert stage.run().counts == {Status.DONE: 1}

    play(f"{TEXT}, params: {{prompt: a fox}}", tmp_path, then)


def test_a_password_may_stand_in_the_file_of_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aipipe.app import discover  # noqa: PLC0415 (only here)
    from aipipe.app.environment import named  # noqa: PLC0415 (only here)

    monkeypatch.chdir(tmp_path)
    (tmp_path / "keys").write_text(f"AIPIPE_AUTOMATIC1111_AUTH={SECRET}\n", encoding="utf-8")

    found = named({}, "keys", discover.own_registry)

    assert found.variables == {"AIPIPE_AUTOMATIC1111_AUTH": SECRET}


OUT_OF_MEMORY = {
    "error": "OutOfMemoryError",
    "detail": "",
    "body": "",
    "errors": "CUDA out of memory. Tried to allocate 9.00 GiB",
}


def test_a_picture_that_failed_by_the_server_s_own_words_is_in_no_doubt(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("submit", of_json(500, OUT_OF_MEMORY))
        problem = row(stage).problem

        assert problem is not None
        assert (problem.code, problem.message) == (
            "bad_parameter",
            "500: OutOfMemoryError; CUDA out of memory. Tried to allocate 9.00 GiB",
        )
        assert [(work, money) for _, work, money in states(tmp_path)] == [
            (Work.REJECTED, Money.FREE)
        ]

    play(f"{TEXT}, params: {{prompt: a fox}}", tmp_path, then)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (of_json(404, {"detail": "Sampler not found"}), "404: Sampler not found"),
        (
            of_json(422, {"detail": [{"loc": ["body", "steps"], "msg": "no integer"}]}),
            "422: 'steps': no integer",
        ),
        (Reply(status=404, body=b"<html>"), "404"),
        (of_json(422, {"detail": [7, {}]}), "422"),
    ],
)
def test_a_refusal_is_told_in_the_server_s_words(reply: Reply, told: str, tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("submit", reply)
        problem = row(stage).problem

        assert problem is not None
        assert problem.message.rstrip(": ") == told

    play(f"{TEXT}, params: {{prompt: a fox}}", tmp_path, then)


@pytest.mark.parametrize(
    "answer", [{"images": []}, {"images": None}, {"images": ["no base64"]}, {"error": "x"}]
)
def test_an_answer_without_pictures_ends_the_step_and_is_kept(
    answer: object, tmp_path: Path
) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("submit", of_json(200, answer))
        summary = stage.run()

        assert (stage.code(summary), summary.exit_code) == ("answer_unreadable", 1)
        kept = [each.read_bytes() for each in tmp_path.rglob("answers/*") if each.is_file()]
        assert json.dumps(answer).encode() in kept

    play(f"{TEXT}, params: {{prompt: a fox}}", tmp_path, then)


def test_where_nothing_listens_it_is_told_which_variable_moves_it(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        nowhere = {"AIPIPE_AUTOMATIC1111_BASE_URL": closed_port()}
        environment = {"AIPIPE_HOME": str(tmp_path / "home"), **nowhere}
        (found,) = stage.run(environment=environment).rows()
        problem = found.problem

        assert problem is not None
        assert problem.code == "not_sent"
        assert "AIPIPE_AUTOMATIC1111_BASE_URL" in str(problem.hint)

    step = f"{TEXT}, retry: {{max_attempts: 1}}, params: {{prompt: a fox}}"
    play(step, tmp_path, then)

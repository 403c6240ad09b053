"""Servers of one's own: each is found, none needs a key, and their errors are understood."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from providers.cases import Stage
from providers.openai_stage import fake_of, made, play, row
from providers.raw_server import closed_port
from support.fakes.fake import json_in
from support.fakes.openai import OwnServer
from support.till.replies import of_json
from support.till.server import served

from aipipe.contracts.status import Status
from aipipe.providers.http.dialect.refusals import RULES
from aipipe.providers.http.verdicts import Reply as Refused
from aipipe.providers.http.verdicts import code_of

CHAT = "{type: text_to_text, model: ollama, params: {prompt: a fox, model_name: llama3.2}}"
SPEECH = "{type: text_to_speech, model: local_kokoro, params: {text: hello}}"
PICTURE = "{type: text_to_image, model: 'openai_compatible:flux', params: {prompt: a fox}}"


def test_ollama_is_asked_with_a_seed_and_costs_nothing(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        summary = stage.run()

        (seen,) = stage.fake.seen
        body = json_in(seen.request)
        assert isinstance(body.pop("seed"), int)
        assert seen.request.path == "/v1/chat/completions"
        assert body == {"model": "llama3.2", "messages": [{"role": "user", "content": "a fox"}]}
        assert "authorization" not in seen.request.headers
        assert (summary.counts, summary.billed) == ({Status.DONE: 1}, Decimal(0))

    play(CHAT, tmp_path, then, OwnServer)


def test_kokoro_speaks_with_its_usual_voice_and_not_in_a_stream(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        made(stage)

        (seen,) = stage.fake.seen
        assert (seen.request.path, json_in(seen.request)) == (
            "/v1/audio/speech",
            {
                "model": "kokoro",
                "input": "hello",
                "voice": "af_heart",
                "stream": False,
                "response_format": "mp3",
            },
        )

    play(SPEECH, tmp_path, then, OwnServer)


@pytest.mark.parametrize("by_address", [True, False])
def test_a_picture_of_a_server_is_taken_wherever_it_lies(
    tmp_path: Path, *, by_address: bool
) -> None:
    def then(stage: Stage) -> None:
        fake_of(stage).by_address = by_address
        (file,) = made(stage)

        assert file[:4] == b"\x89PNG"
        assert json_in(stage.fake.seen[0].request) == {
            "model": "flux",
            "prompt": "a fox",
            "response_format": "b64_json",
        }

    play(PICTURE, tmp_path, then, OwnServer)


def test_a_key_is_sent_where_one_is_set(tmp_path: Path) -> None:
    class Guarded(OwnServer):
        def __init__(self) -> None:
            super().__init__(key="sk-own-5f0c")

    def then(stage: Stage) -> None:
        made(stage)

        assert stage.fake.seen[0].request.headers["authorization"] == "Bearer sk-own-5f0c"

    play(CHAT, tmp_path, then, Guarded)


def test_two_servers_are_each_found_with_v1_at_the_end_or_without(tmp_path: Path) -> None:
    ollama, kokoro = OwnServer(), OwnServer()

    def then(stage: Stage) -> None:
        with served(ollama) as one, served(kokoro) as two:
            environment = {
                "AIPIPE_HOME": str(tmp_path / "home"),
                "AIPIPE_OLLAMA_BASE_URL": f"{one}/v1/",
                "AIPIPE_KOKORO_BASE_URL": two,
                "AIPIPE_OPENAI_COMPATIBLE_BASE_URL": stage.fake.base,
            }
            file = tmp_path / "two.yaml"
            steps = "".join(f"  - {step}\n" for step in (CHAT, SPEECH, PICTURE))
            file.write_text(f"name: two\nsteps:\n{steps}", encoding="utf-8")
            summary = stage.run_file(file, environment=environment)

        assert summary.counts == {Status.DONE: 3}
        asked = [[each.request.path for each in fake.seen] for fake in (ollama, kokoro, stage.fake)]
        assert asked == [["/v1/chat/completions"], ["/v1/audio/speech"], ["/v1/images/generations"]]

    play(CHAT, tmp_path, then, OwnServer)


@pytest.mark.parametrize(
    ("step", "variable"),
    [
        (CHAT, "AIPIPE_OLLAMA_BASE_URL"),
        (SPEECH, "AIPIPE_KOKORO_BASE_URL"),
        (PICTURE, "AIPIPE_OPENAI_COMPATIBLE_BASE_URL"),
    ],
)
def test_where_nothing_listens_the_variable_that_moves_it_is_named(
    step: str, variable: str, tmp_path: Path
) -> None:
    def then(stage: Stage) -> None:
        environment = {"AIPIPE_HOME": str(tmp_path / "home"), variable: closed_port()}
        problem = row(stage.run(environment=environment)).problem

        assert problem is not None
        assert problem.code == "not_sent"
        assert problem.hint == f"start the server there, or say where it is with {variable}"

    play(f"{step[:-1]}, retry: {{max_attempts: 1}}}}", tmp_path, then, OwnServer)


SAID: dict[str, tuple[int, object, str, str | None]] = {
    "openai": (
        400,
        {"error": {"message": "too long", "type": "x", "param": "input", "code": "y"}},
        "bad_parameter",
        "'input': too long",
    ),
    "named already": (
        400,
        {"error": {"message": "no 'n'", "param": "n", "code": None}},
        "bad_parameter",
        "no 'n'",
    ),
    "ollama": (404, {"error": "model 'x' not found"}, "not_found", "model 'x' not found"),
    "ollama's openai": (404, {"error": {"message": "no x", "code": None}}, "not_found", "no x"),
    "localai": (400, {"error": {"code": 400, "message": "bad"}}, "bad_parameter", "bad"),
    "kokoro": (
        400,
        {"detail": {"error": "validation_error", "message": "no voice"}},
        "bad_parameter",
        "no voice",
    ),
    "fastapi": (
        422,
        {"detail": [{"loc": ["body", "model"], "msg": "Field required"}]},
        "bad_parameter",
        "'model': Field required",
    ),
    "text": (403, {"detail": "no"}, "not_allowed", "no"),
    "nothing": (404, {}, "not_found", None),
    "a list": (404, [1], "not_found", None),
    "an odd list": (422, {"detail": [1]}, "bad_parameter", None),
    "an odd message": (422, {"error": {"message": {"a": 1}}}, "bad_parameter", None),
    "quota": (429, {"error": {"message": "q", "type": "insufficient_quota"}}, "no_credit", "q"),
    "hard limit": (
        400,
        {"error": {"message": "q", "code": "billing_hard_limit_reached"}},
        "no_credit",
        "q",
    ),
    "policy": (400, {"error": {"code": "content_policy_violation"}}, "refused.input", None),
    "azure": (400, {"error": {"code": "content_filter", "message": "f"}}, "refused.input", "f"),
    "country": (
        403,
        {"error": {"code": "unsupported_country_region_territory", "message": "c"}},
        "not_allowed",
        "c",
    ),
}


@pytest.mark.parametrize("shape", SAID)
def test_an_error_is_understood_in_the_shapes_that_servers_give_it(shape: str) -> None:
    status, body, code, words = SAID[shape]
    reply = Refused(status=status, headers={}, body=json.dumps(body).encode())

    assert (code_of(reply, RULES), RULES.said(reply)) == (code, words)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"NaN"])
def test_an_error_without_words_goes_by_its_status(body: bytes) -> None:
    reply = Refused(status=404, headers={}, body=body)

    assert (code_of(reply, RULES), RULES.said(reply)) == ("not_found", None)


def test_a_server_that_has_no_such_model_is_quoted(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("submit", of_json(404, {"error": "model 'llama3.2' not found"}))
        problem = row(stage.run()).problem

        assert problem is not None
        assert problem.message == "404: model 'llama3.2' not found"

    play(CHAT, tmp_path, then, OwnServer)

"""What is special to Google: nested bodies, blocked answers, tokens, samples, files with a key."""

import base64
import io
import json
import wave
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from providers.cases import Case, Stage, serve
from support.buying import calls, states
from support.fakes import files
from support.fakes.fake import json_in
from support.fakes.google import Google, answer, blocked, ended, error, refusal, usage
from support.sinks import call_of, tools_in
from support.till.replies import Reply, of_json
from support.till.server import served

from aipipe.contracts.call import Call, Job
from aipipe.contracts.media import Medium
from aipipe.contracts.outcome import Lost, Unreadable
from aipipe.contracts.tools import Tools
from aipipe.memory.ledger.states import Money, Work
from aipipe.providers.google import PROVIDER

PICTURE = "{type: text_to_image, model: gemini_3_1_flash_image, params: {prompt: a red fox}}"
SPEECH = "{type: text_to_speech, model: gemini_tts, params: {text: So it is}}"
TEXT = "{type: text_to_text, model: gemini_flash, params: {prompt: Is it so?}}"
SEEING = "{type: image_understanding, model: gemini_flash, input: {image: fox.png}}"
VIDEO = "{type: text_to_video, model: gemini_omni_flash, params: {prompt: a red fox}}"


def staged(folder: Path, play: Callable[[Stage, Google], None], step: str, fake: Google) -> None:
    """Let a test play with a step and a server."""
    case = Case(name="google", make=lambda: fake, step=f"  - {step}\n", refusals={})
    serve(case, folder, lambda stage: play(stage, fake))


def sent_by(folder: Path, step: str, fake: Google | None = None) -> dict[str, Any]:
    """The body of a step's only paid request, which was as the specification has it."""
    bodies: list[dict[str, Any]] = []

    def play(stage: Stage, google: Google) -> None:
        assert stage.run().exit_code == 0, [row.problem for row in stage.run().rows()]
        assert google.faults == []
        bodies.extend(json_in(each.request) for each in google.seen if each.kind == "submit")

    staged(folder, play, step, fake or Google(polls=0))
    (body,) = bodies
    return body


def user(*parts: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"role": "user", "parts": list(parts)}]


def test_a_picture_is_asked_for_in_shape_and_size(tmp_path: Path) -> None:
    step = PICTURE.replace("a red fox", "a red fox, aspect_ratio: '16:9', resolution: 2K")

    assert sent_by(tmp_path, step) == {
        "contents": user({"text": "a red fox"}),
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
        },
    }


def test_a_picture_to_change_lies_in_the_request_after_the_text(tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(files.picture())
    step = (
        "{type: image_to_image, model: gemini_3_pro_image, input: {image: fox.png},"
        " params: {prompt: in blue}}"
    )

    (said,) = sent_by(tmp_path, step)["contents"]

    inline = {"mimeType": "image/png", "data": base64.b64encode(files.picture()).decode()}
    assert said["parts"] == [{"text": "in blue"}, {"inlineData": inline}]


def test_speech_is_asked_for_with_a_voice(tmp_path: Path) -> None:
    assert sent_by(tmp_path, SPEECH.replace("So it is", "So it is, voice: Kore")) == {
        "contents": user({"text": "So it is"}),
        "generationConfig": {
            "responseModalities": ["AUDIO"],
            "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}},
        },
    }


def test_a_text_is_asked_for_with_instructions_and_a_seed_of_its_own(tmp_path: Path) -> None:
    step = TEXT.replace("so?", "so?, instructions: Be short, temperature: 0.5, max_tokens: 90")

    body = sent_by(tmp_path, step)

    assert 1 <= body["generationConfig"].pop("seed") < 1 << 31
    assert body == {
        "contents": user({"text": "Is it so?"}),
        "systemInstruction": {"parts": [{"text": "Be short"}]},
        "generationConfig": {"temperature": 0.5, "maxOutputTokens": 90},
    }


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (SEEING, "Describe"),
        ("{type: speech_to_text, model: gemini_flash, input: {audio: fox.wav}}", "Write down"),
        (SEEING.replace("fox.png", "fox.png, prompt: How many?"), "How many?"),
        ("{type: video_understanding, model: gemini_flash, input: fox.mp4}", "Describe"),
    ],
)
def test_what_is_seen_or_heard_goes_along_with_a_question(
    step: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "fox.png").write_bytes(files.picture())
    (tmp_path / "fox.wav").write_bytes(files.sound("fox", "wav"))
    (tmp_path / "fox.mp4").write_bytes(files.film())

    (said,) = sent_by(tmp_path, step)["contents"]

    assert said["parts"][0]["text"].startswith(text)
    assert said["parts"][1]["inlineData"]["mimeType"] in {"image/png", "audio/wav", "video/mp4"}
    assert len(said["parts"]) == 2


def test_a_prompt_is_asked_for_by_instructions(tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(files.picture())
    step = "{type: prompt_generation, model: gemini_flash, input: {image: fox.png}}"

    body = sent_by(tmp_path, step)

    assert "one prompt" in body["systemInstruction"]["parts"][0]["text"]
    assert [list(part) for part in body["contents"][0]["parts"]] == [["inlineData"]]


def test_a_video_is_a_job_that_names_its_model(tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(files.picture())
    step = (
        "{type: image_to_video, model: gemini_omni_flash, input: {image: fox.png},"
        " params: {prompt: it runs, duration: 5, aspect_ratio: '9:16', resolution: 1080p}}"
    )

    image = base64.b64encode(files.picture()).decode()
    assert sent_by(tmp_path, step) == {
        "model": "gemini-omni-flash-preview",
        "background": True,
        "input": [
            {
                "type": "user_input",
                "content": [
                    {"type": "text", "text": "it runs"},
                    {"type": "image", "mime_type": "image/png", "data": image},
                ],
            }
        ],
        "response_format": {
            "type": "video",
            "delivery": "uri",
            "duration": "5s",
            "aspect_ratio": "9:16",
            "resolution": "1080p",
        },
    }


@pytest.mark.parametrize(
    ("step", "config"),
    [
        ("{type: text_to_image, model: 'google:gemini-x', params: {prompt: a fox}}", "IMAGE"),
        ("{type: text_to_speech, model: 'google:models/gemini-x', params: {text: a fox}}", "AUDIO"),
        ("{type: text_to_text, model: 'google:gemini-x', params: {prompt: a fox}}", None),
    ],
)
def test_any_model_of_google_s_is_reached_by_the_type_of_the_step(
    step: str, config: str | None, tmp_path: Path
) -> None:
    google = Google()

    body = sent_by(tmp_path, step, google)

    assert google.seen[0].request.path == "/v1/models/gemini-x:generateContent"
    expected = {} if config is None else {"generationConfig": {"responseModalities": [config]}}
    assert body == {"contents": user({"text": "a fox"}), **expected}


def test_any_model_of_google_s_that_makes_videos_is_reached(tmp_path: Path) -> None:
    model = "'google:gemini-omni-1.2-flash'"
    step = f"{{type: text_to_video, model: {model}, params: {{prompt: a fox, duration: 4}}}}"

    body = sent_by(tmp_path, step)

    assert body["model"] == "gemini-omni-1.2-flash"
    assert body["response_format"] == {"type": "video", "delivery": "uri", "duration": "4s"}


def test_raw_words_are_laid_over_ours_inside_of_objects_too(tmp_path: Path) -> None:
    step = PICTURE[:-1] + ", raw: {generationConfig: {topK: 3}}}"

    assert sent_by(tmp_path, step)["generationConfig"] == {
        "responseModalities": ["IMAGE"],
        "topK": 3,
    }


@pytest.mark.parametrize(
    ("step", "nano"),
    [
        (PICTURE, (10 * 500 + 1_000 * 60_000)),
        (SPEECH, (10 * 500 + 1_000 * 9_000)),
        (TEXT, (10 * 750 + 1_000 * 3_750)),
        (VIDEO, (10 * 1_500 + 40_000 * 17_500)),
    ],
)
def test_what_was_billed_are_the_tokens_that_the_answer_counts(
    step: str, nano: int, tmp_path: Path
) -> None:
    def play(stage: Stage, _google: Google) -> None:
        stage.run()

        (kept,) = calls(stage.folder)
        assert (kept.billed, kept.state.money, kept.state.computed) == (nano, Money.BILLED, False)

    staged(tmp_path, play, step, Google(polls=0))


@pytest.mark.parametrize(
    ("end", "code", "work"),
    [
        *((blocked(why), "refused.input", Work.REFUSED) for why in ("SAFETY", "OTHER")),
        (ended("IMAGE_PROHIBITED_CONTENT"), "refused.output", Work.REFUSED),
        (ended("RECITATION"), "refused.output", Work.REFUSED),
        (ended("NO_IMAGE"), "job_failed", Work.FAILED),
        (ended("SOMETHING_NEW"), "job_failed", Work.FAILED),
        (of_json(200, answer([{"text": "I can't."}])), "job_failed", Work.FAILED),
    ],
)
def test_an_answer_without_a_result_is_billed_by_its_tokens(
    end: Reply, code: str, work: Work, tmp_path: Path
) -> None:
    def play(stage: Stage, google: Google) -> None:
        google.trouble("submit", end)
        summary = stage.run()

        (kept,) = calls(stage.folder)
        assert (stage.code(summary), kept.state.work) == (code, work)
        told = json.loads(end.body)["usageMetadata"].get("candidatesTokenCount", 0)
        assert kept.billed == 10 * 500 + told * 3_000
        assert Path(str(kept.answer_path)).read_bytes() == end.body

    staged(tmp_path, play, PICTURE, Google())


def test_a_refusal_that_used_tokens_of_an_unknown_price_is_not_taken_for_free(
    tmp_path: Path,
) -> None:
    step = "{type: text_to_image, model: 'google:gemini-x', params: {prompt: a fox}}"

    def play(stage: Stage, google: Google) -> None:
        google.trouble("submit", blocked("SAFETY"))
        summary = stage.run()

        assert stage.code(summary) == "refused.input"
        assert [money for _, _, money in states(stage.folder)] == [Money.BILLED]
        assert stage.run().exit_code == 1
        assert google.count("submit") == 1

    staged(tmp_path, play, step, Google())


def test_a_prompt_that_was_blocked_before_anything_was_counted_is_free(tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        google.trouble("submit", of_json(200, {"promptFeedback": {"blockReason": "SAFETY"}}))
        stage.run()

        assert [money for _, _, money in states(stage.folder)] == [Money.FREE]

    staged(tmp_path, play, PICTURE, Google())


LEAKED = error(403, "PERMISSION_DENIED", "Your API key was reported as leaked.")
NO_COUNTRY = error(400, "FAILED_PRECONDITION", "The free tier is not available in your country.")
NO_FREE_TIER = error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric: x, limit: 0, model: y")
EMPTY = error(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.")
NOT_ALLOWED = error(403, "PERMISSION_DENIED", "Your key may not.")


@pytest.mark.parametrize(
    ("step", "reply", "code"),
    [
        (PICTURE, LEAKED, "bad_key"),
        (PICTURE, NO_COUNTRY, "not_allowed"),
        (PICTURE, NO_FREE_TIER, "not_allowed"),
        (PICTURE, NOT_ALLOWED, "not_allowed"),
        (PICTURE, EMPTY, "no_credit"),
        (VIDEO, refusal(400, "prohibited_content", "not that"), "refused.input"),
        (VIDEO, refusal(400, "failed_precondition", "no billing"), "not_allowed"),
        (VIDEO, refusal(401, "unauthenticated", "who is it?"), "bad_key"),
    ],
)
def test_refusals_are_told_apart_in_each_of_their_shapes(
    step: str, reply: Reply, code: str, tmp_path: Path
) -> None:
    def play(stage: Stage, google: Google) -> None:
        google.trouble("submit", reply)
        summary = stage.run()

        assert stage.code(summary) == code
        assert google.count("submit") == 1
        assert [money for _, _, money in states(stage.folder)] == [Money.FREE]

    staged(tmp_path, play, step, Google())


def test_the_pause_that_a_429_has_in_its_details_is_kept(tmp_path: Path) -> None:
    told: dict[str, object] = {"@type": "type.googleapis.com/google.rpc.RetryInfo"}
    busy = error(429, "RESOURCE_EXHAUSTED", "too many", [{**told, "retryDelay": "0.25s"}])

    sent = _submitted_to(busy, tmp_path)

    assert (sent.retryable, sent.throttled, sent.retry_after) == (True, True, 0.25)


def _submitted_to(reply: Reply, folder: Path) -> Any:
    google = Google()
    google.trouble("submit", reply)
    with served(google) as base:
        google.base = base
        assert PROVIDER.submit is not None
        asked = replace(_asked("image", prompt="a fox"), endpoint="gemini-x")
        return PROVIDER.submit(asked, _tools(folder, google))


def test_a_service_out_of_capacity_has_taken_nothing_and_is_asked_again(tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        google.trouble("submit", error(503, "UNAVAILABLE", "The model is overloaded."))

        assert stage.run().exit_code == 0
        assert (google.count("submit"), len(google.charged)) == (2, 1)

    staged(tmp_path, play, TEXT, Google())


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        (VIDEO, refusal(503, "service_unavailable", "The model is overloaded.")),
        (VIDEO, error(503, "UNAVAILABLE", "The model is overloaded.")),
        (TEXT, Reply(status=503, body=b"<html>no</html>")),
    ],
)
def test_any_other_503_may_have_cost(step: str, reply: Reply, tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        google.trouble("submit", reply)

        assert stage.run().exit_code == 4
        assert google.count("submit") == 1

    staged(tmp_path, play, step, Google())


def test_samples_become_a_wav_file_of_the_rate_that_their_type_says(tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        samples = base64.b64encode(files.samples("so")).decode()
        blob = {"inlineData": {"mimeType": "audio/L16;codec=pcm;rate=16000", "data": samples}}
        google.trouble("submit", of_json(200, answer([blob], "AUDIO")))
        stage.run()

        (made,) = (stage.folder / "out").glob("*.wav")
        with wave.open(io.BytesIO(made.read_bytes())) as file:
            laid_out = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            assert laid_out == (16_000, 1, 2)
            assert file.readframes(file.getnframes()) == files.samples("so")

    staged(tmp_path, play, SPEECH, Google())


def test_speech_that_is_a_file_already_stays_as_it_is(tmp_path: Path) -> None:
    def play(stage: Stage, _google: Google) -> None:
        assert stage.run().exit_code == 0

        (made,) = (stage.folder / "out").glob("*.wav")
        assert made.read_bytes()[:4] == b"RIFF"

    staged(tmp_path, play, SPEECH, Google(wav=True))


@pytest.mark.parametrize("said", ["rate=fast", "rate=9999999999999", "channels=0", "rate=1"])
def test_samples_that_are_laid_out_oddly_are_kept_and_not_guessed_at(
    said: str, tmp_path: Path
) -> None:
    def play(stage: Stage, google: Google) -> None:
        blob = {"inlineData": {"mimeType": f"audio/L16;{said}", "data": "AAAA"}}
        google.trouble("submit", of_json(200, answer([blob], "AUDIO")))
        summary = stage.run()

        assert stage.code(summary) == "answer_unreadable"
        assert [work for _, work, _ in states(stage.folder)] == [Work.ANSWERED]

    staged(tmp_path, play, SPEECH, Google())


@pytest.mark.parametrize("says", [("So ", "it is."), ("https://", "example.com/x")])
def test_a_text_is_all_that_was_written_and_nothing_that_was_only_thought(
    says: tuple[str, ...], tmp_path: Path
) -> None:
    def play(stage: Stage, google: Google) -> None:
        assert stage.run().exit_code == 0

        (made,) = (stage.folder / "out").glob("*.txt")
        assert made.read_text(encoding="utf-8") == "".join(says)
        assert len(google.seen) == 1

    staged(tmp_path, play, TEXT, Google(says=says))


def test_a_video_that_comes_inside_of_the_answer_is_not_kept_in_the_ledger(tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        assert stage.run().exit_code == 0

        (kept,) = calls(stage.folder)
        assert len(json.dumps(kept.job)) < 1_000
        assert google.count("file") == 0
        assert list((stage.folder / "out").glob("*.mp4"))

    staged(tmp_path, play, VIDEO, Google(polls=0, is_inline=True))


def test_a_file_of_google_s_gets_the_key_and_one_of_another_host_never_does(
    tmp_path: Path,
) -> None:
    class Open(Google):
        """A host that asks nobody for a key."""

        def closed(self, kind: str, request: object) -> None:
            del kind, request

    google, other = Google(polls=0), Open()
    other.jobs = google.jobs
    with served(other) as base:
        google.files_at = base

        def play(stage: Stage, _google: Google) -> None:
            assert stage.run().exit_code == 1  # what lies elsewhere is fetched as it is named
            assert [each.kind for each in other.seen] == ["unknown"]
            assert all(google.key not in str(each.request.headers) for each in other.seen)
            google.files_at = ""
            assert stage.run(new_run=True, fresh=True).exit_code == 0
            assert google.count("file") == 1

        staged(tmp_path, play, VIDEO, google)


def test_a_key_that_a_server_quotes_is_nowhere_to_be_found(tmp_path: Path) -> None:
    told: list[object] = []

    def play(stage: Stage, google: Google) -> None:
        quoted = ended("SAFETY", f"not with {google.key}")
        google.trouble("submit", error(400, "INVALID_ARGUMENT", f"bad {google.key}"))
        told.append(stage.run(listen=told.append).rows())
        google.trouble("submit", quoted)
        told.append(stage.run(listen=told.append).rows())
        kept = {Path(str(each.answer_path)) for each in calls(stage.folder)}

        assert "***" in str(told)
        assert google.key not in str(told)
        for path in stage.folder.rglob("*"):
            if path.is_file() and path not in kept:
                assert google.key.encode() not in path.read_bytes(), path

    staged(tmp_path, play, PICTURE, Google())


# --- what no run can show


def _asked(medium: Medium, **inputs: str) -> Call:
    return call_of("provider:google", inputs=inputs, medium=medium)


def _tools(folder: Path, google: Google) -> Tools:
    return replace(tools_in(folder), secret=google.environment.get)


def _fetched(folder: Path, found: object) -> object:
    """What comes of a kept answer that another process finds."""
    path = folder / "kept"
    path.write_text(json.dumps(found), encoding="utf-8")
    result = Job(provider="google", id="", data={"answer": str(path)})
    assert PROVIDER.fetch is not None
    asked = replace(_asked("image"), rebuilt=True)
    return PROVIDER.fetch(result, asked, _tools(folder, Google()))


def test_a_kept_answer_that_says_no_has_nothing_left_to_be_had(tmp_path: Path) -> None:
    found = _fetched(tmp_path, json.loads(ended("IMAGE_SAFETY").body))

    assert isinstance(found, Lost)
    assert found.problem.code == "refused.output"


@pytest.mark.parametrize(
    "found",
    [
        [],
        {},
        {"candidates": "no"},
        {"candidates": [{"content": {"parts": [{"inlineData": {"data": "AAAA"}}]}}]},
        {"candidates": [{"content": {"parts": [{"inlineData": {"mimeType": "image/png"}}]}}]},
        {"candidates": [{"content": {"parts": {"inlineData": 3}}}]},
    ],
)
def test_a_kept_answer_of_another_shape_stays_to_be_read(found: object, tmp_path: Path) -> None:
    assert isinstance(_fetched(tmp_path, found), Unreadable)


@pytest.mark.parametrize(
    "told",
    [
        {"id": "v1_x"},
        {"id": "v1_x", "status": "dreaming"},
        {"id": "v1_x", "status": 3},
        {"id": "v1_x", "status": ["completed"]},
    ],
)
def test_a_job_in_an_unknown_state_stays_known(told: object, tmp_path: Path) -> None:
    assert isinstance(_polled(tmp_path, of_json(200, told)), Unreadable)


def test_a_job_that_is_over_without_a_video_says_what_the_model_wrote(tmp_path: Path) -> None:
    wrote = {"type": "text", "text": "I would rather not"}
    steps = [{"type": "user_input", "content": []}, {"type": "model_output", "content": [wrote]}]

    found = _polled(tmp_path, of_json(200, {"id": "x", "status": "completed", "steps": steps}))

    assert found.problem.code == "job_failed"
    assert found.problem.message == "no video was made (completed): I would rather not"


def test_a_failed_job_is_billed_by_its_tokens(tmp_path: Path) -> None:
    told = {"input_tokens_by_modality": [{"modality": "text", "tokens": 7}]}
    reply = of_json(200, {"id": "x", "status": "failed", "usage": told})

    assert _polled(tmp_path, reply).billed_nano_usd == 7_000
    assert isinstance(_polled(tmp_path, reply, prices={}), Lost)


def _polled(folder: Path, reply: Reply, prices: Mapping[str, str] | None = None) -> Any:
    google = Google()
    google.trouble("status", reply)
    priced = {"text_in": "1"} if prices is None else dict(prices)
    job = Job(provider="google", id="v1_x", data={"tokens": {**priced}})
    with served(google) as base:
        google.base = base
        assert PROVIDER.poll is not None
        return PROVIDER.poll(job, _asked("video"), _tools(folder, google))


@pytest.mark.parametrize(
    "told",
    [
        {**usage(5, "IMAGE"), "promptTokenCount": "10"},
        {**usage(5, "IMAGE"), "thoughtsTokenCount": -1},
        {**usage(5, "IMAGE"), "candidatesTokensDetails": [{"modality": "SMELL", "tokenCount": 5}]},
    ],
)
def test_counts_that_can_t_be_read_make_no_bill(told: object, tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        image = base64.b64encode(files.picture()).decode()
        blob = {"inlineData": {"mimeType": "image/png", "data": image}}
        google.trouble("submit", of_json(200, {**answer([blob]), "usageMetadata": told}))

        assert stage.run().exit_code == 0
        (kept,) = calls(stage.folder)
        assert (kept.billed, kept.state.computed) == (67_000_000, True)

    staged(tmp_path, play, PICTURE, Google())


def test_an_answer_with_more_pictures_than_one_gives_them_all(tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        blobs = [base64.b64encode(files.picture(each)).decode() for each in ("one", "two")]
        parts = [{"inlineData": {"mimeType": "image/png", "data": each}} for each in blobs]
        drafts = [{**parts[0], "thought": True}]
        google.trouble("submit", of_json(200, answer([*drafts, *parts], "IMAGE")))

        assert stage.run().exit_code == 0
        assert len(list((stage.folder / "out").glob("*.png"))) == 2

    staged(tmp_path, play, PICTURE, Google())


def test_what_the_model_thought_is_billed_as_text(tmp_path: Path) -> None:
    def play(stage: Stage, google: Google) -> None:
        told = {**usage(100), "thoughtsTokenCount": 900, "promptTokenCount": 30}
        found = {**answer([{"text": "Yes."}]), "usageMetadata": told}
        google.trouble("submit", of_json(200, found))
        stage.run()

        (kept,) = calls(stage.folder)
        assert kept.billed == 30 * 750 + 1_000 * 3_750

    staged(tmp_path, play, TEXT, Google())

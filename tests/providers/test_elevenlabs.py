"""What is sent to ElevenLabs, and what its answers come to."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from providers.cases import Case, Stage, serve
from providers.elevenlabs_case import SCRIBE, SOUNDS, SPEECH
from support.buying import calls, states
from support.fakes.elevenlabs import KEY, RACHEL, SPOKEN, ElevenLabs, older, refusal
from support.fakes.fake import form_in
from support.fakes.files import sound
from support.till.replies import RESET, Manner, Reply, of_json

from aipipe.contracts.event import RunEvent
from aipipe.contracts.status import Status
from aipipe.errors import PipelineFaultsError
from aipipe.memory.ledger.states import Money, Work


def speech(model: str = "elevenlabs", /, **params: object) -> str:
    told = {"voice": "rachel", "text": "a fox", **params}
    return f"  - {{type: text_to_speech, model: {model}, params: {json.dumps(told)}}}\n"


def play(case: Case, step: str, folder: Path, act: Callable[[Stage, ElevenLabs], None]) -> None:
    def played(stage: Stage) -> None:
        assert isinstance(stage.fake, ElevenLabs)
        act(stage, stage.fake)

    serve(replace(case, step=step), folder, played)


def sent(fake: ElevenLabs) -> list[tuple[str, dict[str, str], dict[str, object]]]:
    """Paths, queries and bodies of what may cost."""
    found = [each.request for each in fake.seen if each.kind == "submit"]
    queries = [dict(parse_qsl(urlsplit(each.target).query)) for each in found]
    return [(r.path, q, json.loads(r.body)) for r, q in zip(found, queries, strict=True)]


# --- what is sent

TTS = f"/v1/text-to-speech/{RACHEL}"
MP3 = {"output_format": "mp3_44100_128"}
MODELS = {
    "elevenlabs": "eleven_multilingual_v2",
    "elevenlabs_v3": "eleven_v3",
    "elevenlabs_flash": "eleven_flash_v2_5",
    "elevenlabs_turbo": "eleven_turbo_v2_5",
}


def test_a_text_that_is_too_long_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        summary = stage.run()
        (row,) = summary.rows()

        assert row.problem is not None
        assert (row.problem.code, row.problem.message) == (
            "bad_parameter",
            "the text has 5,001 characters, and the model takes 5,000 in one call",
        )
        assert fake.seen == []

    play(SPEECH, speech("elevenlabs_v3", text="a" * 5_001), tmp_path, act)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_speaks_with_the_voice_of_the_name(model: str, tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        summary = stage.run()

        assert (summary.exit_code, fake.faults) == (0, [])
        assert sent(fake) == [(TTS, MP3, {"model_id": MODELS[model], "text": "a fox", "seed": 7})]

    play(SPEECH, speech(model, seed=7), tmp_path, act)


def test_all_words_arrive_where_the_specification_has_them(tmp_path: Path) -> None:
    settings = {
        "stability": 0.3,
        "similarity_boost": 0.9,
        "style": 0.1,
        "use_speaker_boost": False,
        "speed": 1.1,
    }
    around = {"previous_text": "before", "next_text": "after"}
    ours = {name: value for name, value in settings.items() if name != "use_speaker_boost"}
    words = {**ours, "speaker_boost": False, **around, "normalization": "off", "seed": 7}

    def act(stage: Stage, fake: ElevenLabs) -> None:
        stage.run()

        assert fake.faults == []
        ((_, query, body),) = sent(fake)
        assert query == {"output_format": "wav_48000"}
        assert body == {
            "model_id": "eleven_multilingual_v2",
            "text": "a fox",
            "seed": 7,
            "voice_settings": settings,
            "apply_text_normalization": "off",
            **around,
        }

    play(SPEECH, speech(**words, output_file="fox.wav"), tmp_path, act)


@pytest.mark.parametrize("name", ["fox.mp3", "fox.wav", "fox.opus", "fox.ogg"])
def test_a_format_is_asked_for_by_the_name_of_the_file(name: str, tmp_path: Path) -> None:
    def act(stage: Stage, _fake: ElevenLabs) -> None:
        stage.run()

        assert (stage.folder / "out" / name).is_file()

    play(SPEECH, speech(output_file=name), tmp_path, act)


def test_a_seed_is_derived_from_the_call(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        stage.run()

        seeds = [body["seed"] for _, _, body in sent(fake)]
        assert all(isinstance(seed, int) and seed > 0 for seed in seeds)
        assert len(set(seeds)) == 3

    steps = speech() + speech() + speech(text="a goose")
    play(SPEECH, steps, tmp_path, act)


def test_a_sound_effect_has_its_length_and_no_seed(tmp_path: Path) -> None:
    step = (
        "  - {type: text_to_audio, model: elevenlabs_sound_effects,"
        " params: {prompt: a door, duration: 2.5, loop: true, prompt_influence: 0.7}}\n"
    )

    def act(stage: Stage, fake: ElevenLabs) -> None:
        stage.run()

        assert fake.faults == []
        body = {"duration_seconds": 2.5, "loop": True, "prompt_influence": 0.7}
        named = {"text": "a door", "model_id": "eleven_text_to_sound_v2"}
        assert sent(fake) == [("/v1/sound-generation", MP3, {**named, **body})]

    play(SOUNDS, step, tmp_path, act)


def scribe(**params: object) -> str:
    told = json.dumps({"audio": "talk.mp3", "seed": 7, **params})
    return f"  - {{type: speech_to_text, model: scribe, params: {told}}}\n"


def test_a_recording_travels_as_a_form(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        stage.run()

        assert fake.faults == []
        (form,) = [form_in(each.request) for each in fake.seen]
        assert {part.name: part.content for part in form} == {
            "model_id": b"scribe_v1",
            "language_code": b"en",
            "num_speakers": b"2",
            "tag_audio_events": b"false",
            "temperature": b"0.5",
            "seed": b"7",
            "keyterms": b"goose",
            "file": sound(),
        }
        terms = [part.content for part in form if part.name == "keyterms"]
        assert terms == [b"fox", b"goose"]

    words = {"language": "en", "speakers": 2, "tag_audio_events": False, "temperature": 0.5}
    step = scribe(version="v1", **words).replace("}}\n", "}, raw: {keyterms: [fox, goose]}}\n")
    play(SCRIBE, step, tmp_path, act)


def test_a_recording_has_a_seed_of_its_own(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        stage.run()

        forms = [form_in(each.request) for each in fake.seen]
        seeds = {part.content for form in forms for part in form if part.name == "seed"}
        assert len(seeds) == 2

    both = SCRIBE.step + SCRIBE.step.replace("talk", "walk")
    files: dict[str, Callable[[], bytes]] = {
        "talk.mp3": sound,
        "walk.mp3": partial(sound, "walk"),
    }
    play(replace(SCRIBE, files=files), both, tmp_path, act)


def text_of(stage: Stage) -> str:
    (file,) = (stage.folder / "out").glob("*.txt")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("params", "text"), [({}, "https://x.test is down."), ({"diarize": True}, SPOKEN)]
)
def test_a_transcript_is_the_text_that_the_answer_has(
    params: Mapping[str, object], text: str, tmp_path: Path
) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.said = "https://x.test is down."
        summary = stage.run()

        assert (summary.counts, fake.faults) == ({Status.DONE: 1}, [])
        assert text_of(stage).strip() == text

    play(SCRIBE, scribe(**params), tmp_path, act)


# --- what can't be taken is refused before it costs


@pytest.mark.parametrize(
    "step",
    [
        speech("elevenlabs_v3", previous_text="before"),
        speech("elevenlabs_v3", stability=0.3),
        speech("elevenlabs", language="de"),
        SOUNDS.step.replace("a door", "a door, duration: 31"),
    ],
    ids=["v3 stitched", "v3 stability", "language", "too long"],
)
def test_what_a_model_refuses_is_told_before_anything_runs(step: str, tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        with pytest.raises(PipelineFaultsError):
            stage.run()

        assert fake.seen == []

    play(SPEECH, step, tmp_path, act)


def raw(step: str, **params: object) -> str:
    return step.replace("}}\n", f"}}, raw: {json.dumps(params)}}}\n")


@pytest.mark.parametrize(
    ("case", "step"),
    [
        (SPEECH, raw(speech(), output_format="pcm_44100")),
        (SCRIBE, raw(scribe(), webhook=True)),
    ],
    ids=["pcm", "webhook"],
)
def test_what_could_not_be_received_is_not_sent(case: Case, step: str, tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        summary = stage.run()

        assert (stage.code(summary), fake.seen) == ("bad_parameter", [])

    play(case, step, tmp_path, act)


def test_raw_words_of_the_query_go_there(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        stage.run()

        assert fake.faults == []
        ((_, query, body),) = sent(fake)
        assert query == {"output_format": "mp3_22050_32", "enable_logging": "false"}
        assert body["apply_language_text_normalization"] is True

    words = {"output_format": "mp3_22050_32", "enable_logging": False}
    step = raw(speech(), **words, apply_language_text_normalization=True)
    play(SPEECH, step, tmp_path, act)


def test_an_endpoint_that_no_catalogue_has_is_reached(tmp_path: Path) -> None:
    step = (
        f"  - {{type: text_to_speech, model: 'elevenlabs:v1/text-to-speech/{RACHEL}',"
        " params: {text: a fox}, raw: {model_id: eleven_v3}}\n"
    )

    def act(stage: Stage, fake: ElevenLabs) -> None:
        summary = stage.run()

        assert (summary.exit_code, fake.faults) == (0, [])
        assert sent(fake) == [(TTS, {}, {"text": "a fox", "model_id": "eleven_v3"})]

    play(SPEECH, step, tmp_path, act)


# --- voices of the account

MINE = "A" * 20


def test_a_voice_of_the_account_is_looked_up_once(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.voices = {"B" * 20: "Foxglove", "C" * 20: "A fox", MINE: "FOX - Sly, Quick"}
        summary = stage.run()

        assert (summary.exit_code, fake.faults) == (0, [])
        assert [path for path, _, _ in sent(fake)] == [f"/v1/text-to-speech/{MINE}"] * 2
        assert fake.count("voices") == 2  # of one search, a page each

    play(SPEECH, speech(voice="Fox") + speech(voice="Fox", text="two"), tmp_path, act)


@pytest.mark.parametrize(("voice", "used"), [(MINE, MINE), ("Rachel", RACHEL)])
def test_an_id_and_a_name_of_the_list_are_not_looked_up(
    voice: str, used: str, tmp_path: Path
) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.voices |= {MINE: "Fox"}
        stage.run()

        assert [each.kind for each in fake.seen] == ["submit"]
        assert [path for path, _, _ in sent(fake)] == [f"/v1/text-to-speech/{used}"]

    play(SPEECH, speech(voice=voice), tmp_path, act)


@pytest.mark.parametrize(
    ("voices", "code", "message"),
    [
        (
            {MINE: "Foxglove"},
            "not_found",
            "no voice of the account is called 'Fox'; similar: 'Foxglove'",
        ),
        (
            {MINE: "Fox", "B" * 20: "Fox"},
            "bad_parameter",
            f"2 voices of the account are called 'Fox': '{MINE}', '{'B' * 20}'",
        ),
    ],
    ids=["none", "two"],
)
def test_a_name_must_be_one_voice_s(
    voices: dict[str, str], code: str, message: str, tmp_path: Path
) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.voices = voices
        summary = stage.run()

        (problem,) = [row.problem for row in summary.rows() if row.problem is not None]
        assert (problem.code, problem.message) == (code, message)
        assert fake.count("submit") == 0

    play(SPEECH, speech(voice="Fox"), tmp_path, act)


def test_a_look_up_that_does_not_get_through_is_repeated(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.voices = {MINE: "Fox"}
        fake.trouble("voices", Reply(status=500))
        summary = stage.run()

        assert summary.exit_code == 0
        assert (fake.count("voices"), fake.count("submit")) == (2, 1)

    step = speech(voice="Fox").replace("}}\n", "}, retry: {delay: 0.01}}\n")
    play(SPEECH, step, tmp_path, act)


def test_a_look_up_that_is_refused_says_why(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.trouble("voices", older(401, "missing_permissions", "no permission voices_read"))
        summary = stage.run()

        (problem,) = [row.problem for row in summary.rows() if row.problem is not None]
        assert problem.code == "not_allowed"
        assert problem.message == "401: no permission voices_read (missing_permissions)"

    play(SPEECH, speech(voice="Fox"), tmp_path, act)


# --- refusals

NO = {
    "new": (refusal(401, "authentication_error", "invalid_api_key", "bad"), "bad_key"),
    "old": (older(401, "needs_authorization", "bad"), "bad_key"),
    "silent": (Reply(status=401), "bad_key"),
    "credit": (refusal(401, "payment_required", "insufficient_credits", "none"), "no_credit"),
    "plan": (older(402, "paid_plan_required", "not by the API"), "not_allowed"),
    "tier": (older(403, "only_for_creator+", "a dearer plan"), "not_allowed"),
    "permission": (older(401, "missing_permissions", "no"), "not_allowed"),
    "activity": (older(401, "detected_unusual_activity", "no"), "not_allowed"),
    "voice": (older(400, "voice_not_found", "none"), "not_found"),
    "long": (older(400, "max_character_limit_exceeded", "too long"), "bad_parameter"),
    "text": (of_json(400, {"detail": "no such thing"}), "bad_parameter"),
    "moderation": (refusal(403, "forbidden", "content_against_policy", "no"), "refused.input"),
}


@pytest.mark.parametrize("what", NO)
def test_a_refusal_is_told_by_its_words_before_its_status(what: str, tmp_path: Path) -> None:
    reply, code = NO[what]

    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.trouble("submit", reply)
        summary = stage.run()

        assert (stage.code(summary), fake.count("submit")) == (code, 1)
        assert [money for _, _, money in states(stage.folder)] == [Money.FREE]

    play(SPEECH, SPEECH.step, tmp_path, act)


@pytest.mark.parametrize(
    ("code", "submits"), [("detected_unusual_activity", 1), ("missing_permissions", 2)]
)
def test_a_locked_account_is_not_asked_again_and_a_narrow_key_is(
    code: str, submits: int, tmp_path: Path
) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.trouble("submit", *[older(401, code, "no")] * 2)
        stage.run()

        assert fake.count("submit") == submits

    lines = "  - type: parallel_group\n    max_workers: 1\n    parallel_steps:\n"
    play(SPEECH, f"{lines}  {speech(text='one')}  {speech(text='two')}", tmp_path, act)


@pytest.mark.parametrize(
    "code", ["concurrent_limit_exceeded", "too_many_concurrent_requests", "system_busy"]
)
def test_one_too_many_uses_up_no_attempt(code: str, tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        busy = older(429, code, "busy")
        fake.trouble("submit", replace(busy, headers={**busy.headers, "Retry-After": "0"}))
        summary = stage.run()

        assert (summary.counts, len(fake.charged)) == ({Status.DONE: 1}, 1)

    step = speech().replace("}}\n", "}, retry: {max_attempts: 1}}\n")
    play(SPEECH, step, tmp_path, act)


def test_an_account_without_credits_says_so(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.credits = 4
        summary = stage.run()

        assert (stage.code(summary), fake.charged) == ("no_credit", [])

    play(SPEECH, speech(), tmp_path, act)


# --- what it cost, and what is kept


def test_credits_are_kept_and_never_taken_for_an_amount(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        summary = stage.run()

        (call,) = calls(stage.folder)
        assert isinstance(call.job, dict)
        assert isinstance(call.job["data"], dict)
        (item,) = fake.history.values()
        assert (call.remote_id, call.job["data"]["credits"]) == (item["request_id"], "3")
        assert str(summary.billed) == "0.000200000"
        assert call.state.computed

    play(SPEECH, speech("elevenlabs_flash"), tmp_path, act)


@pytest.mark.parametrize("manner", [Manner.CUT_OFF, Manner.CUT_OFF_CHUNKED])
def test_an_answer_that_breaks_off_is_paid_and_not_asked_for_again(
    manner: Manner, tmp_path: Path
) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        cut = Reply(body=sound(), headers={"Content-Type": "audio/mpeg"}, manner=manner)
        fake.trouble("submit", cut, after=True)
        first, again = stage.run(), stage.run()

        assert stage.code(first) == "result.lost"
        assert again.exit_code == 1
        assert fake.count("submit") == 1
        assert [(w, m) for _, w, m in states(stage.folder)] == [(Work.EXPIRED, Money.BILLED)]

    play(SPEECH, speech(), tmp_path, act)


def test_an_answer_that_can_t_be_read_is_kept_as_it_came(tmp_path: Path) -> None:
    page = b"<html>one moment</html>"

    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.trouble("submit", Reply(body=page, headers={"Content-Type": "text/html"}))
        first, again = stage.run(), stage.run()

        assert (first.exit_code, again.exit_code, fake.count("submit")) == (1, 1, 1)
        (call,) = calls(stage.folder)
        assert call.answer_path is not None
        assert Path(call.answer_path).read_bytes() == page

    play(SPEECH, speech(), tmp_path, act)


def test_a_key_is_nowhere(tmp_path: Path) -> None:
    seen: list[RunEvent] = []

    def act(stage: Stage, fake: ElevenLabs) -> None:
        fake.trouble("submit", older(400, KEY, f"the key {KEY} is odd"))
        fake.trouble("submit", Reply(body=b"{}", headers={"request-id": "1"}))
        summaries = [stage.run(listen=seen.append) for _ in range(3)]

        assert KEY not in repr([seen, *(row for each in summaries for row in each.rows())])
        files = [each for each in tmp_path.rglob("*") if each.is_file()]
        assert files
        assert [each for each in files if KEY.encode() in each.read_bytes()] == []

    play(SPEECH, speech(), tmp_path, act)


# --- calls whose answer never came


def lost(stage: Stage, fake: ElevenLabs, *, charged: bool = True) -> None:
    """A run whose answer never comes."""
    fake.trouble("submit", RESET, after=charged)
    assert stage.run().exit_code == 4


def test_speech_whose_answer_never_came_is_found_in_the_history(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        lost(stage, fake)
        again = stage.run()

        assert again.counts == {Status.DONE: 1}
        assert (fake.count("submit"), fake.count("file"), fake.faults) == (1, 1, [])
        (call,) = calls(stage.folder)
        assert call.remote_id == next(iter(fake.history.values()))["request_id"]

    play(SPEECH, speech(speed=1.1), tmp_path, act)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "a goose"},
        {"settings": {"speed": 0.9}},
        {"output_format": "mp3_44100_64"},
        {"request_id": None},
        {"date_unix": 1},
    ],
    ids=str,
)
def test_what_differs_from_the_call_is_not_taken_for_it(
    change: Mapping[str, object], tmp_path: Path
) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        lost(stage, fake)
        for item in fake.history.values():
            item.update(change)

        assert stage.run().exit_code == 4
        assert fake.count("submit") == 1

    play(SPEECH, speech(speed=1.1), tmp_path, act)


def test_of_several_that_could_be_it_none_is_taken(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        lost(stage, fake)
        (item,) = fake.history.values()
        others = ({**item, "history_item_id": str(n), "request_id": str(n)} for n in range(3))
        fake.history |= {str(each["history_item_id"]): each for each in others}

        assert stage.run().exit_code == 4
        assert fake.count("list") == 2

    play(SPEECH, speech(), tmp_path, act)


def test_speech_that_another_call_has_is_not_taken_for_a_lost_one(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        first = stage.run()
        fake.trouble("submit", RESET)
        again = stage.run(fresh=True)
        third = stage.run(fresh=True)

        assert (first.exit_code, again.exit_code, third.exit_code) == (0, 4, 4)
        assert len(fake.history) == 1

    play(SPEECH, speech(), tmp_path, act)


@pytest.mark.parametrize(
    ("state", "end"), [("processing", Status.DONE), ("deleted", Status.FAILED)]
)
def test_the_history_says_when_it_is_there(state: str, end: Status, tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        lost(stage, fake)
        (item,) = fake.history.values()
        fake.trouble("status", of_json(200, {**item, "state": state}))
        again = stage.run()

        assert (again.counts, fake.count("submit")) == ({end: 1}, 1)

    play(SPEECH, speech(), tmp_path, act)


def test_a_history_that_can_t_be_asked_loses_nothing(tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        lost(stage, fake)
        fake.trouble("status", older(401, "invalid_api_key", "no"), Reply(status=500), RESET)
        refused, found = stage.run(), stage.run()

        assert (refused.exit_code, found.counts) == (1, {Status.DONE: 1})
        assert (fake.count("status"), fake.count("submit")) == (4, 1)

    play(SPEECH, speech(), tmp_path, act)


@pytest.mark.parametrize("case", [SOUNDS, SCRIBE], ids=lambda case: case.name)
def test_only_speech_is_in_the_history(case: Case, tmp_path: Path) -> None:
    def act(stage: Stage, fake: ElevenLabs) -> None:
        lost(stage, fake)

        assert stage.run().exit_code == 4
        assert fake.count("list") == 0

    play(case, case.step, tmp_path, act)

"""What is special about MiniMax: refusals with HTTP 200, speech as hex, files by their id."""

from dataclasses import replace
from pathlib import Path

import pytest
from providers.cases import Case, Stage, serve
from providers.minimax_case import MINIMAX_SPEECH, MINIMAX_VIDEO
from support.buying import states
from support.fakes.files import picture
from support.fakes.minimax import FINE, KEY, no
from support.till.replies import Manner, Reply, of_json

from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work


def of(step: str, case: Case = MINIMAX_VIDEO) -> Case:
    return replace(case, step=f"  - {{{step}}}\n")


def done(case: Case, folder: Path) -> list[object]:
    """The bodies of a run that succeeds."""
    bodies: list[object] = []

    def play(stage: Stage) -> None:
        summary = stage.run()
        assert summary.counts == {Status.DONE: 1}
        assert stage.fake.faults == []
        bodies.extend(stage.fake.charged)

    serve(case, folder, play)
    return bodies


VIDEO = "type: text_to_video, model: hailuo_2_3_minimax"
SPEECH = "type: text_to_speech, model: speech-2.8-turbo"


def test_a_video_is_asked_for_in_minimax_s_words(tmp_path: Path) -> None:
    step = f"{VIDEO}, params: {{prompt: a fox, duration: 10, enhance_prompt: false}}"

    assert done(of(step), tmp_path) == [
        {
            "model": "MiniMax-Hailuo-2.3",
            "prompt": "a fox",
            "duration": 10,
            "resolution": "768P",
            "prompt_optimizer": False,
        }
    ]


def test_pictures_travel_inside_of_the_request(tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(picture())
    (tmp_path / "end.png").write_bytes(picture("end"))
    step = (
        "type: image_to_video, model: hailuo_02_minimax,"
        " params: {image: fox.png, prompt: it runs, resolution: 512p, end_image: end.png}"
    )

    (body,) = done(of(step), tmp_path)

    assert isinstance(body, dict)
    first, last = body.pop("first_frame_image"), body.pop("last_frame_image")
    assert first.startswith("data:image/png;base64,")
    assert last.startswith("data:image/png;base64,")
    assert first != last
    assert body == {
        "model": "MiniMax-Hailuo-02",
        "prompt": "it runs",
        "duration": 6,
        "resolution": "512P",
    }


@pytest.mark.parametrize("form", ["mp3", "wav", "flac"])
def test_speech_comes_in_the_form_that_is_asked_for(form: str, tmp_path: Path) -> None:
    step = f"{SPEECH}, params: {{text: A fox, speed: 1.5, language: en, output_file: fox.{form}}}"

    assert done(of(step, MINIMAX_SPEECH), tmp_path) == [
        {
            "model": "speech-2.8-turbo",
            "text": "A fox",
            "output_format": "hex",
            "voice_setting": {"voice_id": "Wise_Woman", "speed": 1.5},
            "audio_setting": {"format": form},
            "language_boost": "English",
        }
    ]
    assert (tmp_path / "out" / f"fox.{form}").stat().st_size > 100


def test_an_endpoint_that_the_catalogue_does_not_know_takes_our_words(tmp_path: Path) -> None:
    step = (
        "type: text_to_speech, model: 'minimax:/v1/t2a_v2', params: {text: A fox},"
        " raw: {model: speech-02-hd, voice_setting: {voice_id: my-clone}}"
    )

    assert done(of(step, MINIMAX_SPEECH), tmp_path) == [
        {"text": "A fox", "model": "speech-02-hd", "voice_setting": {"voice_id": "my-clone"}}
    ]


def test_an_endpoint_that_is_no_path_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        assert stage.code(stage.run()) == "bad_parameter"
        assert stage.fake.seen == []

    step = "type: text_to_speech, model: 'minimax:speech', params: {text: A fox}"
    serve(of(step), tmp_path, play)


@pytest.mark.parametrize("case", [MINIMAX_VIDEO, MINIMAX_SPEECH], ids=lambda case: case.name)
@pytest.mark.parametrize(
    ("code", "name"),
    [
        (1042, "bad_parameter"),
        (2042, "not_allowed"),
        (2049, "bad_key"),
        (20132, "bad_parameter"),
    ],
)
def test_a_refusal_with_http_200_costs_nothing(
    case: Case, code: int, name: str, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", no(code, "no"))

        assert stage.code(stage.run()) == name
        assert [money for _, _, money in states(tmp_path)] == [Money.FREE]

    serve(case, tmp_path, play)


@pytest.mark.parametrize("case", [MINIMAX_VIDEO, MINIMAX_SPEECH], ids=lambda case: case.name)
@pytest.mark.parametrize("code", [1000, 1001, 1024, 1033, 4711])
def test_a_fault_of_its_own_leaves_in_doubt_what_was_begun(
    case: Case, code: int, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", no(code, "unknown error"))
        summary = stage.run()

        assert summary.exit_code == 4
        assert [work for _, work, _ in states(tmp_path)] == [Work.UNCONFIRMED]

    serve(case, tmp_path, play)


def test_its_newer_form_of_refusal_is_understood_too(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        error = {"type": "x", "message": "insufficient balance (1008)", "http_code": "402"}
        stage.fake.trouble("submit", of_json(400, {"type": "error", "error": error}))

        assert stage.code(stage.run()) == "no_credit"

    serve(MINIMAX_VIDEO, tmp_path, play)


def test_speech_that_moderation_has_heard_is_refused_and_not_sent_again(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", no(1027, "output new_sensitive"))

        assert stage.code(stage.run()) == "refused.output"
        assert stage.run().exit_code == 1
        assert stage.fake.count("submit") == 1

    serve(MINIMAX_SPEECH, tmp_path, play)


@pytest.mark.parametrize("code", [1002, 1033])
def test_a_busy_server_is_asked_again_for_a_task(code: int, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("status", no(code, "busy"))
        stage.fake.trouble("retrieve", no(code, "busy"))

        assert stage.run().counts == {Status.DONE: 1}
        assert (stage.fake.count("submit"), stage.fake.count("retrieve")) == (1, 2)

    serve(MINIMAX_VIDEO, tmp_path, play)


def test_a_key_that_is_refused_while_a_task_runs_does_not_end_the_task(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("status", no(1004, "login fail"))
        first, again = stage.run(), stage.run()

        assert first.exit_code == 1
        assert again.counts == {Status.DONE: 1}
        assert stage.fake.count("submit") == 1

    serve(MINIMAX_VIDEO, tmp_path, play)


def test_a_download_that_broke_off_is_repeated_at_a_new_address(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("file", Reply(body=b"x" * 1000, manner=Manner.CUT_OFF))
        assert stage.run().counts == {Status.DONE: 1}

        asked = [each.request.target for each in stage.fake.seen if each.kind == "file"]
        assert len(set(asked)) == 2

    serve(MINIMAX_VIDEO, tmp_path, play)


def long(**changes: object) -> Reply:
    """An answer that is longer than a refusal can be."""
    data = {"audio": "ff" * (100 << 10)}
    return of_json(200, {"data": data, "base_resp": FINE, **changes})


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (replace(long(), manner=Manner.CUT_OFF), "download_broken"),
        (long(data={"audio": "zz" * (40 << 10)}), "answer_unreadable"),
        (of_json(200, {"data": {"audio": ""}, "base_resp": FINE}), "answer_unreadable"),
        (of_json(200, {"data": None, "base_resp": FINE}), "answer_unreadable"),
    ],
    ids=["cut off", "no hex", "empty", "none"],
)
def test_speech_that_can_t_be_used_is_told_and_not_bought_again(
    reply: Reply, code: str, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", reply)

        assert stage.code(stage.run()) == code
        stage.run()
        assert stage.fake.count("submit") == 1
        assert Money.FREE not in [money for _, _, money in states(tmp_path)]

    serve(MINIMAX_SPEECH, tmp_path, play)


def test_the_key_is_in_nothing_that_is_kept_or_told(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        told: list[str] = []
        stage.fake.trouble("submit", no(1004, f"login fail: {KEY}"))
        summary = stage.run(listen=lambda event: told.append(repr(event)))
        stage.run(listen=lambda event: told.append(repr(event)))

        kept = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert [str(file) for file in kept if KEY.encode() in file.read_bytes()] == []
        assert KEY not in repr(summary.rows()) + "".join(told)
        assert len(kept) > 3

    serve(MINIMAX_VIDEO, tmp_path, play)

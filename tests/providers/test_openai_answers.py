"""What an answer of OpenAI's costs, and what becomes of one without a result."""

import base64
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from providers.cases import Stage
from providers.openai_stage import PROMPT, fake_of, made, picture, play, row, sound
from support.buying import states
from support.fakes import files
from support.fakes.openai import OpenAI, error
from support.till.replies import Manner, Reply
from support.till.server import served

from aipipe.contracts.event import RunEvent
from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work

# --- what it cost

BILLS = {
    "picture": (
        "{type: text_to_image, model: gpt_image_2_openai, params: {prompt: a fox, count: 2}}",
        "0.06006",
    ),
    "edit": (
        "{type: image_to_image, model: gpt_image_2_openai, params: {prompt: a fox, image: FOX}}",
        "0.03486",
    ),
    "chat": (PROMPT, "0.000051"),
    "transcript by tokens": (
        "{type: speech_to_text, model: gpt_4o_transcribe, input: SOUND}",
        "0.000095",
    ),
    "transcript by seconds": ("{type: speech_to_text, model: whisper_1, input: SOUND}", "0.0002"),
}


@pytest.mark.parametrize("what", BILLS)
def test_what_the_answer_counts_is_billed_by_the_list(what: str, tmp_path: Path) -> None:
    step, usd = BILLS[what]
    step = step.replace("FOX", picture(tmp_path)).replace("SOUND", sound(tmp_path))

    def then(stage: Stage) -> None:
        summary = stage.run()

        assert (row(summary).billed, row(summary).computed) == (Decimal(usd), False)
        assert summary.billed == Decimal(usd)

    play(step, tmp_path, then)


def test_what_the_provider_has_read_before_costs_less(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        fake_of(stage).cached = 10

        assert row(stage.run()).billed == Decimal("0.00004425")

    play(PROMPT, tmp_path, then)


@pytest.mark.parametrize(
    ("usage", "is_read"),
    [
        ({"input_tokens": 5, "output_tokens": 10}, False),
        ({"input_tokens_details": {}, "input_tokens": 5, "output_tokens": 10}, True),
        ({"input_tokens_details": None, "input_tokens": 5, "output_tokens": "many"}, False),
        ({"prompt_tokens": [1]}, False),
        ({"type": "duration", "seconds": "NaN"}, False),
        ({}, False),
        ([1], False),
    ],
)
def test_a_usage_that_is_none_loses_nothing(
    usage: object, *, is_read: bool, tmp_path: Path
) -> None:
    told = json.dumps({"data": [{"b64_json": _base64()}], "usage": usage})

    def then(stage: Stage) -> None:
        stage.fake.trouble("submit", Reply(body=told.encode()))
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert row(summary).computed is not is_read

    play("{type: text_to_image, model: gpt_image_2_openai, params: {prompt: a}}", tmp_path, then)


def _base64() -> str:
    return base64.b64encode(files.picture()).decode()


def test_a_model_that_no_list_has_a_price_for_is_counted_as_it_was_allowed(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        found = row(stage.run(unknown_price=Decimal("0.5")))

        assert (found.billed, found.computed) == (Decimal("0.5"), True)

    play("{type: text_to_text, model: 'openai:x', params: {prompt: a}}", tmp_path, then)


# --- answers without a result


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ({"finish": "content_filter", "answer_text": "half"}, "refused.output", "cut the answer"),
        ({"refusal": "I can't", "answer_text": None}, "refused.output", "refused: I can't"),
        ({"finish": "length", "answer_text": ""}, "job_failed", "before its first word"),
    ],
)
def test_an_answer_without_a_text_says_why_and_is_billed(
    told: Mapping[str, object], code: str, words: str, tmp_path: Path
) -> None:
    def then(stage: Stage) -> None:
        for name, value in told.items():
            setattr(stage.fake, name, value)
        summary = stage.run()

        problem = row(summary).problem
        assert problem is not None
        assert (problem.code, words in problem.message) == (code, True)
        assert summary.billed == Decimal("0.000051")
        assert [money for _, _, money in states(tmp_path)] == [Money.BILLED]
        assert stage.fake.count("submit") == 1

    play(PROMPT, tmp_path, then)


def test_a_refusal_whose_cost_is_not_known_counts_as_what_it_may_have_cost(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        fake_of(stage).finish = "content_filter"
        summary = stage.run()

        assert summary.billed == Decimal(1)
        assert [(work, money) for _, work, money in states(tmp_path)] == [
            (Work.EXPIRED, Money.BILLED)
        ]

    play("{type: text_to_text, model: 'openai:x', params: {prompt: a}}", tmp_path, then)


def test_an_answer_that_breaks_off_may_be_billed_and_is_not_bought_again(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        cut = Reply(body=b'{"choices": [' + b" " * 1000, manner=Manner.CUT_OFF)
        stage.fake.trouble("submit", cut)
        first, again = stage.run(), stage.run()

        assert (first.exit_code, again.exit_code) == (1, 1)
        assert stage.fake.count("submit") == 1
        assert first.billed > 0

    play(PROMPT, tmp_path, then)


def test_an_answer_that_can_t_be_read_is_kept_as_it_came(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("submit", Reply(body=b"<html>wait</html>"))
        stage.run()

        kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
        assert b"<html>wait</html>" in [path.read_bytes() for path in kept]

    play(PROMPT, tmp_path, then)


# --- keys, and what is refused before anything is sent


@pytest.mark.parametrize("status", [400, 500, 200])
def test_the_key_is_in_no_file_event_or_message_even_where_the_server_quotes_it(
    status: int, tmp_path: Path
) -> None:
    heard: list[RunEvent] = []

    def then(stage: Stage) -> None:
        key = fake_of(stage).key
        quoting = error(status, f"what is {key}?")
        stage.fake.trouble("submit", quoting)
        summary = stage.run(listen=heard.append)

        told = f"{heard}{summary.rows()}"
        assert key not in told
        known = [path for path in tmp_path.rglob("*") if path.is_file()]
        with_key = [path for path in known if key.encode() in path.read_bytes()]
        kept_raw = [path for path in with_key if path.parent.name == "answers"]
        assert with_key == (kept_raw if status == 200 else [])

    play(PROMPT, tmp_path, then)


def test_a_picture_at_another_host_is_fetched_without_the_key(tmp_path: Path) -> None:
    other = OpenAI()

    def then(stage: Stage) -> None:
        with served(other) as base:
            other.pictures["/files/a.png"] = files.picture("a")
            told = json.dumps({"data": [{"url": f"{base}/files/a.png"}]})
            stage.fake.trouble("submit", Reply(body=told.encode()))

            assert [each[:4] for each in made(stage)] == [b"\x89PNG"]
            assert ["authorization" in each.request.headers for each in other.seen] == [False]

    play("{type: text_to_image, model: 'openai:x', params: {prompt: a}}", tmp_path, then)


def test_what_an_endpoint_does_not_take_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    fox = picture(tmp_path, "fox.avif")
    edit = (
        f"{{type: image_to_image, model: gpt_image_2_openai, input: {fox}, params: {{prompt: a}}}}"
    )
    steps = {
        "{type: text_to_video, model: 'openai:sora', params: {prompt: a}}": "'sora' is no endpoint",
        edit: "is avif, and /images/edits takes png",
        f"{{type: image_understanding, model: gpt_5_4_mini, params: {{image: {fox}}}}}": (
            "is avif, and /chat/completions takes png"
        ),
    }
    for step, words in steps.items():

        def then(stage: Stage, words: str = words) -> None:
            problem = row(stage.run()).problem
            assert problem is not None
            assert (problem.code, words in problem.message) == ("bad_parameter", True), problem
            assert stage.fake.seen == []

        play(step, tmp_path, then)

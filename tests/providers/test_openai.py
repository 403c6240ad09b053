"""What OpenAI is sent, model by model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from providers.cases import Stage
from providers.openai_stage import PROMPT, fake_of, made, picture, play, sound
from support.fakes import files
from support.fakes.fake import form_in, json_in
from support.fakes.openai import SAID, SRT
from support.till.replies import Reply

from aipipe.contracts.status import Status

SENT: dict[str, tuple[str, str, Mapping[str, object]]] = {
    "picture": (
        (
            "{type: text_to_image, model: gpt_image_2_openai, params: {prompt: a fox,"
            " size: 1536x1024, quality: low, count: 2, background: opaque, output_file: fox.webp}}"
        ),
        "/v1/images/generations",
        {
            "model": "gpt-image-2",
            "prompt": "a fox",
            "size": "1536x1024",
            "quality": "low",
            "n": 2,
            "background": "opaque",
            "output_format": "webp",
        },
    ),
    "speech": (
        (
            "{type: text_to_speech, model: openai_tts, params: {text: hello, voice: coral,"
            " speed: 1.5, instructions: whisper, output_file: fox.flac}}"
        ),
        "/v1/audio/speech",
        {
            "model": "gpt-4o-mini-tts",
            "input": "hello",
            "voice": "coral",
            "speed": 1.5,
            "instructions": "whisper",
            "response_format": "flac",
        },
    ),
    "chat": (
        (
            "{type: text_to_text, model: gpt_5_4_mini, params: {prompt: a fox,"
            " instructions: be brief, max_tokens: 99}}"
        ),
        "/v1/chat/completions",
        {
            "model": "gpt-5.4-mini",
            "messages": [
                {"role": "system", "content": "be brief"},
                {"role": "user", "content": "a fox"},
            ],
            "max_completion_tokens": 99,
        },
    ),
    "prompt": (
        (
            "{type: prompt_generation, model: gpt-5.4-mini, params: {text: a fox, target: image,"
            " style: noir, background_context: it rains, duration_preference: short,"
            " instructions: name a lens}}"
        ),
        "/v1/chat/completions",
        {
            "model": "gpt-5.4-mini",
            "messages": [
                {
                    "role": "system",
                    "content": "Write one prompt for a model that makes an image.\n"
                    "Answer with the prompt alone, without a title or a comment.\n"
                    "Its style: noir.\n"
                    "Bear in mind: it rains\n"
                    "How much should happen: short.\n"
                    "name a lens",
                },
                {"role": "user", "content": "a fox"},
            ],
        },
    ),
    "raw chat": (
        (
            "{type: text_to_text, model: 'openai:gpt-5.4', params: {prompt: a fox,"
            " system: be brief, max_tokens: 9, seed: 4}, raw: {reasoning_effort: low}}"
        ),
        "/v1/chat/completions",
        {
            "model": "gpt-5.4",
            "messages": [
                {"role": "system", "content": "be brief"},
                {"role": "user", "content": "a fox"},
            ],
            "max_completion_tokens": 9,
            "seed": 4,
            "reasoning_effort": "low",
        },
    ),
    "raw prompt": (
        (
            "{type: prompt_generation, model: 'openai:gpt-5.4',"
            " params: {text: a fox, style: noir, video_style: slow}}"
        ),
        "/v1/chat/completions",
        {
            "model": "gpt-5.4",
            "messages": [
                {
                    "role": "system",
                    "content": "Write one prompt for a model that makes a video.\n"
                    "Answer with the prompt alone, without a title or a comment.\n"
                    "Its style: noir.\n"
                    "The style of the video: slow.",
                },
                {"role": "user", "content": "a fox"},
            ],
        },
    ),
    "raw messages": (
        (
            "{type: text_to_text, model: 'openai:gpt-5.4', params: {prompt: a fox},"
            " raw: {messages: [{role: user, content: mine}]}}"
        ),
        "/v1/chat/completions",
        {"model": "gpt-5.4", "messages": [{"role": "user", "content": "mine"}]},
    ),
    "raw speech": (
        "{type: text_to_speech, model: 'openai:tts-1-hd', params: {text: hello, voice: nova}}",
        "/v1/audio/speech",
        {"model": "tts-1-hd", "input": "hello", "voice": "nova"},
    ),
    "raw picture": (
        "{type: text_to_image, model: 'openai:gpt-image-9', params: {prompt: a fox, count: 2}}",
        "/v1/images/generations",
        {"model": "gpt-image-9", "prompt": "a fox", "n": 2},
    ),
    "raw path": (
        (
            "{type: text_to_image, model: 'openai:/images/generations', params: {prompt: a fox},"
            " raw: {model: gpt-image-9}}"
        ),
        "/v1/images/generations",
        {"model": "gpt-image-9", "prompt": "a fox"},
    ),
}


@pytest.mark.parametrize("what", SENT)
def test_a_call_is_sent_in_the_words_of_the_specification(what: str, tmp_path: Path) -> None:
    step, path, body = SENT[what]

    def then(stage: Stage) -> None:
        made(stage)

        (seen,) = stage.fake.seen
        assert (seen.request.path, json_in(seen.request)) == (path, body)
        assert seen.request.headers["authorization"] == f"Bearer {fake_of(stage).key}"
        assert "openai-organization" not in seen.request.headers

    play(step, tmp_path, then)


def test_a_picture_is_looked_at_inside_of_the_message(tmp_path: Path) -> None:
    step = (
        "{type: image_understanding, model: gpt_5_4_mini, input: {image: FOX},"
        " params: {question: what is it?, detail: low}}"
    ).replace("FOX", picture(tmp_path))

    def then(stage: Stage) -> None:
        assert made(stage) == [b"a fox, at dusk"]

        (message,) = _messages(stage)
        text, image = message["content"]
        assert text == {"type": "text", "text": "what is it?"}
        assert image["image_url"].pop("url").startswith("data:image/png;base64,")
        assert image == {"type": "image_url", "image_url": {"detail": "low"}}

    play(step, tmp_path, then)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("image_understanding", "Describe this picture."),
        ("prompt_generation", "Go by this picture."),
    ],
)
@pytest.mark.parametrize("model", ["gpt_4_1_mini", "'openai:gpt-5.4'"])
def test_a_picture_alone_comes_with_words(
    kind: str, words: str, model: str, tmp_path: Path
) -> None:
    step = f"{{type: {kind}, model: {model}, input: {{image: {picture(tmp_path)}}}}}"

    def then(stage: Stage) -> None:
        made(stage)

        assert _messages(stage)[-1]["content"][0] == {"type": "text", "text": words}

    play(step, tmp_path, then)


def _messages(stage: Stage) -> list[Any]:
    (seen,) = stage.fake.seen
    found = json_in(seen.request)["messages"]
    assert isinstance(found, list)
    return found


def test_a_seed_that_nobody_gave_is_sent_where_the_model_takes_one(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        made(stage)

        (seen,) = stage.fake.seen
        seed = json_in(seen.request)["seed"]
        assert isinstance(seed, int)
        assert 0 < seed < 1 << 31

    play("{type: text_to_text, model: gpt_4_1_mini, params: {prompt: a fox}}", tmp_path, then)


def test_an_edit_goes_as_a_form_with_its_pictures_and_its_mask(tmp_path: Path) -> None:
    one, two = picture(tmp_path), picture(tmp_path, "two.jpg")
    step = (
        "{type: image_to_image, model: gpt_image_2_openai, params: {prompt: 'a \"fox\"', count: 2,"
        f" image: {one}, reference_images: [{two}], mask: {one}, quality: low}}}}"
    )

    def then(stage: Stage) -> None:
        assert len(made(stage)) == 2

        (seen,) = stage.fake.seen
        parts = form_in(seen.request)
        given = files.picture("fox"), files.picture("fox", "jpg")
        assert seen.request.path == "/v1/images/edits"
        assert {p.name: p.content for p in parts if p.filename is None} == {
            "model": b"gpt-image-2",
            "prompt": b'a "fox"',
            "n": b"2",
            "quality": b"low",
            "output_format": b"png",
        }
        assert [(p.name, p.content) for p in parts if p.filename is not None] == [
            ("image[]", given[0]),
            ("image[]", given[1]),
            ("mask", given[0]),
        ]

    play(step, tmp_path, then)


@pytest.mark.parametrize("model", ["whisper_1", "'openai:gpt-4o-mini-transcribe'"])
def test_a_sound_goes_as_a_form_by_a_name_that_tells_its_format(model: str, tmp_path: Path) -> None:
    step = (
        f"{{type: speech_to_text, model: {model}, input: {sound(tmp_path, 'fox.opus')},"
        " params: {language: en}}"
    )

    def then(stage: Stage) -> None:
        assert made(stage) == [SAID.encode()]

        (seen,) = stage.fake.seen
        fields = {part.name: part for part in form_in(seen.request)}
        assert set(fields) == {"model", "file", "language"}
        assert str(fields["file"].filename).endswith(".ogg")

    play(step, tmp_path, then)


def test_a_list_of_raw_words_is_a_field_for_each(tmp_path: Path) -> None:
    step = (
        f"{{type: speech_to_text, model: whisper_1, input: {sound(tmp_path)},"
        " raw: {response_format: verbose_json, timestamp_granularities: [word, segment]}}"
    )

    def then(stage: Stage) -> None:
        made(stage)

        (seen,) = stage.fake.seen
        fields = [(part.name, part.content) for part in form_in(seen.request)]
        assert ("timestamp_granularities[]", b"word") in fields
        assert ("timestamp_granularities[]", b"segment") in fields

    play(step, tmp_path, then)


@pytest.mark.parametrize(
    ("form", "content"),
    [("srt", SRT), ("vtt", b"WEBVTT\n\n" + SRT), ("text", f"{SAID}\n".encode())],
)
def test_a_transcript_may_be_the_whole_answer(form: str, content: bytes, tmp_path: Path) -> None:
    step = (
        f"{{type: speech_to_text, model: whisper_1, input: {sound(tmp_path)},"
        f" raw: {{response_format: {form}}}}}"
    )

    def then(stage: Stage) -> None:
        assert made(stage) == [content]

    play(step, tmp_path, then)


def test_silence_has_an_empty_transcript(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("submit", Reply(body=b'{"text": ""}'))

        assert made(stage) == [b""]

    step = f"{{type: speech_to_text, model: whisper_1, input: {sound(tmp_path)}}}"
    play(step, tmp_path, then)


@pytest.mark.parametrize("extension", ["mp3", "wav", "flac", "opus", "ogg", "m4a"])
def test_speech_comes_in_the_format_that_is_wanted(extension: str, tmp_path: Path) -> None:
    step = (
        "{type: text_to_speech, model: openai_tts_1,"
        f" params: {{text: hello, voice: nova, output_file: fox.{extension}}}}}"
    )

    def then(stage: Stage) -> None:
        assert [len(each) > 500 for each in made(stage)] == [True]

    play(step, tmp_path, then)


def test_the_account_that_pays_is_told_where_it_is_set(tmp_path: Path) -> None:
    account = {"OpenAI-Organization": "org-1", "OpenAI-Project": "proj-1"}

    def then(stage: Stage) -> None:
        fake = fake_of(stage)
        fake.account = account
        home = {"AIPIPE_HOME": str(stage.folder / "home"), **fake.environment}
        named = {"OPENAI_ORG_ID": "org-1", "OPENAI_PROJECT_ID": " proj-1\n"}
        summary = stage.run(environment={**home, **named})

        assert summary.counts == {Status.DONE: 1}

    play(PROMPT, tmp_path, then)

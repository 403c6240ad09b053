"""Google's own client succeeds against our fake of Google, with the calls that aipipe makes."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.fakes.files import film, picture, samples
from support.fakes.google import L16, Google, blocked
from support.till.server import served

genai: Any = pytest.importorskip("google.genai", reason="of the extra 'sdk'")
types: Any = pytest.importorskip("google.genai.types")
errors: Any = pytest.importorskip("google.genai.errors")


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """The fake, and no key of the tester's own."""
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GENAI_API_VERSION"):
        monkeypatch.delenv(name, raising=False)
    fake = Google()
    with served(fake) as base:
        fake.base = base
        yield fake


def _client(google: Google, key: str) -> Any:
    return genai.Client(api_key=key, http_options=types.HttpOptions(base_url=google.base))


@pytest.fixture
def ours(google: Google) -> Iterator[Any]:
    """Google's own client, which keeps connections that only its end closes."""
    client = _client(google, google.key)
    yield client
    client.close()


def test_it_makes_a_picture_from_a_text_and_a_picture(google: Google, ours: Any) -> None:
    made = ours.models.generate_content(
        model="gemini-3.1-flash-image",
        contents=["a red fox", types.Part.from_bytes(data=picture(), mime_type="image/png")],
        config=types.GenerateContentConfig(
            response_modalities=["IMAGE"],
            image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K"),
        ),
    )

    (part,) = made.candidates[0].content.parts
    assert (part.inline_data.mime_type, part.inline_data.data) == (
        "image/png",
        picture("a red fox"),
    )
    assert made.usage_metadata.candidates_tokens_details[0].token_count == 1000
    assert [each.request.path for each in google.seen] == [
        "/v1/models/gemini-3.1-flash-image:generateContent"
    ]
    assert google.faults == []


def test_it_speaks(google: Google, ours: Any) -> None:
    voice = types.VoiceConfig(prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name="Kore"))

    made = ours.models.generate_content(
        model="gemini-3.8-flash-tts",
        contents="So it is",
        config=types.GenerateContentConfig(
            response_modalities=["AUDIO"], speech_config=types.SpeechConfig(voice_config=voice)
        ),
    )

    spoken = made.candidates[0].content.parts[0].inline_data
    assert (spoken.mime_type, spoken.data) == (L16, samples("So it is"))
    assert google.faults == []


def test_it_writes(google: Google, ours: Any) -> None:
    made = ours.models.generate_content(
        model="gemini-3.8-flash",
        contents="Is it so?",
        config=types.GenerateContentConfig(
            system_instruction="Be short", temperature=0.5, max_output_tokens=90, seed=7
        ),
    )

    assert made.text == "So it is."
    assert google.faults == []


def test_it_makes_a_video_and_downloads_it(google: Google, ours: Any) -> None:
    job = ours.interactions.create(
        model="gemini-omni-flash-preview",
        input=[{"type": "user_input", "content": [{"type": "text", "text": "a red fox"}]}],
        background=True,
        response_format={"type": "video", "duration": "5s", "delivery": "uri"},
    )
    seen = [job.status]
    while seen[-1] in {"queued", "in_progress"} and len(seen) < 9:
        job = ours.interactions.get(job.id)
        seen.append(job.status)

    video = job.steps[-1].content[0]
    assert seen == ["in_progress", "queued", "completed"]
    assert ours.files.download(file=types.Video(uri=_https(video.uri)))[4:8] == film()[4:8]
    assert google.faults == []
    assert job.usage.output_tokens_by_modality[0].tokens == 40_000


def _https(address: str) -> str:
    """It takes a file by an address of this kind only, and asks for it where it asks for all."""
    return address.replace("http://", "https://")


def test_it_cancels_a_job(google: Google, ours: Any) -> None:
    google.polls = 100

    job = ours.interactions.create(
        model="gemini-omni-flash-preview",
        input=[{"type": "user_input", "content": [{"type": "text", "text": "a red fox"}]}],
        background=True,
    )
    ended = ours.interactions.cancel(job.id)

    assert ended.status == "cancelled"
    assert [each.is_cancelled for each in google.jobs.values()] == [True]


def test_it_is_told_of_a_bad_key(google: Google) -> None:
    nobody = _client(google, "nobody")

    with pytest.raises(errors.ClientError) as refused:
        nobody.models.generate_content(model="gemini-3.8-flash", contents="Is it so?")
    nobody.close()

    assert (refused.value.code, refused.value.status) == (400, "INVALID_ARGUMENT")


def test_it_is_told_of_a_prompt_that_was_blocked(google: Google, ours: Any) -> None:
    google.trouble("submit", blocked("PROHIBITED_CONTENT"))

    made = ours.models.generate_content(model="gemini-3.8-flash", contents="Is it so?")

    assert made.prompt_feedback.block_reason.value == "PROHIBITED_CONTENT"
    assert made.text is None

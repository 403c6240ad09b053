"""OpenAI's own client succeeds against our fake of OpenAI, with the calls that aipipe makes."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from support.fakes import files
from support.fakes.fake import form_in
from support.fakes.openai import KEY, SAID, SRT, OpenAI
from support.till.server import served

sdk: Any = pytest.importorskip("openai", reason="of the extra 'sdk'")
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore:.*deprecated.*"
)
"""Most of these models have an announced end."""


@pytest.fixture
def fake() -> Iterator[OpenAI]:
    """The fake, served."""
    found = OpenAI()
    with served(found) as base:
        found.base = base
        yield found


@pytest.fixture
def client(fake: OpenAI) -> Iterator[Any]:
    """OpenAI's own client, which repeats nothing by itself."""
    with sdk.OpenAI(base_url=f"{fake.base}/v1", api_key=KEY, max_retries=0, timeout=10) as found:
        yield found
    assert fake.faults == []


def test_it_makes_pictures(client: Any) -> None:
    made = client.images.generate(model="gpt-image-2", prompt="a fox", n=2, output_format="webp")

    first = files.picture("a fox 0", "webp")
    assert base64.b64decode(made.data[0].b64_json) == first
    assert (len(made.data), made.usage.input_tokens_details.text_tokens) == (2, 12)
    assert made.usage.output_tokens == 2000


def test_it_edits_a_picture_with_others_and_a_mask(client: Any, fake: OpenAI) -> None:
    fox = ("fox.png", files.picture("fox"), "image/png")
    made = client.images.edit(model="gpt-image-2", image=[fox, fox], mask=fox, prompt="a", n=1)

    (seen,) = fake.seen
    assert len(made.data) == 1
    names = [part.name for part in form_in(seen.request) if part.filename is not None]
    assert names == ["image[]", "image[]", "mask"]


def test_it_hears_speech(client: Any) -> None:
    made = client.audio.speech.create(model="tts-1", input="hello", voice="nova")

    assert made.content == files.sound("hello")


@pytest.mark.parametrize(
    ("form", "said"), [("srt", SRT.decode()), ("text", f"{SAID}\n"), ("json", SAID)]
)
def test_it_reads_a_transcript(client: Any, form: str, said: str) -> None:
    sound = ("fox.mp3", files.sound("fox"), "audio/mpeg")
    made = client.audio.transcriptions.create(model="whisper-1", file=sound, response_format=form)

    assert (made if isinstance(made, str) else made.text) == said


def test_it_chats_about_a_picture(client: Any) -> None:
    url = "data:image/png;base64," + base64.b64encode(files.picture("fox")).decode()
    made = client.chat.completions.create(
        model="gpt-5.4-mini",
        max_completion_tokens=99,
        messages=[
            {"role": "system", "content": "be brief"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "what is it?"},
                    {"type": "image_url", "image_url": {"url": url, "detail": "low"}},
                ],
            },
        ],
    )

    assert made.choices[0].message.content == "a fox, at dusk"
    assert (made.usage.prompt_tokens, made.usage.completion_tokens) == (20, 8)


def test_it_is_told_of_a_bad_key_of_moderation_and_of_a_model_that_is_not_there(
    fake: OpenAI,
) -> None:
    fake.flagged, fake.models = ("gore",), frozenset({"gpt-5.4-mini"})
    told: list[tuple[int, str]] = []
    for key, model, text in (
        ("nobody", "gpt-5.4-mini", "a fox"),
        (KEY, "gpt-5.4-mini", "gore"),
        (KEY, "gpt-0", "a fox"),
    ):
        client = sdk.OpenAI(base_url=f"{fake.base}/v1", api_key=key, max_retries=0)
        asked = [{"role": "user", "content": text}]
        with client, pytest.raises(sdk.APIStatusError) as refused:
            client.chat.completions.create(model=model, messages=asked)
        told.append((refused.value.status_code, refused.value.code))

    assert told == [
        (401, "invalid_api_key"),
        (400, "moderation_blocked"),
        (404, "model_not_found"),
    ]
    assert fake.charged == []

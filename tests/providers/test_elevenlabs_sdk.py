"""ElevenLabs' own client succeeds against our fake of it, with the calls that aipipe makes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from providers.cases import Stage, serve
from providers.elevenlabs_case import SCRIBE, SPEECH
from support.fakes.elevenlabs import RACHEL, SAID, SPOKEN, ElevenLabs
from support.fakes.fake import Part, form_in
from support.fakes.files import sound
from support.till.server import served

sdk: Any = pytest.importorskip("elevenlabs", reason="of the extra 'sdk'")
core: Any = pytest.importorskip("elevenlabs.core.api_error")


@pytest.fixture
def fake() -> Iterator[ElevenLabs]:
    """The fake, served."""
    found = ElevenLabs()
    with served(found) as base:
        found.base = base
        yield found


@contextmanager
def client(fake: ElevenLabs, key: str | None = None) -> Iterator[Any]:
    """ElevenLabs' client; it never closes its connections itself."""
    with httpx.Client(timeout=10) as connections:
        yield sdk.ElevenLabs(base_url=fake.base, api_key=key or fake.key, httpx_client=connections)


def test_it_speaks_with_the_request_that_aipipe_makes(tmp_path: Path) -> None:
    settings = {"stability": 0.3, "similarity_boost": 0.9}
    params = {"voice": "rachel", "text": "a fox", "seed": 7, "previous_text": "so", **settings}
    step = f"  - {{type: text_to_speech, model: elevenlabs, params: {json.dumps(params)}}}\n"

    def play(stage: Stage) -> None:
        assert isinstance(stage.fake, ElevenLabs)
        with client(stage.fake) as theirs:
            heard = theirs.text_to_speech.convert(
                RACHEL,
                text="a fox",
                model_id="eleven_multilingual_v2",
                output_format="mp3_44100_128",
                seed=7,
                previous_text="so",
                voice_settings=sdk.VoiceSettings(**settings),
            )
            assert b"".join(heard) == sound("a fox")

        stage.run()
        first, second = [each.request for each in stage.fake.seen]
        assert (first.method, first.target) == (second.method, second.target)
        assert json.loads(first.body) == json.loads(second.body)
        assert stage.fake.faults == []

    serve(replace(SPEECH, step=step), tmp_path, play)


def fields(form: list[Part]) -> list[tuple[str, bytes]]:
    """What a form says: of some words that are not given, the client says that they are null."""
    return sorted((part.name, part.content) for part in form if part.content != b"null")


def test_it_transcribes_with_the_form_that_aipipe_makes(tmp_path: Path) -> None:
    params = {"audio": "talk.mp3", "seed": 7, "language": "en", "diarize": True}
    step = f"  - {{type: speech_to_text, model: scribe, params: {json.dumps(params)}}}\n"
    extra = [{"format": "txt", "include_speakers": True, "include_timestamps": False}]

    def play(stage: Stage) -> None:
        assert isinstance(stage.fake, ElevenLabs)
        with client(stage.fake) as theirs:
            heard = theirs.speech_to_text.convert(
                model_id="scribe_v2",
                file=("talk.mp3", sound(), "audio/mpeg"),
                language_code="en",
                diarize=True,
                seed=7,
                additional_formats=extra,
            )

        assert (heard.text, heard.additional_formats[0].content) == (SAID, SPOKEN)
        stage.run()
        first, second = [fields(form_in(each.request)) for each in stage.fake.seen]
        assert first == second
        assert stage.fake.faults == []

    serve(replace(SCRIBE, step=step), tmp_path, play)


def test_it_makes_a_sound(fake: ElevenLabs) -> None:
    with client(fake) as theirs:
        heard = b"".join(theirs.text_to_sound_effects.convert(text="a door", duration_seconds=2.5))

    assert (heard, fake.faults) == (sound("a door"), [])


def test_it_finds_a_voice_page_by_page(fake: ElevenLabs) -> None:
    fake.voices = {str(number) * 20: f"Fox {number}" for number in range(3)}

    with client(fake) as theirs:
        first = theirs.voices.search(search="fox", page_size=100)
        second = theirs.voices.search(search="fox", next_page_token=first.next_page_token)

    names = [voice.name for page in (first, second) for voice in page.voices]
    assert (names, second.has_more, fake.faults) == (["Fox 0", "Fox 1", "Fox 2"], False, [])


def test_it_finds_speech_in_the_history(fake: ElevenLabs) -> None:
    with client(fake) as theirs:
        b"".join(theirs.text_to_speech.convert(RACHEL, text="a fox"))
        (item,) = theirs.history.list(voice_id=RACHEL, source="TTS", date_after_unix=1).history
        same = theirs.history.get(item.history_item_id)
        heard = b"".join(theirs.history.get_audio(item.history_item_id))

    assert (same.text, same.state) == ("a fox", "created")
    assert (heard, fake.faults) == (sound("a fox"), [])


def test_it_is_told_of_a_bad_key(fake: ElevenLabs) -> None:
    with client(fake, "nobody") as theirs, pytest.raises(core.ApiError) as refused:
        b"".join(theirs.text_to_speech.convert(RACHEL, text="a fox"))

    assert refused.value.status_code == 401
    assert refused.value.body["detail"]["status"] == "invalid_api_key"


def test_it_is_told_of_a_voice_that_is_not_there(fake: ElevenLabs) -> None:
    with client(fake) as theirs, pytest.raises(core.ApiError) as refused:
        b"".join(theirs.text_to_speech.convert("A" * 20, text="a fox"))

    assert refused.value.body["detail"]["code"] == "voice_not_found"
    assert fake.charged == []

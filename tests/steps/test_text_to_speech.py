"""Text comes out as speech: in the format asked for, by the voice named, at the speed told."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.listening import length_of
from support.sinks import call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.steps.text_to_speech import STEP

TEXT = "Hello there, how do you do?"


def spoken(
    tools: Tools,
    params: Mapping[str, Json] | None = None,
    *,
    text: Value = TEXT,
    extension: str | None = None,
    mock: bool = False,
) -> ArtefactRef:
    assert STEP.local is not None
    call = call_of(
        "step:text_to_speech", inputs={"text": text}, params=params, extension=extension, mock=mock
    )
    return STEP.local(call, tools).artefacts[0]


def code_of(tools: Tools, params: Mapping[str, Json], text: str = TEXT) -> str:
    with pytest.raises(StepError) as caught:
        spoken(tools, params, text=text)
    return caught.value.code


@pytest.mark.parametrize("extension", [None, "wav", "mp3", "m4a", "flac", "ogg", "opus"])
def test_speech_is_written_in_the_format_asked_for(tmp_path: Path, extension: str | None) -> None:
    tools = tools_in(tmp_path)
    made = spoken(tools, extension=extension)

    assert (made.medium, made.extension) == ("audio", extension or "wav")
    assert made.seconds == pytest.approx(length_of(tools.sink.path_of(made)), abs=0.12)


def test_each_word_that_changes_the_sound_changes_it(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    told: list[dict[str, Json]] = [
        {},
        {"voice": "drew"},
        {"voice": "en-gb+f1"},
        {"speed": 1.2},
        {"pitch": 4},
        {"stability": 0.1},
        {"style": 0.9},
        {"language": "de"},
        {"seed": 7},
    ]

    assert len({spoken(tools, params).sha256 for params in told}) == len(told)


def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    first = spoken(tools, {"voice": "bella", "seed": 3})
    again = spoken(tools, {"voice": "Bella", "seed": 3})

    assert first == again


def test_a_file_with_a_text_is_spoken_as_its_content(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)

    assert spoken(tools, text=tools.sink.adopt_text(TEXT)) == spoken(tools)


def test_the_local_engine_refuses_what_it_does_not_have(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)

    assert code_of(tools, {"voice": "rachell"}) == "local.unknown_voice"
    assert code_of(tools, {"language": "xx"}) == "local.unknown_language"
    assert code_of(tools, {}, text=" ") == "local.empty_text"
    assert code_of(tools, {"speed": 9}) == "local.unknown_value"


def test_in_the_place_of_another_model_every_word_is_taken(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    odd: dict[str, Json] = {
        "voice": "21m00Tcm4TlvDq8ikWAM",
        "language": "Klingon",
        "speed": "fast",
        "stability": 7,
        "similarity_boost": 0.8,
        "emotion": "glad",
    }

    assert spoken(tools, odd, mock=True).seconds == pytest.approx(2, abs=1)
    assert spoken(tools, {"voice": "nova"}, mock=True) == spoken(tools, {"voice": "nova"})


def test_a_cancelled_speech_leaves_nothing(tmp_path: Path) -> None:
    tools = tools_in(tmp_path, cancelled=lambda: True)

    with pytest.raises(CancelledError):
        spoken(tools)
    assert list(tmp_path.iterdir()) == []


def test_every_parameter_is_described() -> None:
    assert all(schema.get("description") and schema.get("type") for schema in STEP.params.values())
    assert STEP.voices[:2] == ("adam", "alice")

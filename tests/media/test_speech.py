"""Speech is the same every time, as loud for every voice, and leaves nothing behind."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.listening import decoded, go_on, length_of

from aipipe.errors import CancelledError, StepError
from aipipe.media import speech_worker, voices
from aipipe.media.speech import LOUDEST, speak
from aipipe.media.voices import NAMES, VOICES, Delivery, Voice

TEXT = "The quick brown fox jumps over the lazy dog."
RACHEL = Delivery(voice=VOICES["rachel"])


def said(folder: Path, text: str, delivery: Delivery, extension: str = "wav") -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.{extension}"
    speak(text, delivery, path, cancelled=go_on)
    return path


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def children() -> set[str]:
    """The processes that this one has started and not yet seen off."""
    tasks = Path("/proc/self/task").iterdir()
    return {pid for task in tasks for pid in (task / "children").read_text().split()}


def code_of(folder: Path, text: str, delivery: Delivery) -> str:
    with pytest.raises(StepError) as caught:
        said(folder, text, delivery)
    return caught.value.code


def test_the_same_words_have_the_same_bytes_at_any_time(tmp_path: Path) -> None:
    """The engine's breath is noise, which it would begin by the second of the clock."""
    began = int(time.time())
    heard = {hash_of(said(tmp_path, "Ah.", RACHEL))}
    while int(time.time()) == began:
        heard.add(hash_of(said(tmp_path, "Ah.", RACHEL)))
    heard.add(hash_of(said(tmp_path, "Ah.", RACHEL)))

    assert len(heard) == 1


@pytest.mark.parametrize("extension", ["wav", "mp3"])
def test_the_same_words_have_the_same_bytes_in_every_process(
    tmp_path: Path, extension: str
) -> None:
    here = said(tmp_path, TEXT, RACHEL, extension)
    there = tmp_path / f"there.{extension}"
    program = (
        "import sys; from pathlib import Path; from aipipe.media.speech import speak\n"
        "from aipipe.media.voices import VOICES, Delivery\n"
        "speak(sys.argv[1], Delivery(voice=VOICES['rachel']), Path(sys.argv[2]),"
        " cancelled=lambda: False)"
    )
    subprocess.run([sys.executable, "-c", program, TEXT, str(there)], check=True)

    assert hash_of(here) == hash_of(there)


def test_voices_that_are_compared_sound_different(tmp_path: Path) -> None:
    compared = ("rachel", "drew", "bella", "antoni", "adam", "sarah", "george", "alloy", "onyx")
    heard = {hash_of(said(tmp_path, "Hello.", Delivery(voice=VOICES[n]))) for n in compared}

    assert len(heard) == len(compared)


@pytest.mark.full
def test_every_voice_sounds_different(tmp_path: Path) -> None:
    heard = {hash_of(said(tmp_path, "Hello.", Delivery(voice=VOICES[n]))) for n in NAMES}

    assert len(heard) == len(NAMES)


def test_every_voice_is_as_loud(tmp_path: Path) -> None:
    for name in ("rachel", "onyx", "gigi"):
        samples = decoded(said(tmp_path, TEXT, Delivery(voice=VOICES[name])))

        highest, lowest = max(samples), min(samples)
        assert max(highest, -lowest) == pytest.approx(LOUDEST, abs=2)


@pytest.mark.parametrize("speed", [0.25, 0.4, 0.75, 2, 4])
def test_speed_divides_the_length(tmp_path: Path, speed: float) -> None:
    usual = length_of(said(tmp_path, TEXT, RACHEL))
    changed = length_of(said(tmp_path, TEXT, Delivery(voice=VOICES["rachel"], speed=speed)))

    assert changed * speed == pytest.approx(usual, rel=0.12)


@pytest.mark.parametrize("language", ["fr", "fr-fr", "zh", "pt_BR", "ja"])
def test_languages_are_found_by_their_codes(tmp_path: Path, language: str) -> None:
    told = Delivery(voice=VOICES["rachel"], language=language)

    assert hash_of(said(tmp_path, "Bonjour 12", told)) != hash_of(
        said(tmp_path, "Bonjour 12", RACHEL)
    )


def test_a_text_is_spoken_whole_past_a_nul(tmp_path: Path) -> None:
    whole, cut = said(tmp_path, "one two\0three four", RACHEL), said(tmp_path, "one two", RACHEL)

    assert length_of(whole) > 1.5 * length_of(cut)


def test_a_text_longer_than_a_pipe_holds_is_spoken_whole(tmp_path: Path) -> None:
    fast = Delivery(voice=VOICES["rachel"], speed=4)
    text = "x" + " " * 100_000 + "one two three."

    assert length_of(said(tmp_path, text, fast)) > length_of(said(tmp_path, "x", fast))


@pytest.mark.parametrize("text", ["", "  \n ", "\0"])
def test_an_empty_text_is_refused(tmp_path: Path, text: str) -> None:
    assert code_of(tmp_path, text, RACHEL) == "local.empty_text"


def test_what_the_engine_would_not_say_as_asked_is_refused(tmp_path: Path) -> None:
    unknown_variant = Delivery(voice=Voice(language="en-us", variant="F3"))
    unknown_language = Delivery(voice=VOICES["rachel"], language="xx")

    assert code_of(tmp_path, TEXT, unknown_variant) == "local.unknown_voice"
    assert code_of(tmp_path, TEXT, unknown_language) == "local.unknown_language"


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for its children")
def test_a_cancelled_speech_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    before, during = children(), []

    def cancelled() -> bool:
        during.append(children() - before)
        return len(during) > 1

    with pytest.raises(CancelledError):
        speak(TEXT * 500, RACHEL, tmp_path / "x.wav", cancelled=cancelled)
    assert [len(started) for started in during] == [1, 1]
    assert children() == before
    assert list(tmp_path.iterdir()) == []


def test_the_engine_ends_by_itself_when_nobody_listens() -> None:
    import espeakng_loader  # noqa: PLC0415 - only here

    loader = [espeakng_loader.get_library_path(), espeakng_loader.get_data_path()]
    worker = [sys.executable, "-I", "-S", speech_worker.__file__, *loader]
    command = [*worker, "en-us", "f3", "165", "50", "50"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as engine:
        assert engine.stdin is not None
        assert engine.stdout is not None
        engine.stdin.write(TEXT.encode() * 1000)
        engine.stdout.close()
        engine.stdin.close()

        assert engine.wait(timeout=30) == 1


def test_names_mean_a_voice_in_any_case_and_raw_voices_are_taken() -> None:
    assert voices.voice_of(" Rachel ") == VOICES["rachel"]
    assert voices.voice_of("en-gb+f3") == Voice(language="en-gb", variant="f3")
    assert voices.voice_of("pt_BR") is None
    assert voices.voice_of("rachell") is None


def test_no_two_names_share_a_voice() -> None:
    assert len(set(VOICES.values())) == len(NAMES)


def test_any_name_has_a_stand_in_that_stays_the_same() -> None:
    stranger = voices.stand_in("21m00Tcm4TlvDq8ikWAM")

    assert stranger in VOICES.values()
    assert voices.stand_in("21m00Tcm4TlvDq8ikWAM") == stranger
    assert voices.stand_in("Rachel") == VOICES["rachel"]


def test_coded_names_stand_for_the_voice_they_name_or_one_of_its_sex() -> None:
    assert voices.stand_in("af_bella") == VOICES["bella"]
    assert voices.stand_in("bm_lewis") in voices.MALE.values()
    assert voices.stand_in("af_heart") in voices.FEMALE.values()


def test_an_unknown_voice_comes_with_the_nearest_one() -> None:
    assert voices.unknown_voice("rachell").hint == "did you mean 'rachel'?"
    assert voices.unknown_voice("zzz").hint == "all of them: aipipe voices"


@pytest.mark.parametrize(
    ("word", "code"), [("auto", None), ("English", "en-us"), ("pt_BR", "pt-br"), ("fr", "fr")]
)
def test_languages_are_read_as_codes_and_as_names(word: str, code: str | None) -> None:
    assert voices.language_code(word) == code

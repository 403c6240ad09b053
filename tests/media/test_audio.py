"""Sound goes into every format and comes back as long, as high and as loud as it was."""

import hashlib
from pathlib import Path

import pytest
from support.listening import decoded, go_on, length_of, pitch_of, tone

from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import Sound, exactly, samples_of, silence, sound_of
from aipipe.media.audio_files import write_sound
from aipipe.media.audio_tempo import slowed
from aipipe.media.probe import probe

FORMATS = ("wav", "mp3", "m4a", "flac", "ogg", "opus")
FRAME = 1152 / 22_050
"""Seconds; no codec here has longer frames."""


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("sound", [Sound(rate=22_050), Sound(rate=48_000, channels=2)])
def test_what_is_written_decodes_as_what_its_name_says(
    tmp_path: Path, extension: str, sound: Sound
) -> None:
    path = tmp_path / f"tone.{extension}"
    write_sound(path, tone(1.5, sound), sound, cancelled=go_on)

    found = sound_of(path)
    assert probe(path, "audio").extension == extension
    assert found.channels == sound.channels
    assert length_of(path) == pytest.approx(1.5, abs=FRAME)
    assert pitch_of(decoded(path)[:: found.channels], found.rate) == pytest.approx(440, rel=0.02)
    assert max(decoded(path)) == pytest.approx(10_000, rel=0.1)


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_sound_has_the_same_bytes(tmp_path: Path, extension: str) -> None:
    sound, hashes = Sound(rate=22_050), set()
    for name in ("one", "two"):
        path = tmp_path / f"{name}.{extension}"
        write_sound(path, tone(0.5, sound), sound, cancelled=go_on)
        hashes.add(hashlib.sha256(path.read_bytes()).hexdigest())

    assert len(hashes) == 1


@pytest.mark.parametrize("wanted", [Sound(rate=8000), Sound(rate=48_000, channels=2)])
def test_another_rate_and_layout_keep_length_and_pitch(tmp_path: Path, wanted: Sound) -> None:
    path, sound = tmp_path / "tone.wav", Sound(rate=22_050)
    write_sound(path, tone(1, sound), sound, cancelled=go_on)
    there = tmp_path / "there.wav"
    write_sound(there, samples_of(path, wanted), wanted, cancelled=go_on)

    assert sound_of(there) == wanted
    assert length_of(there) == pytest.approx(1, abs=0.001)
    assert pitch_of(decoded(there)[:: wanted.channels], wanted.rate) == pytest.approx(440, rel=0.01)


@pytest.mark.parametrize("extension", ["wav", "mp3"])
def test_a_cancelled_sound_leaves_no_file(tmp_path: Path, extension: str) -> None:
    path, sound = tmp_path / f"tone.{extension}", Sound(rate=22_050)
    answers = iter([False, False, True])

    with pytest.raises(CancelledError):
        write_sound(path, tone(5, sound), sound, cancelled=lambda: next(answers))
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_sound_says_so(tmp_path: Path) -> None:
    path = tmp_path / "page.wav"
    path.write_text("<html>404</html>")

    with pytest.raises(StepError) as caught:
        sound_of(path)
    assert caught.value.code == "media.unreadable"


@pytest.mark.parametrize("seconds", [0.5, 2.0])
def test_a_sound_is_cut_or_filled_with_silence_to_an_exact_length(seconds: float) -> None:
    sound = Sound(rate=1000, channels=2)
    fitted = b"".join(exactly(1200, tone(seconds, sound), sound))

    given = b"".join(tone(seconds, sound))
    assert len(fitted) == 1200 * sound.width
    assert fitted == (given + bytes(len(fitted)))[: len(fitted)]


def test_silence_is_as_long_as_it_should_be() -> None:
    assert sum(map(len, silence(10_001, Sound(rate=8000)))) == 20_002


def test_slower_sound_is_longer_and_as_high(tmp_path: Path) -> None:
    sound, path = Sound(rate=22_050), tmp_path / "slow.wav"
    write_sound(path, slowed(tone(1, sound), sound, 0.5), sound, cancelled=go_on)

    assert length_of(path) == pytest.approx(2, rel=0.03)
    assert pitch_of(decoded(path), sound.rate) == pytest.approx(440, rel=0.02)

"""Which picture is seen while which sound is heard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path

from aipipe.contracts.call import Call
from aipipe.contracts.media import AUDIO, IMAGE
from aipipe.contracts.tools import Sink
from aipipe.errors import StepError
from aipipe.media import film_sound, heard, parts, pictures, tracks, words
from aipipe.media.audio import Sound, exactly, samples_of, sound_of
from aipipe.media.film_merge_words import SECONDS
from aipipe.media.film_sound import Piece
from aipipe.media.film_writing import Track
from aipipe.media.heard import Heard
from aipipe.media.parts import Part, naming
from aipipe.media.slides import Slide


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A sound of the list, and how many seconds it is."""

    sound: Heard
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pictures in order, each with its seconds, and the sounds that are heard one by one."""

    slides: Sequence[Slide]
    sounds: Sequence[Timed]


def pairs_of(call: Call, sink: Sink) -> Pairs:
    """The first picture with the first sound and so on; one sound alone is shared by all.

    Raises:
        StepError: `merge.nothing`, `merge.gap`, `merge.unpaired`, `media.unreadable`,
            `local.unknown_value`.
    """
    _refuse_gaps(call)
    found = list(enumerate(parts.parts_of(call), start=1))
    seen = [(number, part) for number, part in found if _medium(part) == IMAGE]
    sounds = [(number, part) for number, part in found if _medium(part) == AUDIO]
    if not seen:
        raise StepError("merge.nothing", "there is no picture to show")
    if len(sounds) not in (0, 1, len(seen)):
        raise _unpaired(len(seen), len(sounds))
    spoken = [_timed(part, number, sink) for number, part in sounds]
    lengths = _lengths(call, spoken, len(seen))
    slides = [_slide(*each, seconds, sink) for each, seconds in zip(seen, lengths, strict=True)]
    return Pairs(slides=slides, sounds=spoken)


def track(sounds: Sequence[Timed]) -> Track | None:
    """All sounds in order, each as long as it was measured, so that no picture is late."""
    if not sounds:
        return None
    sound = heard.common([each.sound for each in sounds])
    ends = accumulate((each.seconds for each in sounds), initial=0.0)
    marks = [round(end * sound.rate) for end in ends]
    pieces = [
        Piece(samples=stop - start, opened=partial(_samples, each, sound, stop - start))
        for each, (start, stop) in zip(sounds, pairwise(marks), strict=True)
    ]
    return Track(sound=sound, blocks=film_sound.joined(pieces, [0] * (len(pieces) - 1), sound))


def _medium(part: Part) -> str | None:
    return part.artefact.medium if part.artefact else None


def _refuse_gaps(call: Call) -> None:
    given = call.inputs.get("input")
    places = given if isinstance(given, tuple) else (given,)
    gaps = [number for number, place in enumerate(places, start=1) if place is None]
    if gaps:
        numbers = ", ".join(str(number) for number in gaps)
        message = f"nothing is at place {numbers} of {len(places)}, and pictures go with sounds"
        raise StepError("merge.gap", message)


def _unpaired(pictures: int, sounds: int) -> StepError:
    shown = f"{pictures} picture{'s' * (pictures != 1)}"
    message = f"{shown} and {sounds} sounds can't be paired"
    hint = "give one sound for each picture, one for all of them, or none"
    return StepError("merge.unpaired", message, hint=hint)


def _timed(part: Part, number: int, sink: Sink) -> Timed:
    sound = Heard(name=parts.name_of(part, number), path=parts.path_of(part, sink))
    with naming(sound.name):
        return Timed(sound=sound, seconds=_seconds(sound.path))


def _seconds(path: Path) -> float:
    """By decoding: what an MP3 says of itself has its encoder's padding in it."""
    tracks.heard(path)  # whole
    sound = sound_of(path)
    return sum(len(block) for block in samples_of(path, sound)) / sound.width / sound.rate


def _slide(number: int, part: Part, seconds: float, sink: Sink) -> Slide:
    path, name = parts.path_of(part, sink), parts.name_of(part, number)
    with naming(name):
        pictures.displayed_size(path)
    return Slide(path=path, name=name, seconds=seconds)


def _lengths(call: Call, spoken: Sequence[Timed], count: int) -> list[float]:
    """Seconds of each picture."""
    if not spoken:
        return [words.number(call, "seconds", SECONDS)] * count
    if len(spoken) == 1:
        return [spoken[0].seconds / count] * count
    return [each.seconds for each in spoken]


def _samples(timed: Timed, sound: Sound, samples: int) -> Iterator[bytes]:
    yield from exactly(samples, timed.sound.samples(sound), sound)

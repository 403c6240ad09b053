"""Which of several sounds is heard while their videos play at the same time."""

from collections.abc import Sequence
from fractions import Fraction

from aipipe.contracts.artefact import Json
from aipipe.errors import StepError
from aipipe.media import film_mixing, film_sound, words
from aipipe.media.audio import exactly
from aipipe.media.film_facts import Facts, common_sound
from aipipe.media.film_merge_words import PLAYED
from aipipe.media.film_writing import Track


def track(parts: Sequence[Facts], wanted: Json, seconds: Fraction) -> Track | None:
    """The sound for so many seconds; None: nothing is heard.

    Raises:
        StepError: `local.unknown_value`, `media.no_sound`.
    """
    chosen = _chosen(parts, wanted)
    sound = common_sound(chosen)
    if sound is None:
        return None
    samples = round(seconds * sound.rate)
    heard = [exactly(samples, film_sound.heard_in(part, sound), sound) for part in chosen]
    blocks = heard[0] if len(heard) == 1 else film_mixing.mixed(heard, sound)
    return Track(sound=sound, blocks=blocks)


def _chosen(parts: Sequence[Facts], wanted: Json) -> Sequence[Facts]:
    """The videos that are heard."""
    audible = [part for part in parts if part.sound]
    match str(wanted or PLAYED[0]):
        case "none":
            return []
        case "mix":
            return audible
        case "first":
            return audible[:1]
        case number if number.isdecimal() and 1 <= int(number) <= len(parts):
            return [_audible(parts[int(number) - 1])]
        case other:
            allowed = f"{', '.join(PLAYED)}, or a number from 1 to {len(parts)}"
            raise words.unknown("sound", other, allowed)


def _audible(part: Facts) -> Facts:
    if part.sound is None:
        message = f"{part.name} has no sound track"
        raise StepError("media.no_sound", message, hint="choose another one, or  sound: mix")
    return part

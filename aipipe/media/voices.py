"""The voices of the embedded speech engine, by the names that people write.

Each is a variant of the engine, an accent and a pitch, of the sex that the name's owner has
at the services it is known from (ElevenLabs and OpenAI). No two are the same.
"""

import hashlib
import re
from dataclasses import dataclass
from types import MappingProxyType

from aipipe.errors import StepError

US, GB, IRISH = "en-us", "en-gb", "en-gb-scotland"
USUAL, HIGHEST = 50, 99
"""On the engine's scales of pitch and of liveliness."""
SLOWEST = 80
"""Words a minute below which the engine does not go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How to set the engine. `pitch` is from 0 to 99, 50 as the variant was made."""

    language: str
    variant: str = ""
    pitch: int = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How to say something."""

    voice: Voice
    language: str | None = None
    """A code; None: the voice's own."""
    speed: float = 1.0
    """1 is usual, from 0.25 to 4."""
    liveliness: int = USUAL
    """How far the pitch moves, from 0 (a robot) to `HIGHEST`."""
    pitch: int = 0
    """Above the voice's own, on the engine's scale."""

    @property
    def words_a_minute(self) -> float:
        """The speed as the engine counts it."""
        return 165 * self.speed

    @property
    def slowing(self) -> float:
        """What is left to slow down after the engine's slowest; 1 where it is enough."""
        return min(1.0, self.words_a_minute / SLOWEST)


def _voices(*rows: tuple[str, str, str, int]) -> dict[str, Voice]:
    return {
        name: Voice(language=accent, variant=variant, pitch=pitch)
        for name, variant, accent, pitch in rows
    }


FEMALE = MappingProxyType(
    _voices(
        ("rachel", "f3", US, 50),
        ("bella", "Annie", US, 50),
        ("sarah", "f2", US, 50),
        ("alice", "f1", GB, 50),
        ("aria", "belinda", US, 50),
        ("charlotte", "steph", GB, 50),
        ("domi", "f3", US, 40),
        ("dorothy", "Alicia", GB, 50),
        ("elli", "Alicia", US, 50),
        ("emily", "shelby", US, 58),
        ("freya", "belinda", US, 60),
        ("gigi", "anika", US, 60),
        ("glinda", "f1", US, 65),
        ("grace", "steph", US, 58),
        ("jessica", "Annie", US, 60),
        ("laura", "Alicia", US, 40),
        ("lily", "f2", GB, 50),
        ("matilda", "f1", US, 50),
        ("mimi", "anika", GB, 55),
        ("nicole", "shelby", US, 45),
        ("serena", "f3", GB, 45),
        ("alloy", "shelby", US, 50),
        ("coral", "belinda", US, 40),
        ("marin", "steph", US, 50),
        ("nova", "f2", US, 60),
        ("sage", "f1", US, 40),
        ("shimmer", "anika", US, 50),
    )
)
MALE = MappingProxyType(
    _voices(
        ("adam", "adam", US, 50),
        ("drew", "Michael", US, 50),
        ("antoni", "Gene2", US, 50),
        ("george", "john", GB, 50),
        ("arnold", "david", US, 50),
        ("bill", "m4", US, 45),
        ("brian", "m8", US, 45),
        ("callum", "Lee", GB, 40),
        ("charlie", "Gene2", GB, 50),
        ("chris", "john", US, 58),
        ("clyde", "david", US, 60),
        ("daniel", "adam", GB, 50),
        ("dave", "Michael", GB, 50),
        ("eric", "Lee", US, 50),
        ("ethan", "Nguyen", US, 40),
        ("fin", "m4", IRISH, 50),
        ("harry", "Nguyen", US, 60),
        ("james", "m8", GB, 55),
        ("josh", "m4", US, 55),
        ("liam", "Gene2", US, 60),
        ("paul", "Lee", US, 40),
        ("roger", "adam", US, 40),
        ("sam", "Michael", US, 60),
        ("thomas", "john", US, 50),
        ("will", "Gene2", US, 40),
        ("river", "Nguyen", US, 50),
        ("ash", "Lee", US, 60),
        ("ballad", "Lee", GB, 50),
        ("cedar", "m8", US, 55),
        ("echo", "adam", US, 60),
        ("fable", "john", GB, 60),
        ("onyx", "david", US, 40),
        ("verse", "Michael", US, 40),
    )
)
VOICES = MappingProxyType({**FEMALE, **MALE})
"""Every voice with a name."""

NAMES = tuple(sorted(VOICES))

_CODED = re.compile(r"(?P<accent>[ab])(?P<sex>[fm])_(?P<name>\w+)")
"""Kokoro's way to name a voice: `af_bella`, `bm_george`."""
_RAW = re.compile(r"(?P<language>[a-z]{2,3}(?:[-_][A-Za-z0-9]+)*)(?:\+(?P<variant>[\w ]+))?")


def voice_of(name: str) -> Voice | None:
    """The voice that a name means, in any case: one of `NAMES`, or the engine's own `en-gb+f3`."""
    plain = name.strip().lower()
    if found := VOICES.get(plain):
        return found
    raw = _RAW.fullmatch(name.strip())
    if raw and ("+" in name or "-" in name):
        return Voice(language=raw["language"], variant=raw["variant"] or "")
    return None


def stand_in(name: str) -> Voice:
    """A voice for any name at all, always the same for the same name."""
    plain = name.strip().lower()
    coded = _CODED.fullmatch(plain)
    known = VOICES.get(coded["name"] if coded else plain)
    if known or not coded:
        return known or _drawn(plain, VOICES)
    return _drawn(plain, FEMALE if coded["sex"] == "f" else MALE)


def _drawn(name: str, pool: "MappingProxyType[str, Voice]") -> Voice:
    drawn = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return pool[sorted(pool)[drawn % len(pool)]]


LANGUAGES = MappingProxyType(
    {
        "afrikaans": "af",
        "arabic": "ar",
        "bulgarian": "bg",
        "catalan": "ca",
        "chinese": "cmn",
        "croatian": "hr",
        "czech": "cs",
        "danish": "da",
        "dutch": "nl",
        "english": "en-us",
        "finnish": "fi",
        "french": "fr",
        "german": "de",
        "greek": "el",
        "hebrew": "he",
        "hindi": "hi",
        "hungarian": "hu",
        "indonesian": "id",
        "italian": "it",
        "japanese": "ja",
        "korean": "ko",
        "malay": "ms",
        "norwegian": "nb",
        "polish": "pl",
        "portuguese": "pt",
        "romanian": "ro",
        "russian": "ru",
        "slovak": "sk",
        "slovenian": "sl",
        "spanish": "es",
        "swedish": "sv",
        "thai": "th",
        "turkish": "tr",
        "ukrainian": "uk",
        "vietnamese": "vi",
    }
)
"""Languages that people write out, and the engine's code."""


def language_code(word: str) -> str | None:
    """The code of a language that is written as a code (`pt_BR`) or a name; None for `auto`."""
    plain = word.strip().lower().replace("_", "-")
    if plain in ("", "auto"):
        return None
    return LANGUAGES.get(plain, plain)


def unknown_voice(name: str) -> StepError:
    """What to say of a voice that the embedded engine doesn't have."""
    from difflib import get_close_matches  # noqa: PLC0415 - only to explain a fault

    near = get_close_matches(name.strip().lower(), NAMES, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "all of them: aipipe voices"
    return StepError("local.unknown_voice", f"the local engine has no voice '{name}'", hint=hint)

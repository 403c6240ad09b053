"""A small piece of music that a text decides: chords and an arpeggio, the same every time."""

import hashlib
from dataclasses import dataclass

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
PROGRESSIONS = ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 4, 0), (0, 2, 3, 4), (5, 3, 0, 4), (0, 3, 5, 4))
PATTERNS = (
    (0, 1, 2, 3, 2, 1, 2, 1),
    (0, 2, 1, 2, 3, 2, 1, 2),
    (0, 1, 2, 1, 3, 1, 2, 1),
    (3, 2, 1, 0, 1, 2, 3, 2),
)
TIMBRES = ((1.0, 0.3, 0.1), (1.0, 0.5, 0.25, 0.12), (1.0, 0.0, 0.33, 0.0, 0.1), (1.0, 0.15))
"""How loud each overtone is."""
DARK = frozenset(
    {
        "dark",
        "sad",
        "storm",
        "night",
        "horror",
        "tense",
        "lonely",
        "rain",
        "fog",
        "melancholy",
        "noir",
        "minor",
    }
)
BRIGHT = frozenset(
    {"happy", "bright", "joy", "summer", "sun", "fun", "upbeat", "cheerful", "playful", "major"}
)
SLOW = frozenset(
    {
        "calm",
        "slow",
        "ambient",
        "gentle",
        "soft",
        "peaceful",
        "sleep",
        "fog",
        "meditation",
        "relaxing",
    }
)
FAST = frozenset(
    {"fast", "epic", "energetic", "action", "dance", "chase", "rock", "techno", "upbeat"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a text decides. `root` is a MIDI note, `tempo` beats a minute."""

    root: int
    scale: tuple[int, ...]
    tempo: int
    progression: tuple[int, ...]
    pattern: tuple[int, ...]
    timbre: tuple[float, ...]

    def frequency(self, degree: int, octave: int = 0) -> float:
        """Hz of a step of the scale."""
        up, step = divmod(degree, len(self.scale))
        note = self.root + 12 * (up + octave) + self.scale[step]
        return float(440.0 * 2.0 ** ((note - 69) / 12))


def score_of(prompt: str, seed: str = "") -> Score:
    """The piece that a text and a seed stand for; some words set mood and tempo."""
    drawn = hashlib.sha256(f"{seed}\n{prompt}".encode()).digest()
    heard = frozenset(prompt.lower().replace(",", " ").replace(".", " ").split())
    minor = drawn[0] % 2 == 0
    if bool(heard & DARK) != bool(heard & BRIGHT):
        minor = bool(heard & DARK)
    tempo = 84 + drawn[1] % 24 - 18 * bool(heard & SLOW) + 30 * bool(heard & FAST)
    return Score(
        root=48 + drawn[2] % 10,
        scale=MINOR if minor else MAJOR,
        tempo=tempo,
        progression=PROGRESSIONS[drawn[3] % len(PROGRESSIONS)],
        pattern=PATTERNS[drawn[4] % len(PATTERNS)],
        timbre=TIMBRES[drawn[5] % len(TIMBRES)],
    )

"""A video that is to become a part of another: its shape, rate, lengths and sound, measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media import tracks
from aipipe.media.audio import Sound, common_of
from aipipe.media.containers import opened
from aipipe.media.lengths import is_cut_off
from aipipe.media.parts import naming

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

HIGHEST_RATE = Fraction(60)
RATES = (
    *(Fraction(24_000, 1001), Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(30)),
    *(Fraction(48), Fraction(50), Fraction(60_000, 1001), HIGHEST_RATE),
)
SAME_RATE = 0.0004
"""Of a rate: less than what 24 differs from 23.976."""
SLACK = 0.1
"""Seconds by which a sound may outlast its pictures: encoders fill up their last block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A video as a part of a list: `width` and `height` are pixels as displayed, square ones."""

    path: Path
    name: str
    """Which part it is, for messages: `part 2 ('flux')`."""
    width: int
    height: int
    turn: int
    """Degrees, counterclockwise, by which its pictures are to be turned."""
    rate: Fraction
    start: float
    """Seconds of the file's own time at which it begins."""
    seconds: float
    """From its beginning to the end of its pictures, or of a sound that goes on longer."""
    sound: Sound | None
    delay: float = 0.0
    """Seconds after its beginning at which its sound begins."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height


def facts_of(path: Path, name: str) -> Facts:
    """The facts of a video, after decoding its first picture and reading to its end.

    Raises:
        StepError: `media.unreadable`.
    """
    with naming(name):
        tracks.seen(path)  # whole, and with a picture
        if is_cut_off(path):
            raise StepError("media.unreadable", "it is cut off")
        with opened(path) as given:
            return _measured(given, path, name)


def _measured(given: "InputContainer", path: Path, name: str) -> Facts:
    seen, heard = given.streams.video[0], given.streams.audio[:1]
    first = next(given.decode(seen))
    lengths = tracks.lengths(given)
    begins = [_begin(track) for track in (seen, *heard)]
    ends = [at + lengths.get(t.index, 0) for at, t in zip(begins, (seen, *heard), strict=True)]
    start = min(begins)
    if max(ends) < ends[0] + SLACK:
        ends = ends[:1]
    turn = round(first.rotation / 90) * 90 % 360
    width, height = _upright(first, seen, turn)
    return Facts(
        path=path,
        name=name,
        width=width,
        height=height,
        turn=turn,
        rate=_rate(seen),
        start=start,
        seconds=max(ends) - start,
        sound=Sound(rate=heard[0].rate, channels=min(2, heard[0].channels)) if heard else None,
        delay=begins[-1] - start,
    )


def _begin(track: object) -> float:
    """Seconds of the file's time at which a track begins; what lies before zero is not shown."""
    start, base = getattr(track, "start_time", None), getattr(track, "time_base", None)
    return max(float(start * base), 0.0) if start and base else 0.0


def _upright(first: "VideoFrame", track: "VideoStream", turn: int) -> tuple[int, int]:
    shape = track.sample_aspect_ratio or Fraction(1)
    width = max(round(first.width * shape), 1)
    return (first.height, width) if turn in tracks.QUARTER_TURNS else (width, first.height)


def _rate(track: "VideoStream") -> Fraction:
    """Pictures a second; where they come unevenly, a usual rate that loses none on average."""
    told = track.average_rate or track.guessed_rate or Fraction(25)
    if not 1 <= told <= HIGHEST_RATE:
        return HIGHEST_RATE if told > HIGHEST_RATE else Fraction(1)
    usual = (rate for rate in RATES if abs(rate - told) < SAME_RATE * told)
    higher = (rate for rate in RATES if rate >= told)
    return next(usual, told if told.denominator == 1 else next(higher))


def common_sound(parts: Sequence[Facts]) -> Sound | None:
    """A layout in which no part's sound loses anything that can be heard; None: all are silent."""
    sounds = [part.sound for part in parts if part.sound]
    return common_of(sounds) if sounds else None

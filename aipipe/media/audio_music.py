"""A score played: struck notes, mixed into stereo.

Four bars are played once into memory, with the tails of the last notes under the first, so
that they can follow each other for as long as is wanted.
"""

import operator
from array import array
from collections.abc import Iterator

from aipipe.media.audio import BLOCK, exactly
from aipipe.media.audio_notes import PLAYED, Note, instrument_of
from aipipe.media.audio_score import Score

__all__ = ["PLAYED", "music"]

BARS, BEATS = 4, 4
LOUDEST = 24_000


def music(score: Score, seconds: float, *, loop: bool = False) -> Iterator[bytes]:
    """The piece as samples laid out as `PLAYED`, exactly so long.

    With `loop` its end leads into its beginning; else it fades in and out.
    """
    total = round(seconds * PLAYED.rate)
    beat = _beat(score, total) if loop else PLAYED.rate * 60 // score.tempo
    period = _period(score, beat)
    endless = _again_and_again(period, total)
    played = exactly(total, endless, PLAYED)
    return played if loop else _faded(played, total)


def _beat(score: Score, total: int) -> int:
    """Samples of a beat with which the four bars fit into the piece a whole number of times."""
    usual = PLAYED.rate * 60 / score.tempo
    times = max(1, round(total / (usual * BARS * BEATS)))
    return max(1, round(total / (times * BARS * BEATS)))


def _again_and_again(period: bytes, samples: int) -> Iterator[bytes]:
    width, done = BLOCK * PLAYED.width, 0
    while done < samples * PLAYED.width:
        for start in range(0, len(period), width):
            yield period[start : start + width]
        done += len(period)


def _period(score: Score, beat: int) -> bytes:
    """Four bars, both channels interleaved."""
    size = BARS * BEATS * beat
    middle, left, right = (array("d", bytes(8 * size)) for _ in range(3))
    places = {"middle": middle, "left": left, "right": right}
    instrument = instrument_of(score.timbre)
    for note in _notes(score, beat):
        _add(places[note.place], note.start, instrument.played(note))
    return _interleaved(middle, left, right)


def _notes(score: Score, beat: int) -> Iterator[Note]:
    """A bass note and two of the chord for each bar; the arpeggio goes to and fro above them."""
    for bar, degree in enumerate(score.progression):
        start, length = bar * BEATS * beat, BEATS * beat
        chord = (degree, degree + 2, degree + 4, degree + 7)
        bass = score.frequency(degree, -1)
        yield Note(start=start, length=length, frequency=bass, loudness=0.5)
        for step in chord[1:3]:
            frequency = score.frequency(step)
            yield Note(start=start, length=length, frequency=frequency, loudness=0.2)
        for place, step in enumerate(score.pattern):
            yield Note(
                start=start + place * beat // 2,
                length=beat * 3 // 2,
                frequency=score.frequency(chord[step], 1),
                loudness=0.5,
                place="right" if place % 2 else "left",
            )


def _add(channel: "array[float]", start: int, note: "array[float]") -> None:
    """Mix a note in; what is longer than the piece goes on at its beginning."""
    fits = min(len(note), len(channel) - start)
    _mix(channel, start, note[:fits])
    _mix(channel, 0, note[fits:])


def _mix(channel: "array[float]", start: int, note: "array[float]") -> None:
    end = start + len(note)
    channel[start:end] = array("d", map(operator.add, channel[start:end], note))


def _interleaved(middle: "array[float]", left: "array[float]", right: "array[float]") -> bytes:
    """Both channels; each hears a little of the other side too."""
    peak = _peak(middle) + max(_peak(left), _peak(right))
    both = array("h", bytes(4 * len(middle)))
    for channel, near, far in ((0, left, right), (1, right, left)):
        scale, aside = LOUDEST / peak, 0.35 * LOUDEST / peak
        mixed = zip(middle, near, far, strict=True)
        both[channel::2] = array("h", [int((m + n) * scale + f * aside) for m, n, f in mixed])
    return both.tobytes()


def _peak(channel: "array[float]") -> float:
    highest, lowest = max(channel), min(channel)
    return max(1e-9, highest, -lowest)


def _faded(blocks: Iterator[bytes], total: int) -> Iterator[bytes]:
    """The same sound, coming in and going out without a click."""
    rise, fall = min(total // 4, PLAYED.rate // 10), min(total // 4, PLAYED.rate * 3 // 2)
    place = 0
    for block in blocks:
        length = len(block) // PLAYED.width
        if rise <= place and place + length <= total - fall:
            yield block
        else:
            yield _shaped(block, place, total, rise, fall)
        place += length


def _shaped(block: bytes, place: int, total: int, rise: int, fall: int) -> bytes:
    samples = array("h", block)
    for index in range(0, len(samples), 2):
        at = place + index // 2
        loudness = min(1.0, at / max(1, rise), (total - at) / max(1, fall))
        samples[index] = int(samples[index] * loudness)
        samples[index + 1] = int(samples[index + 1] * loudness)
    return samples.tobytes()

"""How loud a sound is to the ear (EBU R128), and the same sound made as loud as asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aipipe.media.audio import Sound
from aipipe.media.audio_graph import (
    LIMITER,
    LOUDEST,
    PRECISE,
    Filter,
    filtered,
    frames,
    through,
)

SILENCE = -70.0
"""LUFS below which the standard hears nothing, and too short a sound is put."""
METER: Filter = ("ebur128", "metadata=1:peak=sample:framelog=quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """Of a whole sound: LUFS, and its largest sample as a share of the largest that there is."""

    lufs: float
    peak: float


def loudness(blocks: Iterable[bytes], sound: Sound) -> Loudness:
    """The integrated loudness of a sound."""
    desk = through(sound, [METER])
    told: dict[str, str] = {}
    peak = 0.0
    for frame in frames(((block,) for block in blocks), sound, desk):
        told = frame.metadata
        peak = max(peak, float(told.get("lavfi.r128.sample_peak", 0)))
    return Loudness(lufs=float(told.get("lavfi.r128.I", SILENCE)), peak=peak)


def levelled(
    blocks: Iterable[bytes], sound: Sound, heard: Loudness, lufs: float
) -> Iterator[bytes]:
    """The same sound with this loudness; peaks that would clip are limited. Silence stays."""
    if heard.lufs <= SILENCE:
        yield from blocks
        return
    gain = lufs - heard.lufs
    filters = [PRECISE, ("volume", f"{gain:.3f}dB")]
    if heard.peak * 10 ** (gain / 20) > LOUDEST:
        filters.append(LIMITER)
    yield from filtered(blocks, sound, filters)

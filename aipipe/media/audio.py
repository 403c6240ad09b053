"""Sound as a stream of 16-bit samples: read from any file, at the rate and layout asked for.

It comes in blocks of a fraction of a second, so memory stays flat however long the sound is.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media.containers import opened

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

HIGHEST_RATE = 48_000
"""Samples a second that sounds of several rates are joined at, at most."""
BLOCK = 4096
"""Samples in a block that is made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """How sound is laid out: samples a second, and 1 channel or 2."""

    rate: int
    channels: int = 1

    @property
    def layout(self) -> str:
        """The layout's usual name."""
        return "mono" if self.channels == 1 else "stereo"

    @property
    def width(self) -> int:
        """Bytes that belong to one instant."""
        return 2 * self.channels


def sound_of(path: Path) -> Sound:
    """How the sound in a file is laid out; more than two channels count as two.

    Raises:
        StepError: `media.unreadable`, `media.no_sound`.
    """
    with opened(path) as container:
        if not container.streams.audio:
            raise StepError("media.no_sound", "the file has no sound track")
        track = container.streams.audio[0]
        return Sound(rate=track.rate, channels=min(2, track.channels))


def common_of(sounds: Sequence[Sound]) -> Sound:
    """A layout in which none of them loses anything that can be heard."""
    rate = min(HIGHEST_RATE, max(sound.rate for sound in sounds))
    return Sound(rate=rate, channels=max(sound.channels for sound in sounds))


def samples_of(path: Path, sound: Sound) -> Iterator[bytes]:
    """The sound in a file in blocks of 16-bit samples, channels interleaved, laid out as `sound`.

    Raises:
        StepError: `media.unreadable`, `media.no_sound`.
    """
    with opened(path) as container:
        if not container.streams.audio:
            raise StepError("media.no_sound", "the file has no sound track")
        yield from resampled(decoded(container, container.streams.audio[0]), sound)


def decoded(container: "InputContainer", track: "AudioStream") -> "Iterator[AudioFrame]":
    """The frames of a track; packets that can't be decoded are left out, as players do."""
    from av import InvalidDataError  # noqa: PLC0415 - heavy

    for packet in container.demux(track):
        with suppress(InvalidDataError):
            yield from packet.decode()


def resampled(frames: "Iterable[AudioFrame]", sound: Sound) -> Iterator[bytes]:
    """The samples of frames of any format, which may change on the way, laid out as `sound`."""
    from av import AudioResampler  # noqa: PLC0415 - heavy

    for form, alike in groupby(frames, key=form_of):
        if form == ("s16", sound.layout, sound.rate):
            yield from (content(frame, sound) for frame in alike)
            continue
        resampler = AudioResampler(format="s16", layout=sound.layout, rate=sound.rate)
        for frame in alike:
            frame.pts = None  # a gap in the source's own times would stop the resampler
            for ready in resampler.resample(frame):
                yield content(ready, sound)
        for ready in resampler.resample(None):
            yield content(ready, sound)


def form_of(frame: "AudioFrame") -> tuple[str, str, int]:
    """What a resampler needs all its frames to have in common."""
    return frame.format.name, frame.layout.name, frame.sample_rate


def content(frame: "AudioFrame", sound: Sound) -> bytes:
    """The samples of a 16-bit frame, without the padding that ends its plane."""
    return bytes(frame.planes[0])[: frame.samples * sound.width]


def frames_from(blocks: Iterable[bytes], sound: Sound) -> "Iterator[AudioFrame]":
    """The same samples as frames."""
    from av import AudioFrame  # noqa: PLC0415 - heavy

    for block in blocks:
        if block:
            frame = AudioFrame("s16", sound.layout, len(block) // sound.width, align=1)
            frame.sample_rate = sound.rate
            frame.planes[0].update(block)
            yield frame


def silence(samples: int, sound: Sound) -> Iterator[bytes]:
    """Silence, so many samples long."""
    for start in range(0, samples, BLOCK):
        yield bytes(min(BLOCK, samples - start) * sound.width)


def exactly(samples: int, blocks: Iterable[bytes], sound: Sound) -> Iterator[bytes]:
    """The first so many samples of a sound, with silence after it where it is shorter."""
    left = samples
    for block in blocks:
        if left == 0:
            return
        yield block[: left * sound.width]
        left -= min(left, len(block) // sound.width)
    yield from silence(left, sound)

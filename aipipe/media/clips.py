"""A video from a still picture over which a camera moves, with a caption and a sound if wanted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import CancelledError
from aipipe.media import audio_music, moves, planes
from aipipe.media.audio import frames_from
from aipipe.media.audio_score import Score
from aipipe.media.containers import MUXERS, write_options
from aipipe.media.moves import Move
from aipipe.media.transcode import SoundWriter, add_pictures, add_sound
from aipipe.media.unfinished import whole_or_gone

if TYPE_CHECKING:
    from av import AudioFrame, VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from PIL.Image import Image

REC_709 = 1
LIMITED = 1
SOUND_RATE = 44_100
DETAIL = 1.2
"""How much larger than the frame the picture is kept, so that a close view is still sharp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What is to be filmed."""

    picture: "Image"
    """RGB, any size: what does not fit the frame is cut off evenly."""
    layer: "Image | None"
    """RGBA, of the frame's size: it stands still above the picture."""
    size: tuple[int, int]
    """Even pixels."""
    seconds: float
    rate: Fraction
    """Frames a second."""
    move: Move
    music: Score | None
    """What is played; None: no sound."""

    @property
    def frames(self) -> int:
        """How many pictures: at least one."""
        return max(round(self.seconds * self.rate), 1)


def film(
    clip: Clip, path: Path, report: Callable[[float, str], None], cancelled: Callable[[], bool]
) -> Path:
    """`path`, where the clip now is, in the format of the path's extension.

    Raises:
        CancelledError: nothing is left behind.
    """
    with whole_or_gone(path):
        _write(clip, path, report, cancelled)
    return path


def _write(
    clip: Clip, path: Path, report: Callable[[float, str], None], cancelled: Callable[[], bool]
) -> None:
    import av  # noqa: PLC0415 - 60 ms

    extension = path.suffix.removeprefix(".")
    options = write_options(extension)
    with av.open(str(path), "w", format=MUXERS[extension], options=options) as written:
        target = add_pictures(written, extension, *clip.size, clip.rate)
        declare_colours(target)
        sound = _sound_of(clip, written, extension)
        for number, frame in enumerate(_frames(clip)):
            if cancelled():
                raise CancelledError
            frame.pts, frame.time_base = number, 1 / clip.rate
            written.mux(target.encode(frame))
            _keep_up(sound, (number + 1) / clip.rate)
            report((number + 1) / clip.frames, "encoding")
        written.mux(target.encode(None))
        if sound:
            sound.writer.push(None)


def declare_colours(target: "VideoStream") -> None:
    """Say how the planes are meant, so that no player has to guess."""
    context = target.codec_context
    context.colorspace = context.color_primaries = context.color_trc = REC_709
    context.color_range = LIMITED


def _frames(clip: Clip) -> "Iterator[VideoFrame]":
    from PIL import Image, ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    kept = (round(clip.size[0] * DETAIL), round(clip.size[1] * DETAIL))
    fitting = ImageOps.fit(clip.picture, kept, Image.Resampling.LANCZOS)
    shown = planes.planes_of(fitting)
    overlay = planes.overlay_of(clip.layer) if clip.layer else None
    for box in moves.boxes(clip.move, clip.frames, shown.size):
        yield planes.view(shown, box, clip.size, overlay)


@dataclass(slots=True)
class _Sound:
    """Sound that is written little by little beside the pictures."""

    writer: SoundWriter
    frames: "Iterator[AudioFrame]"
    seconds: Fraction = Fraction(0)


def _sound_of(clip: Clip, written: "OutputContainer", extension: str) -> _Sound | None:
    if clip.music is None:
        return None
    writer = SoundWriter(written, add_sound(written, extension, SOUND_RATE))
    played = audio_music.music(clip.music, float(clip.frames / clip.rate))
    return _Sound(writer, frames_from(played, audio_music.PLAYED))


def _keep_up(sound: _Sound | None, until: Fraction) -> None:
    """Write sound up to a time in seconds."""
    while sound and sound.seconds < until and (frame := next(sound.frames, None)):
        sound.seconds += Fraction(frame.samples, frame.sample_rate)
        sound.writer.push(frame)

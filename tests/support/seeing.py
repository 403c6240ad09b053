"""Pictures and videos made and decoded for tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from PIL import Image, ImageChops, ImageStat

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.media import IMAGE, VIDEO
from aipipe.contracts.step import StepType
from aipipe.contracts.tools import Sink, Tools
from aipipe.media import pictures
from aipipe.media.audio import Sound, frames_from, silence
from aipipe.media.containers import MUXERS, write_options
from aipipe.media.transcode import SoundWriter, add_pictures, add_sound
from support.listening import length_of
from support.sinks import call_of

if TYPE_CHECKING:
    from av.container import OutputContainer

HALVES = ((200, 30, 30), (30, 30, 200))


def halves(
    size: tuple[int, int], left: object = HALVES[0], right: object = HALVES[1]
) -> "Image.Image":
    """Two colours side by side, so that a turn, a cut or a shift shows."""
    picture = Image.new("RGB", size, left)  # type: ignore[arg-type]
    picture.paste(right, (size[0] // 2, 0, size[0], size[1]))  # type: ignore[arg-type]
    return picture


def picture_file(
    sink: Sink, extension: str = "png", size: tuple[int, int] = (40, 30)
) -> ArtefactRef:
    return sink.adopt(pictures.write(halves(size), sink.scratch(extension)), IMAGE)


def film_file(
    sink: Sink,
    extension: str = "mp4",
    *,
    seconds: float = 1,
    size: tuple[int, int] = (64, 48),
    sound: bool = False,
) -> ArtefactRef:
    """Two colours, 10 pictures a second, and silence if wanted."""
    path = sink.scratch(extension)
    with av.open(
        str(path), "w", format=MUXERS[extension], options=write_options(extension)
    ) as made:
        track = add_pictures(made, extension, *size, Fraction(10))
        if sound:
            _add_silence(made, extension, seconds)
        for place in range(round(seconds * 10)):
            shown = av.VideoFrame.from_image(halves(size))  # type: ignore[no-untyped-call]
            frame = shown.reformat(format="yuv420p")
            frame.pts, frame.time_base = place, Fraction(1, 10)
            made.mux(track.encode(frame))
        made.mux(track.encode(None))
    return sink.adopt(path, VIDEO)


def _add_silence(made: "OutputContainer", extension: str, seconds: float) -> None:
    layout = Sound(rate=48_000)
    writer = SoundWriter(made, add_sound(made, extension, layout.rate, 1))
    for frame in frames_from(silence(round(seconds * layout.rate), layout), layout):
        writer.push(frame)
    writer.push(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What decoding every picture of a video tells."""

    codec: str
    pixels: str
    size: tuple[int, int]
    rate: Fraction
    pictures: "tuple[Image.Image, ...]"
    seconds: float
    sound: float | None
    """Seconds of sound; None without a sound track."""


def watched(path: Path) -> Film:
    with av.open(str(path)) as container:
        track = container.streams.video[0]
        seen = tuple(frame.to_image() for frame in container.decode(track))  # type: ignore[no-untyped-call]
        rate = track.average_rate or Fraction(0)
        return Film(
            codec=track.codec_context.name,
            pixels=str(track.pix_fmt),
            size=(track.width, track.height),
            rate=rate,
            pictures=seen,
            seconds=float(len(seen) / rate),
            sound=length_of(path) if container.streams.audio else None,
        )


def difference(one: "Image.Image", other: "Image.Image") -> float:
    """How much two pictures of one size differ, 0 to 255, over all pixels."""
    bands = ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean
    return sum(bands) / len(bands)


def made_by(
    step: StepType,
    tools: Tools,
    inputs: Mapping[str, Any],
    *,
    extension: str | None = None,
    mock: bool = False,
    model: str = "local",
    **params: Json,
) -> tuple[ArtefactRef, ...]:
    """What a step's embedded engine makes."""
    assert step.local is not None
    call = call_of(
        f"step:{step.name}",
        inputs=inputs,
        params=params,
        extension=extension,
        mock=mock,
        model=model,
    )
    return step.local(call, tools).artefacts

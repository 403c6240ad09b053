"""Videos of one colour and one tone, of any size, rate and format, made for tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.media import VIDEO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Sink, Tools
from aipipe.media.audio import Sound, frames_from
from aipipe.media.containers import MUXERS
from aipipe.media.transcode import SoundWriter, add_pictures, add_sound
from support.listening import tone
from support.seeing import Film, watched
from support.sinks import call_of

RED, GREEN, BLUE, YELLOW = (200, 0, 0), (0, 160, 0), (0, 0, 200), (200, 200, 0)
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """What a test's video is to be."""

    colour: Colour = RED
    extension: str = "mp4"
    size: tuple[int, int] = (96, 64)
    rate: Fraction = Fraction(24)
    seconds: float = 1.0
    hertz: float | None = None
    """Of its tone; None: no sound track."""
    channels: int = 1
    pixels: str = "yuv420p"
    uneven: bool = False
    """Pictures come at varying distances."""
    shape: Fraction = Fraction(1)
    """Width by height of a pixel."""


def reel(sink: Sink, label: str | None = None, **wanted: Any) -> ArtefactRef:
    """A video of one colour."""
    made = Reel(**wanted)
    path = sink.scratch(made.extension)
    _film(made, path)
    return sink.adopt(path, VIDEO, label=label)


def _film(made: Reel, path: Path) -> None:
    with av.open(str(path), "w", format=MUXERS[made.extension]) as written:
        track = add_pictures(written, made.extension, *made.size, made.rate)
        track.pix_fmt = made.pixels
        track.codec_context.sample_aspect_ratio = made.shape
        if made.hertz:
            rate = 48_000 if made.extension == "webm" else 44_100
            sound = Sound(rate=rate, channels=made.channels)
            writer = SoundWriter(written, add_sound(written, made.extension, rate, made.channels))
            for heard in frames_from(tone(made.seconds, sound, hertz=made.hertz), sound):
                writer.push(heard)
            writer.push(None)
        shown = av.VideoFrame.from_image(Image.new("RGB", made.size, made.colour))  # type: ignore[no-untyped-call]
        for number in range(round(made.seconds * made.rate)):
            if made.uneven and number % 3 == 1:
                continue
            frame = shown.reformat(format=made.pixels)
            frame.pts, frame.time_base = number, 1 / made.rate
            written.mux(track.encode(frame))
        written.mux(track.encode(None))


def merged(
    merge: MergeStrategy,
    tools: Tools,
    parts: "Sequence[ArtefactRef | None]",
    *,
    labels: tuple[str, ...] = (),
    extension: str | None = None,
    params: dict[str, Json] | None = None,
) -> Film:
    """What a merge makes of files, decoded."""
    return watched(merged_file(merge, tools, parts, labels, extension, params))


def merged_file(
    merge: MergeStrategy,
    tools: Tools,
    parts: "Sequence[ArtefactRef | None]",
    labels: tuple[str, ...] = (),
    extension: str | None = None,
    params: dict[str, Json] | None = None,
) -> Path:
    """The file that a merge makes."""
    assert merge.run is not None
    call = call_of(
        f"merge:{merge.name}",
        inputs={"input": tuple(parts)},
        labels=labels,
        params=params,
        extension=extension,
    )
    return tools.sink.path_of(merge.run(call, tools).artefacts[0])


def seen_at(film: Film, seconds: float, at: tuple[float, float] = (0.5, 0.5)) -> "Image.Image":
    """A few pixels at a place (shares of width and height) of the picture of a time."""
    picture = film.pictures[min(int(seconds * film.rate), len(film.pictures) - 1)]
    x, y = round(at[0] * (picture.width - 1)), round(at[1] * (picture.height - 1))
    return picture.crop((x, y, x + 1, y + 1))


def is_colour(picture: "Image.Image", colour: Colour, within: int = 40) -> bool:
    """Whether a pixel has a colour, roughly: encoders and colour spaces shift it."""
    pixel: Any = picture.convert("RGB").getpixel((0, 0))
    return all(abs(a - b) <= within for a, b in zip(pixel, colour, strict=True))


def colours_of(film: Film, at: tuple[float, float] = (0.5, 0.5)) -> list[tuple[str, int]]:
    """The colours at a place, one after the other, each with its number of pictures."""
    found: list[tuple[str, int]] = []
    for number in range(len(film.pictures)):
        name = _name(seen_at(film, float((number + 0.5) / film.rate), at))
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + 1)
        else:
            found.append((name, 1))
    return found


NAMES: dict[str, Colour] = {
    "red": RED,
    "green": GREEN,
    "blue": BLUE,
    "yellow": YELLOW,
    "black": (0, 0, 0),
}


def _name(picture: "Image.Image") -> str:
    return next((name for name, colour in NAMES.items() if is_colour(picture, colour)), "mixed")


def stopping(after: int) -> Callable[[], bool]:
    """A call that is cancelled after it has asked so many times."""
    asked = iter(range(after))
    return lambda: next(asked, None) is None

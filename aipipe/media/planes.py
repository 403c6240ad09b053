"""Pictures as the three planes of video (brightness, two colours), cut and scaled as such.

Scaling two quarter-size colour planes instead of three full ones, and converting colours once
instead of for every frame, is what makes a clip from a still picture quick.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipipe.media.moves import Box

if TYPE_CHECKING:
    from collections.abc import Callable

    from av import VideoFrame
    from PIL.Image import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Planes:
    """A picture in 4:4:4 YCbCr of Rec. 709, limited range: three grey pictures of one size."""

    y: "Image"
    u: "Image"
    v: "Image"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.y.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Planes that lie on every frame at a place (even pixels), each with its mask."""

    at: tuple[int, int]
    parts: "tuple[tuple[Image, Image], ...]"


def planes_of(picture: "Image") -> Planes:
    """The planes of an RGB picture."""
    import av  # noqa: PLC0415 - 60 ms

    from_image: Callable[[Image], VideoFrame] = av.VideoFrame.from_image
    frame = from_image(picture).reformat(
        format="yuv444p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )
    y, u, v = (plane_image(plane, frame.width, frame.height) for plane in frame.planes)
    return Planes(y=y, u=u, v=v)


def overlay_of(layer: "Image") -> Overlay | None:
    """What can be seen of an RGBA layer, to lie on frames of its size; None if nothing can."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    seen = layer.getchannel("A").getbbox()
    if seen is None:
        return None
    left, top = seen[0] // 2 * 2, seen[1] // 2 * 2
    right, bottom = -(-seen[2] // 2) * 2, -(-seen[3] // 2) * 2
    part = layer.crop((left, top, right, bottom))
    planes, mask = planes_of(part.convert("RGB")), part.getchannel("A")
    half = (part.width // 2, part.height // 2)
    small = mask.resize(half, Image.Resampling.BOX)
    colours = [(plane.resize(half, Image.Resampling.BOX), small) for plane in (planes.u, planes.v)]
    return Overlay(at=(left, top), parts=((planes.y, mask), *colours))


def view(planes: Planes, box: Box, size: tuple[int, int], overlay: Overlay | None) -> "VideoFrame":
    """A frame of this (even) size that shows a part of the planes under the overlay."""
    import av  # noqa: PLC0415 - 60 ms
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    half = (size[0] // 2, size[1] // 2)
    cuts = [planes.y.resize(size, Image.Resampling.BICUBIC, box)]
    cuts += [each.resize(half, Image.Resampling.BILINEAR, box) for each in (planes.u, planes.v)]
    if overlay:
        x, y = overlay.at
        for cut, place, (part, mask) in zip(
            cuts, ((x, y), (x // 2, y // 2), (x // 2, y // 2)), overlay.parts, strict=True
        ):
            cut.paste(part, place, mask)
    frame = av.VideoFrame(size[0], size[1], "yuv420p")
    for plane, cut in zip(frame.planes, cuts, strict=True):
        plane.update(rows(cut, plane.line_size))
    return frame


def rows(picture: "Image", line_size: int) -> bytes:
    """The bytes of a grey picture, each row padded to a line of the frame's plane."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    if picture.width == line_size:
        return picture.tobytes()
    padded = Image.new("L", (line_size, picture.height))
    padded.paste(picture)
    return padded.tobytes()


def plane_image(plane: object, width: int, height: int) -> "Image":
    """One plane of a frame as a grey picture."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    line_size: int = plane.line_size  # type: ignore[attr-defined]
    return Image.frombuffer("L", (width, height), bytes(plane), "raw", "L", line_size, 1)  # type: ignore[call-overload]

"""Small real files, as models would make them."""

import io
import math
import tempfile
from array import array
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
from PIL import Image, ImageDraw

from aipipe.media.audio import Sound
from aipipe.media.audio_files import write_sound

RATE = 24_000


@cache
def picture(text: str = "", form: str = "png", width: int = 96, height: int = 64) -> bytes:
    """A picture that differs by its text."""
    image = Image.new("RGB", (width, height), (sum(text.encode()) % 256, 90, 140))
    ImageDraw.Draw(image).text((4, 4), text[:20], fill=(255, 255, 255))
    with io.BytesIO() as out:
        image.save(out, "JPEG" if form in {"jpg", "jpeg"} else form.upper())
        return out.getvalue()


def samples(text: str = "", seconds: float = 0.4) -> bytes:
    """A tone whose height depends on its text: 16 bits, one channel, 24,000 a second."""
    step = math.tau * (220 + sum(text.encode()) % 440) / RATE
    return array(
        "h", (int(9_000 * math.sin(n * step)) for n in range(int(RATE * seconds)))
    ).tobytes()


@cache
def sound(text: str = "", form: str = "mp3", seconds: float = 0.4) -> bytes:
    """A tone in a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"tone.{form}")
        laid_out = Sound(rate=RATE, channels=1)
        write_sound(path, [samples(text, seconds)], laid_out, cancelled=lambda: False)
        return path.read_bytes()


@cache
def film(text: str = "", seconds: float = 0.5) -> bytes:
    """A grey MP4 without sound, 10 pictures a second, whose size depends on its text."""
    side = 32 + 2 * (sum(text.encode()) % 8)
    with io.BytesIO() as out:
        with av.open(out, "w", format="mp4") as container:
            track = container.add_stream("libx264", rate=10)
            track.width, track.height, track.pix_fmt = side, 32, "yuv420p"
            for place in range(round(seconds * 10)):
                frame = av.VideoFrame(side, 32, "yuv420p")
                frame.pts, frame.time_base = place, Fraction(1, 10)
                container.mux(track.encode(frame))
            container.mux(track.encode(None))
        return out.getvalue()

"""Raw samples as a WAV file. Gemini's L16 has the lower byte first, whatever RFC 2586 says."""

import wave
from functools import partial
from pathlib import Path
from typing import Final

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.media import Medium
from aipipe.contracts.tools import Tools
from aipipe.providers.http.collecting import Adopt, adopted
from aipipe.providers.http.errors import UnreadableError

RAW: Final = frozenset({"audio/l16", "audio/pcm"})
RATE, CHANNELS, WIDTH = 24_000, 1, 2
"""Samples a second and channels where the type does not say; bytes of a sample."""
RATES: Final = range(4_000, 384_001)
MOST_CHANNELS: Final = 8


def adopter(kind: str) -> Adopt:
    """How files of a MIME type enter the store: raw samples get a header first."""
    name, *said = (each.strip() for each in kind.lower().split(";"))
    return partial(_with_header, tuple(said)) if name in RAW else adopted


def _with_header(said: tuple[str, ...], path: Path, medium: Medium, tools: Tools) -> ArtefactRef:
    told = {name.strip(): value.strip() for name, _, value in (e.partition("=") for e in said)}
    rate, channels = _number(told.get("rate"), RATE), _number(told.get("channels"), CHANNELS)
    if rate not in RATES or not 0 < channels <= MOST_CHANNELS:
        raise UnreadableError(f"samples are not laid out as '{'; '.join(said)[:100]}'")
    samples = path.read_bytes()
    target = tools.sink.scratch("wav")
    with wave.open(str(target), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(WIDTH)
        file.setframerate(rate)
        file.writeframes(samples[: len(samples) // (WIDTH * channels) * (WIDTH * channels)])
    return tools.sink.adopt(target, medium)


def _number(said: str | None, otherwise: int) -> int:
    """0 where what was said is no number."""
    if said is None:
        return otherwise
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0  # noqa: PLR2004

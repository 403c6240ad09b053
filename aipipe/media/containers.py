"""Sound and video files, opened so that nothing but the named file is ever read."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media.unfinished import is_from_the_disk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer

READ_OPTIONS = {
    # A playlist or a `concat:` name inside a file would make the reader fetch other files.
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,mp3,wav,w64,ogg,flac,matroska,webm",
}
MUXERS = {
    "wav": "wav",
    "mp3": "mp3",
    "m4a": "ipod",
    "flac": "flac",
    "ogg": "ogg",
    "opus": "ogg",
    "mp4": "mp4",
    "mov": "mov",
    "mkv": "matroska",
    "webm": "webm",
}
"""Extension to the name of the format that writes it."""

VIDEOS = ("mp4", "webm", "mkv", "mov")


@contextmanager
def opened(path: Path) -> "Iterator[InputContainer]":
    """A sound or video file for reading.

    Raises:
        StepError: `media.unreadable`, when it can't be read, also while it is being read.
    """
    import av  # noqa: PLC0415 - 60 ms, only where sound or video is read

    try:
        with av.open(
            str(path.absolute()), options=dict(READ_OPTIONS), metadata_errors="replace"
        ) as container:
            yield container
    except (av.FFmpegError, EOFError) as error:
        if is_from_the_disk(error):
            raise
        reason = getattr(error, "strerror", None) or "it ends too early"
        raise StepError("media.unreadable", f"the file can't be decoded: {reason}") from error


def write_options(extension: str) -> dict[str, str]:
    """The options to write a file with: it starts at once in a browser, and keeps tags.

    The same content gives the same bytes; else Ogg and Matroska would get random numbers.
    """
    exact = {"fflags": "+bitexact"}
    if extension in ("mp4", "mov", "m4a"):
        return {**exact, "movflags": "+faststart+use_metadata_tags"}
    return exact

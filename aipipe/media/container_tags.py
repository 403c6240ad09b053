"""A comment in the metadata of a sound or video file, its packets copied as they are."""

from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media.containers import MUXERS, opened, write_options
from aipipe.media.transcode import copy_packets

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

ON_THE_STREAM = ("ogg", "opus")
WITHOUT_KEYS = ("wav",)


def write(path: Path, extension: str, key: str, comment: str) -> None:
    """Put the comment under the key, in place; what can't be copied is left as it is."""
    written = path.with_name(f"{path.name}.tagged")
    try:
        _copy(path, written, extension, _entries(extension, key, comment))
        written.replace(path)
    except StepError:
        return  # published without tags rather than not at all
    finally:
        written.unlink(missing_ok=True)


def read(path: Path, key: str) -> str | None:
    """The comment under the key, or None."""
    with opened(path) as container:
        places = [container.metadata, *(stream.metadata for stream in container.streams)]
        found = {name.lower(): value for place in reversed(places) for name, value in place.items()}
    return found.get(key) or found.get("comment")


def _entries(extension: str, key: str, comment: str) -> dict[str, str]:
    if extension in WITHOUT_KEYS:
        return {"title": key, "comment": comment}
    return {key: comment}


def _copy(path: Path, written: Path, extension: str, entries: dict[str, str]) -> None:
    import av  # noqa: PLC0415 - 60 ms

    options = write_options(extension)
    with (
        opened(path) as given,
        av.open(str(written), "w", format=MUXERS[extension], options=options) as target,
    ):
        _copy_all(given, target, extension, entries)


def _copy_all(
    given: "InputContainer", target: "OutputContainer", extension: str, entries: dict[str, str]
) -> None:
    tracks = [*given.streams.video, *given.streams.audio, *given.streams.subtitles]
    if not tracks:
        raise StepError("media.unreadable", "it has no track")
    target.metadata.update({**given.metadata, **entries})
    copy_packets(given, target, tracks, on_each=entries if extension in ON_THE_STREAM else {})

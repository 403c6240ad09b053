"""The same content in another format of its medium."""

import shutil
from pathlib import Path

from aipipe.contracts.media import AUDIO, IMAGE, KINDS, SUBTITLES, TEXT, VIDEO, Medium
from aipipe.errors import StepError
from aipipe.media import cues, pictures, reencode
from aipipe.media.probe import identify

SPELLINGS = {"jpeg": "jpg", "opus": "ogg", "md": "txt"}
"""Extensions of one format: going from one to the other is copying."""


def convert(source: Path, medium: Medium, target: Path) -> None:
    """Write `source`, which holds `medium`, to `target` in the format of the target's extension.

    The same format is copied byte by byte.

    Raises:
        StepError: `media.cannot_convert`, when the medium has no such format.
    """
    wanted = target.suffix.removeprefix(".").lower()
    found = identify(source) or source.suffix.removeprefix(".").lower()
    if wanted not in _formats(medium):
        raise _cannot(medium, found, wanted)
    if SPELLINGS.get(found, found) == SPELLINGS.get(wanted, wanted) or medium == TEXT:
        shutil.copyfile(source, target)
        return
    match medium:
        case "image":
            pictures.rewrite(source, target)
        case "audio":
            reencode.sound(source, target)
        case "video":
            reencode.video(source, target)
        case "subtitles":
            target.write_text(cues.rewritten(source.read_text("utf-8-sig"), wanted), "utf-8")
        case _:
            raise _cannot(medium, found, wanted)


def _formats(medium: Medium) -> tuple[str, ...]:
    return next((tuple(kind.formats) for kind in KINDS if kind.name == medium), ())


def _cannot(medium: Medium, found: str, wanted: str) -> StepError:
    known = ", ".join(f"'.{name}'" for name in _convertible(medium, found))
    return StepError(
        "media.cannot_convert",
        f"a file of format '{found}' can't be written as '{wanted}'",
        hint=f"end the name of the output file in {known}",
    )


def _convertible(medium: Medium, found: str) -> tuple[str, ...]:
    """What a file of this medium and format can be written as."""
    return _formats(medium) if medium in (IMAGE, AUDIO, VIDEO, SUBTITLES, TEXT) else (found,)

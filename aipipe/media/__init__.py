"""Pictures, sound, video and subtitles: made, read, changed; the only user of their libraries.

`media.poster` imports that module when it is first used: plug-ins are found at every start of
the program, and most starts make nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aipipe.media import (
        arrange as arrange,
    )
    from aipipe.media import (
        audio_files as audio_files,
    )
    from aipipe.media import (
        audio_fit as audio_fit,
    )
    from aipipe.media import (
        audio_join as audio_join,
    )
    from aipipe.media import (
        audio_level as audio_level,
    )
    from aipipe.media import (
        audio_mixer as audio_mixer,
    )
    from aipipe.media import (
        audio_segments as audio_segments,
    )
    from aipipe.media import (
        audio_track as audio_track,
    )
    from aipipe.media import (
        clips as clips,
    )
    from aipipe.media import (
        cues as cues,
    )
    from aipipe.media import (
        cuts as cuts,
    )
    from aipipe.media import (
        film_choosing as film_choosing,
    )
    from aipipe.media import (
        film_facts as film_facts,
    )
    from aipipe.media import (
        film_frames as film_frames,
    )
    from aipipe.media import (
        film_joining as film_joining,
    )
    from aipipe.media import (
        film_merging as film_merging,
    )
    from aipipe.media import (
        film_parts as film_parts,
    )
    from aipipe.media import (
        film_stacking as film_stacking,
    )
    from aipipe.media import (
        film_stills as film_stills,
    )
    from aipipe.media import (
        film_writing as film_writing,
    )
    from aipipe.media import (
        filming as filming,
    )
    from aipipe.media import (
        grades as grades,
    )
    from aipipe.media import (
        heard as heard,
    )
    from aipipe.media import (
        look as look,
    )
    from aipipe.media import (
        merits as merits,
    )
    from aipipe.media import (
        palettes as palettes,
    )
    from aipipe.media import (
        pictures as pictures,
    )
    from aipipe.media import (
        poster as poster,
    )
    from aipipe.media import (
        reencode as reencode,
    )
    from aipipe.media import (
        sentences as sentences,
    )
    from aipipe.media import (
        sheets as sheets,
    )
    from aipipe.media import (
        slide_pairs as slide_pairs,
    )
    from aipipe.media import (
        slides as slides,
    )
    from aipipe.media import (
        speech as speech,
    )
    from aipipe.media import (
        subtitles as subtitles,
    )
    from aipipe.media import (
        tracks as tracks,
    )
    from aipipe.media import (
        unfinished as unfinished,
    )
    from aipipe.media import (
        video_segments as video_segments,
    )
    from aipipe.media import (
        wording as wording,
    )


def __getattr__(name: str) -> Any:
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'") from error

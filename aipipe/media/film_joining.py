"""Videos one after the other as one film, pictures and sound."""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate, pairwise

from aipipe.media import film_sound, shots
from aipipe.media.film_facts import Facts, common_sound
from aipipe.media.film_frames import Look, frames_of
from aipipe.media.film_writing import Film, Track
from aipipe.media.shots import Shot


def film(parts: Sequence[Facts], look: Look, crossfade: int) -> Film:
    """All parts in order; each blends into the next for `crossfade` frames, if they are that long.

    Where any part has sound, the silent ones get silence; where none has, there is no sound track.
    """
    frames = [max(round(part.seconds * look.rate), 1) for part in parts]
    shared = shots.overlaps(frames, crossfade)
    pieces = [
        Shot(frames=number, opened=partial(frames_of, part, look))
        for number, part in zip(frames, parts, strict=True)
    ]
    return Film(
        size=look.size,
        rate=look.rate,
        frames=sum(frames) - sum(shared),
        pictures=shots.joined(pieces, shared),
        track=_track(parts, look, frames, shared),
    )


def _track(
    parts: Sequence[Facts], look: Look, frames: Sequence[int], shared: Sequence[int]
) -> Track | None:
    sound = common_sound(parts)
    if sound is None:
        return None
    # Where each part begins, in samples of the whole: rounding must not add up.
    begins = [0, *accumulate(n - s for n, s in zip(frames, [*shared, 0], strict=True))]
    per_frame = sound.rate / look.rate
    common = [round(number * per_frame) for number in shared]
    lengths = [
        round(stop * per_frame) - round(start * per_frame) + also
        for (start, stop), also in zip(pairwise(begins), [*common, 0], strict=True)
    ]
    pieces = [
        film_sound.piece_of(part, sound, samples)
        for part, samples in zip(parts, lengths, strict=True)
    ]
    return Track(sound=sound, blocks=film_sound.joined(pieces, common, sound))

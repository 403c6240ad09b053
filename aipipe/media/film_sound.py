"""The sound of films: as long as the pictures, blended where they are, silent where they are."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from aipipe.media.audio import Sound, exactly, samples_of, silence
from aipipe.media.film_facts import Facts
from aipipe.media.parts import naming


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of sound: how many samples it has, and how to get them once it is its turn."""

    samples: int
    opened: Callable[[], Iterator[bytes]]


def piece_of(part: Facts, sound: Sound, samples: int) -> Piece:
    """The sound of a video, exactly so many samples long; silence where it has none."""
    return Piece(samples=samples, opened=lambda: exactly(samples, heard_in(part, sound), sound))


def heard_in(part: Facts, sound: Sound) -> Iterator[bytes]:
    """The sound of a video from its beginning on; nothing where it has none.

    Raises:
        StepError: `media.unreadable`, with the part's name.
    """
    if part.sound is None:
        return
    with naming(part.name):
        yield from silence(round(part.delay * sound.rate), sound)
        yield from samples_of(part.path, sound)


def joined(pieces: Sequence[Piece], shared: Sequence[int], sound: Sound) -> Iterator[bytes]:
    """All pieces in order; `shared` samples of two neighbours go over into each other."""
    coming = _Reader(pieces[0].opened(), sound)
    begun = 0
    for piece, common, following in zip(pieces, shared, pieces[1:], strict=False):
        yield from coming.take(piece.samples - begun - common)
        leaving, coming = coming, _Reader(following.opened(), sound)
        if common:
            tail, head = (b"".join(each.take(common)) for each in (leaving, coming))
            yield crossed(tail, head, sound)
        begun = common
    yield from coming.rest()


def crossed(tail: bytes, head: bytes, sound: Sound) -> bytes:
    """Two sounds of one length: the one gets quieter as the other gets louder."""
    steps = len(tail) // sound.width
    pairs = zip(array("h", tail), array("h", head), strict=True)
    shares = (place // sound.channels / steps for place in range(steps * sound.channels))
    mixed = (int(a + (b - a) * share) for (a, b), share in zip(pairs, shares, strict=True))
    return array("h", mixed).tobytes()


class _Reader:
    """Blocks of a sound, taken by numbers of samples."""

    def __init__(self, blocks: Iterable[bytes], sound: Sound) -> None:
        self._blocks = iter(blocks)
        self._width = sound.width
        self._left = b""

    def take(self, samples: int) -> Iterator[bytes]:
        """The next so many samples."""
        wanted = samples * self._width
        while wanted and (block := self._left or next(self._blocks, b"")):
            yield block[:wanted]
            self._left = block[wanted:]
            wanted -= min(wanted, len(block))

    def rest(self) -> Iterator[bytes]:
        """All that is left."""
        yield self._left
        yield from self._blocks

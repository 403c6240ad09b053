"""Sounds one after the other: at once, after a silence, or one fading into the next."""

from collections.abc import Generator, Iterable, Iterator
from itertools import chain

from aipipe.media.audio import BLOCK, Sound, silence
from aipipe.media.audio_graph import carried, filtered
from aipipe.media.audio_mixer import summed
from aipipe.media.audio_reader import Reader, abreast


def joined(sounds: Iterable[Iterator[bytes]], sound: Sound, gap: float) -> Iterator[bytes]:
    """All of them, with `gap` seconds of silence between."""
    for place, blocks in enumerate(sounds):
        if place:
            yield from silence(round(gap * sound.rate), sound)
        yield from blocks


def crossfaded(sounds: Iterable[Iterator[bytes]], sound: Sound, seconds: float) -> Iterator[bytes]:
    """All of them, each fading into the next for so long, at most half of the shorter one."""
    most = round(seconds * sound.rate)
    last, limit = b"", 0
    for blocks in sounds:
        reader = Reader(blocks, sound)
        head = reader.take(2 * most)
        shared = min(limit, len(head) // sound.width // 2) * sound.width
        if last:
            yield last[: len(last) - shared]
            yield from crossed(last[len(last) - shared :], head[:shared], sound)
        rest = chain((head[shared:],), reader.rest())
        passed, last = yield from _all_but(most * sound.width, rest)
        whole = (shared + passed + len(last)) // sound.width
        limit = min(most, whole // 2)
    yield last


def _all_but(size: int, blocks: Iterable[bytes]) -> Generator[bytes, None, tuple[int, bytes]]:
    """A sound without its last so many bytes; how many were passed on, and the rest."""
    held, passed = bytearray(), 0
    for block in blocks:
        held += block
        if (ready := len(held) - size) > 0:
            yield bytes(held[:ready])
            del held[:ready]
            passed += ready
    return passed, bytes(held)


def faded_out(blocks: Iterable[bytes], sound: Sound, seconds: float) -> Iterator[bytes]:
    """The same sound, going out over its last seconds."""
    size = round(seconds * sound.rate) * sound.width
    _, last = yield from _all_but(size, blocks)
    if last:
        yield from _shaped(last, sound)


def _shaped(last: bytes, sound: Sound) -> Iterator[bytes]:
    samples = len(last) // sound.width
    yield from filtered(_cut(last, sound), sound, [("afade", f"t=out:ss=0:ns={samples}")])


def crossed(out: bytes, into: bytes, sound: Sound) -> Iterator[bytes]:
    """Two pieces of one length, the first going out while the second comes in."""
    if not out:
        return
    samples = len(out) // sound.width
    shapes = [[("afade", f"t={way}:ss=0:ns={samples}")] for way in ("out", "in")]
    rows = abreast([_cut(out, sound), _cut(into, sound)], sound, "first")
    yield from carried(rows, sound, summed(sound, shapes))


def _cut(piece: bytes, sound: Sound) -> Iterator[bytes]:
    size = BLOCK * sound.width
    return (piece[at : at + size] for at in range(0, len(piece), size))

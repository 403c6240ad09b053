"""Sound made slower without making it deeper."""

from collections.abc import Iterable, Iterator

from aipipe.media.audio import Sound
from aipipe.media.audio_graph import filtered


def slowed(blocks: Iterable[bytes], sound: Sound, tempo: float) -> Iterator[bytes]:
    """The same sound at `tempo` (0.5 to 1) times its speed; at 1 it is left as it is."""
    if tempo == 1:
        yield from blocks
        return
    yield from filtered(blocks, sound, [("atempo", f"{tempo:.6f}")])

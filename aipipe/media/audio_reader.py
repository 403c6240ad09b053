"""Sound read in lengths that the reader chooses, and several sounds read abreast."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from aipipe.media.audio import BLOCK, Sound


@dataclass(slots=True)
class Reader:
    """Blocks of any size, taken in any other."""

    blocks: Iterator[bytes]
    sound: Sound
    at: int = field(default=0, init=False)
    """Samples taken so far."""
    _held: bytearray = field(default_factory=bytearray, init=False)

    def take(self, samples: int) -> bytes:
        """The next so many samples; fewer only at the end."""
        size = samples * self.sound.width
        self._fill(size)
        taken = bytes(self._held[:size])
        del self._held[:size]
        self.at += len(taken) // self.sound.width
        return taken

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        self._fill(1)
        return not self._held

    def rest(self) -> Iterator[bytes]:
        """All that is left, block by block."""
        while block := self.take(BLOCK):
            yield block

    def _fill(self, size: int) -> None:
        while len(self._held) < size and (block := next(self.blocks, None)) is not None:
            self._held += block


def abreast(
    sounds: Sequence[Iterable[bytes]], sound: Sound, until: str
) -> Iterator[tuple[bytes, ...]]:
    """Blocks of the same instant of each sound, all of one size; silence where one is over.

    They end with the `longest`, the `shortest` or the `first` of them.
    """
    readers = [Reader(iter(blocks), sound) for blocks in sounds]
    whole = BLOCK * sound.width
    while True:
        row = [reader.take(BLOCK) for reader in readers]
        size = _size([len(block) for block in row], until)
        if size:
            yield tuple(block[:size].ljust(size, b"\0") for block in row)
        if size < whole:
            return


def _size(sizes: Sequence[int], until: str) -> int:
    if until == "first":
        return sizes[0]
    return max(sizes) if until == "longest" else min(sizes)

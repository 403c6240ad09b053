"""A sound that takes part in a merge: read as any other, and named where it can't be read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aipipe.contracts.tools import Sink
from aipipe.errors import StepError
from aipipe.media.audio import Sound, common_of, samples_of, sound_of
from aipipe.media.containers import opened
from aipipe.media.parts import Part, name_of, naming, path_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A file with sound, and what to call it: `part 2 ('bella')`."""

    name: str
    path: Path

    def layout(self) -> Sound:
        """How its sound is laid out.

        Raises:
            StepError: `media.unreadable`, `media.no_sound`, with the part's name.
        """
        with naming(self.name):
            return sound_of(self.path)

    def samples(self, sound: Sound) -> Iterator[bytes]:
        """Its sound in blocks, laid out as `sound`.

        Raises:
            StepError: `media.unreadable`, `media.no_sound`, with the part's name.
        """
        empty = True
        with naming(self.name):
            for block in samples_of(self.path, sound):
                empty = empty and not block
                yield block
            if empty:
                raise StepError("media.unreadable", "no sound in the file can be decoded")

    def sounding(self, sound: Sound) -> Callable[[], Iterator[bytes]]:
        """Its sound, as often as it is asked for."""
        return lambda: self.samples(sound)


def has_sound(path: Path) -> bool:
    """Whether a video has a sound track."""
    with opened(path) as container:
        return bool(container.streams.audio)


def all_heard(parts: Sequence[Part], sink: Sink) -> tuple[Heard, ...]:
    """The parts of a merge as sounds, in the order written."""
    return tuple(
        Heard(name=name_of(part, number), path=path_of(part, sink))
        for number, part in enumerate(parts, start=1)
    )


def common(sounds: Sequence[Heard]) -> Sound:
    """A layout in which none of the sounds loses anything that can be heard."""
    return common_of([each.layout() for each in sounds])

"""Sound through the filters of FFmpeg, block by block."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from aipipe.media.audio import Sound, content, frames_from

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.filter import Graph

Filter: TypeAlias = tuple[str, str]
"""A filter's name and its options, as FFmpeg writes them."""
SAMPLES: Filter = ("aformat", "sample_fmts=s16")
PRECISE: Filter = ("aformat", "sample_fmts=flt")
LOUDEST = 0.891
"""The largest sample that a limiter lets through: 1 dB below full loudness."""
LIMITER: Filter = ("alimiter", f"limit={LOUDEST}:level=0:latency=1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A graph of filters that is ready; its nodes do not keep it alive."""

    graph: "Graph"
    sources: tuple[Any, ...]
    sink: Any


def filtered(blocks: Iterable[bytes], sound: Sound, filters: Sequence[Filter]) -> Iterator[bytes]:
    """The same sound after these filters, one after the other."""
    alone = ((block,) for block in blocks)
    yield from carried(alone, sound, through(sound, filters))


def through(sound: Sound, filters: Sequence[Filter]) -> Desk:
    """A desk of filters in a row."""
    from av.filter import Graph  # noqa: PLC0415 - heavy

    graph = Graph()
    nodes = [source(graph, sound), *(graph.add(*each) for each in (*filters, SAMPLES))]
    sink = graph.add("abuffersink")
    graph.link_nodes(*nodes, sink).configure()
    return Desk(graph=graph, sources=(nodes[0],), sink=sink)


def source(graph: "Graph", sound: Sound) -> Any:
    """A new node that takes sound laid out as `sound`."""
    return graph.add_abuffer(
        format="s16", sample_rate=sound.rate, layout=sound.layout, channels=sound.channels
    )


def carried(rows: Iterable[Sequence[bytes]], sound: Sound, desk: Desk) -> Iterator[bytes]:
    """What a desk makes of rows of blocks, one block for each of its sources."""
    for frame in frames(rows, sound, desk):
        yield content(frame, sound)


def frames(rows: Iterable[Sequence[bytes]], sound: Sound, desk: Desk) -> "Iterator[AudioFrame]":
    """The same as frames, with what filters have noted on them."""
    done = 0
    for row in rows:
        for node, block in zip(desk.sources, row, strict=True):
            for frame in frames_from((block,), sound):
                frame.pts = done
                node.push(frame)
        done += len(row[0]) // sound.width
        yield from _ready(desk.sink)
    for node in desk.sources:
        node.push(None)
    yield from _ready(desk.sink)


def _ready(sink: Any) -> "Iterator[AudioFrame]":
    """What is finished; the sink says by raising that it wants more, or that it ended."""
    while True:
        try:
            frame = sink.pull()
        except (BlockingIOError, EOFError):
            return
        yield frame

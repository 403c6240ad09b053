"""Sound made slower without making it deeper."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from aipipe.media.audio import Sound, content, frames_from

if TYPE_CHECKING:
    from av.filter import Graph


def slowed(blocks: Iterable[bytes], sound: Sound, tempo: float) -> Iterator[bytes]:
    """The same sound at `tempo` (0.5 to 1) times its speed; at 1 it is left as it is."""
    if tempo == 1:
        yield from blocks
        return
    graph = _graph(sound, tempo)
    done = 0
    for frame in frames_from(blocks, sound):
        frame.pts, done = done, done + frame.samples
        graph.push(frame)
        yield from _ready(graph, sound)
    graph.push(None)
    yield from _ready(graph, sound)


def _graph(sound: Sound, tempo: float) -> "Graph":
    from av.filter import Graph  # noqa: PLC0415 - heavy

    graph = Graph()
    source = graph.add_abuffer(
        format="s16", sample_rate=sound.rate, layout=sound.layout, channels=sound.channels
    )
    filters = [graph.add("atempo", f"{tempo:.6f}"), graph.add("aformat", "sample_fmts=s16")]
    graph.link_nodes(source, *filters, graph.add("abuffersink")).configure()
    return graph


def _ready(graph: "Graph", sound: Sound) -> Iterator[bytes]:
    """What the graph has finished; it says by raising that it wants more, or that it ended."""
    while True:
        try:
            frame: Any = graph.pull()
        except (BlockingIOError, EOFError):
            return
        yield content(frame, sound)

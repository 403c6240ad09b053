"""Several sounds at the same time as one, quieter where they would be too loud together."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from aipipe.media.audio import Sound, content, frames_from

if TYPE_CHECKING:
    from av.filter import Graph
    from av.filter.context import FilterContext

RAMP = 0.95
"""Of full loudness: what the sum is held below."""


def mixed(sounds: Sequence[Iterator[bytes]], sound: Sound) -> Iterator[bytes]:
    """The sum of sounds that are laid out alike and equally long, block by block."""
    graph, feeds = _graph(len(sounds), sound)
    done = [0] * len(sounds)
    streams = [frames_from(blocks, sound) for blocks in sounds]
    left = set(range(len(sounds)))
    while left:
        place = min(left, key=lambda number: done[number])  # the one that is furthest behind
        frame = next(streams[place], None)
        if frame is None:
            left.discard(place)
        else:
            frame.pts = done[place]
            done[place] += frame.samples
        feeds[place].push(frame)
        yield from _pulled(graph, sound)


def _graph(count: int, sound: Sound) -> "tuple[Graph, list[FilterContext]]":
    from av.filter import Graph  # noqa: PLC0415 - heavy

    graph = Graph()
    steps = (
        ("amix", f"inputs={count}:duration=longest:normalize=0"),
        ("alimiter", f"limit={RAMP}:level=0:latency=1"),
        ("aformat", f"sample_fmts=s16:sample_rates={sound.rate}:channel_layouts={sound.layout}"),
    )
    nodes = [graph.add(*step) for step in steps]
    feeds = []
    for number in range(count):
        feed = graph.add_abuffer(sample_rate=sound.rate, format="s16", layout=sound.layout)
        feed.link_to(nodes[0], 0, number)
        feeds.append(feed)
    graph.link_nodes(*nodes, graph.add("abuffersink")).configure()
    return graph, feeds


def _pulled(graph: "Graph", sound: Sound) -> Iterator[bytes]:
    import av  # noqa: PLC0415 - heavy

    while True:
        try:
            ready: Any = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        yield content(ready, sound)

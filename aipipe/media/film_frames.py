"""The pictures of any video file as frames of one size, rate and format."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from aipipe.media.containers import opened
from aipipe.media.film_facts import Facts
from aipipe.media.parts import naming
from aipipe.media.reencode import TURNS

if TYPE_CHECKING:
    from av import VideoFrame
    from av.filter import Graph
    from av.video.stream import VideoStream

HIGH_DEFINITION = 720
"""Lines from which on colours are Rec. 709 where a file does not say."""
UNSPECIFIED = 2
EDGE = 2
"""Pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What frames are to be: even pixels, pictures a second, what is seen around a picture."""

    size: tuple[int, int]
    rate: Fraction
    background: str = "black"
    """As Pillow writes it: a name, or `#rrggbb`."""


def frames_of(part: Facts, look: Look) -> "Iterator[VideoFrame]":
    """All pictures of a video: whole, upright, in the middle of the frame, evenly in time.

    Raises:
        StepError: `media.unreadable`, with the part's name.
    """
    with naming(part.name), opened(part.path) as given:
        track = given.streams.video[0]
        track.thread_type = "AUTO"
        graph = _graph(track, part, look)
        start = round(part.start / track.time_base) if track.time_base else 0
        for frame in given.decode(track):
            if frame.pts is None:
                continue
            frame.pts -= start
            graph.vpush(frame)
            yield from pulled(graph)
        graph.vpush(None)
        yield from pulled(graph)


def pulled(graph: "Graph") -> "Iterator[VideoFrame]":
    """The frames that are ready."""
    import av  # noqa: PLC0415 - 60 ms

    while True:
        try:
            ready = graph.vpull()
        except (av.BlockingIOError, av.EOFError):
            return
        ready.pict_type = 0  # the source's own would force the encoder's hand
        yield ready


def fitted(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
    """The largest even size of a shape that fits into a room of even sides, or nearly fills it.

    >>> fitted((1000, 1000), (640, 360)), fitted((641, 361), (640, 360))
    ((360, 360), (640, 360))
    """
    share = min(room[0] / size[0], room[1] / size[1])
    width, height = (max(round(side * share / 2) * 2, 2) for side in size)
    return _snapped(width, room[0]), _snapped(height, room[1])


def _snapped(side: int, room: int) -> int:
    """A side that lacks a line or two gets them: no thin black edge."""
    return room if room - side <= EDGE else side


def _graph(track: "VideoStream", part: Facts, look: Look) -> "Graph":
    import av  # noqa: PLC0415 - 60 ms

    evenly = f"fps={look.rate}:start_time=0"
    shaped = [*_turned(part), _scaled(track, part, look), *_padded(part, look), "setsar=1"]
    # What is dropped need not be scaled, what is repeated is scaled once.
    steps = [evenly, *shaped] if part.rate > look.rate else [*shaped, evenly]
    graph = av.filter.Graph()
    nodes = [graph.add_buffer(template=track)]
    nodes += [graph.add(*step.split("=", 1)) for step in (*steps, "format=yuv420p")]
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return graph


def _turned(part: Facts) -> list[str]:
    return TURNS[part.turn].split(",") if part.turn else []


def _scaled(track: "VideoStream", part: Facts, look: Look) -> str:
    width, height = fitted(part.size, look.size)
    untold = track.codec_context.colorspace == UNSPECIFIED
    told = ":in_color_matrix=bt709" if untold and part.height >= HIGH_DEFINITION else ""
    return f"scale={width}:{height}:flags=bicubic{told}:out_color_matrix=bt709:out_range=tv"


def _padded(part: Facts, look: Look) -> list[str]:
    inside, (width, height) = fitted(part.size, look.size), look.size
    if inside == look.size:
        return []
    left, top = ((whole - own) // 4 * 2 for whole, own in zip(look.size, inside, strict=True))
    return [f"pad={width}:{height}:{left}:{top}:color={look.background}"]

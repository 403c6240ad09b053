"""Videos beside each other in one film, each with its caption, over one still background."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from aipipe.media import film_captions, planes, shots
from aipipe.media.arrange import Arrangement, Box
from aipipe.media.film_facts import Facts
from aipipe.media.film_frames import Look, fitted, frames_of, pulled
from aipipe.media.shots import Shot

if TYPE_CHECKING:
    from av import VideoFrame
    from av.filter import Graph
    from av.filter.context import FilterContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What is to be seen at one time: a video for each place, and what to write below it."""

    parts: Sequence[Facts]
    captions: Sequence[str]
    """One for each; empty: none."""
    arrangement: Arrangement
    rate: Fraction
    frames: int


def even(arrangement: Arrangement) -> Arrangement:
    """The same with even sides and places, as 4:2:0 needs them."""
    width, height = (max(side // 2 * 2, 2) for side in arrangement.size)
    places = tuple(_even(box) for box in arrangement.places)
    return replace(arrangement, size=(width, height), places=places)


def pictures(stack: Stack) -> "Iterator[VideoFrame]":
    """The frames of the whole; a video that ends too early stays on its last picture.

    Raises:
        StepError: `media.unreadable`, with the part's name.
    """
    graph, feeds = _graph(stack)
    views = [_view(stack, place) for place in range(len(stack.parts))]
    still = _still(stack)
    for number, seen in enumerate(zip(*views, strict=True)):
        for feed, frame in zip(feeds, (still, *seen), strict=True):
            frame.pts, frame.time_base = number, 1 / stack.rate
            feed.push(frame)
        yield from pulled(graph)


def _even(box: Box) -> Box:
    left, top, right, bottom = (side // 2 * 2 for side in box)  # neighbours still touch
    return left, top, max(right, left + 2), max(bottom, top + 2)


def _view(stack: Stack, place: int) -> "Iterator[VideoFrame]":
    part, size = stack.parts[place], _inside(stack, place)[1]
    opened = partial(frames_of, part, Look(size=size, rate=stack.rate))
    return shots.held(Shot(frames=stack.frames, opened=opened))


def _inside(stack: Stack, place: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where a video's upper left corner is, in the middle of its place, and its size."""
    left, top, right, bottom = stack.arrangement.places[place]
    room = (right - left, bottom - top)
    width, height = fitted(stack.parts[place].size, room)
    return (left + (room[0] - width) // 4 * 2, top + (room[1] - height) // 4 * 2), (width, height)


def _still(stack: Stack) -> "VideoFrame":
    """The background with all captions."""
    paper = film_captions.written(stack.arrangement, stack.captions)
    whole = (0.0, 0.0, float(paper.width), float(paper.height))
    return planes.view(planes.planes_of(paper), whole, stack.arrangement.size, None)


def _graph(stack: Stack) -> "tuple[Graph, list[FilterContext]]":
    """What lays the videos over the background, and where to push each of them, it first."""
    import av  # noqa: PLC0415 - 60 ms

    inside = [_inside(stack, place) for place in range(len(stack.parts))]
    sizes = [stack.arrangement.size, *(size for _, size in inside)]
    corners = [(0, 0), *(corner for corner, _ in inside)]
    graph = av.filter.Graph()
    layout = "|".join(f"{x}_{y}" for x, y in corners)
    # Threads would lay all inputs at the same time, the background over a video among them.
    laid = graph.add("xstack", f"inputs={len(sizes)}:layout={layout}:threads=1")
    feeds, form = [], av.VideoFormat("yuv420p")
    for number, (width, height) in enumerate(sizes):
        feed = graph.add_buffer(width=width, height=height, format=form, time_base=1 / stack.rate)
        feed.link_to(laid, 0, number)
        feeds.append(feed)
    laid.link_to(graph.add("buffersink"))
    graph.configure()
    return graph, feeds

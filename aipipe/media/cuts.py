"""Where a sound or a video is cut: at pauses, or where another scene begins; seconds."""

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipipe.errors import StepError
from aipipe.media.audio import Sound, samples_of
from aipipe.media.audio_files import stop_if, until
from aipipe.media.audio_reader import Reader
from aipipe.media.containers import opened

if TYPE_CHECKING:
    from av.filter import Graph
    from av.video.stream import VideoStream

LISTENED = Sound(rate=8000)
WINDOW = 80
"""Samples of what is listened to that are judged together: 10 ms."""
MOMENT = 0.1
"""Seconds that are no part of their own: what encoders add to the end."""
SEEN_WIDTH = 160
"""Pixels that are enough to tell scenes apart."""


def pauses(
    path: Path, loudest: float, least: float, cancelled: Callable[[], bool]
) -> Iterator[float]:
    """The middle of each pause within a sound: at most `loudest` dB for `least` seconds."""
    limit, begun, at = 32_768 * 10 ** (loudest / 20), 0, 0
    reader = Reader(until(cancelled, samples_of(path, LISTENED)), LISTENED)
    while window := memoryview(reader.take(WINDOW)).cast("h"):
        if max(window) > limit or min(window) < -limit:
            if begun and at - begun >= least * LISTENED.rate:
                yield (begun + at) / 2 / LISTENED.rate
            begun = at + len(window)
        at += len(window)


def scenes(path: Path, change: float, cancelled: Callable[[], bool]) -> Iterator[float]:
    """The beginning of each scene but the first: pictures that differ by `change` (0 to 1)."""
    with opened(path) as container:
        source = container.streams.video[0]
        source.thread_type = "AUTO"
        graph = _scene_graph(source, change)
        first: float | None = None
        for frame in container.decode(source):
            stop_if(cancelled)
            first = frame.time or 0.0 if first is None else first
            graph.vpush(frame)
            yield from (time - first for time in _times(graph) if time > first)


def _scene_graph(source: "VideoStream", change: float) -> "Graph":
    from av.filter import Graph  # noqa: PLC0415 - heavy

    graph = Graph()
    nodes = [
        graph.add_buffer(template=source),
        graph.add("scale", f"{SEEN_WIDTH}:-2:flags=fast_bilinear"),
        graph.add("select", f"gt(scene,{change:.4f})"),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    return graph


def _times(graph: "Graph") -> Iterator[float]:
    while True:
        try:
            frame: Any = graph.vpull()
        except (BlockingIOError, EOFError):
            return
        yield frame.time or 0.0


def every(seconds: float) -> Iterator[float]:
    """One length after another, without end."""
    number = 0
    while True:
        number += 1
        yield number * seconds


def apart(cuts: Iterable[float], shortest: float) -> Iterator[float]:
    """Those cuts that leave parts at least so long."""
    last = 0.0
    for cut in cuts:
        if cut - last >= shortest:
            yield cut
            last = cut


def label(start: float, end: float) -> str:
    """From when to when a part goes.

    >>> label(0, 10), label(65.5, 3725.25)
    ('0:00-0:10', '1:05.5-1:02:05.25')
    """
    return f"{_clock(start)}-{_clock(end)}"


def _clock(seconds: float) -> str:
    whole, rest = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    shown = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{shown}.{rest:03}".rstrip("0") if rest else shown


def within(cuts: Iterable[float], seconds: float, most: int) -> Iterator[float]:
    """Those cuts after which more than a moment is left of so many seconds.

    Raises:
        StepError: `split.too_many`, when they make more than `most` parts.
    """
    for number, cut in enumerate(takewhile(lambda at: at < seconds - MOMENT, cuts), start=2):
        if number > most:
            raise StepError("split.too_many", f"more than {most} parts", hint="choose longer ones")
        yield cut

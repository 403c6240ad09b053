"""Sounds at the same time: each as loud as asked for, the others sinking while the main speaks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aipipe.media.audio import Sound
from aipipe.media.audio_graph import LIMITER, PRECISE, SAMPLES, Desk, Filter, carried, source
from aipipe.media.audio_reader import abreast

if TYPE_CHECKING:
    from av.filter import Graph

QUIET = 0.004
"""The share of full loudness (-48 dB) above which the main sound counts as heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How sounds are mixed; the first is the main one."""

    gains: tuple[float, ...]
    """dB of each."""
    duck: float = 0
    """dB by which the others sink while the main sound is heard."""
    until: str = "longest"
    """The sound that the mix ends with: `longest`, `first` or `shortest`."""


def mixed(sounds: Sequence[Iterable[bytes]], sound: Sound, mix: Mix) -> Iterator[bytes]:
    """All of them at once, each laid out as `sound`; nothing clips."""
    rows = abreast(sounds, sound, mix.until)
    shapes = [[PRECISE, ("volume", f"{gain:.3f}dB")] for gain in mix.gains]
    yield from carried(rows, sound, summed(sound, shapes, duck=mix.duck, after=(LIMITER,)))


def summed(
    sound: Sound,
    shapes: Sequence[Sequence[Filter]],
    *,
    duck: float = 0,
    after: Sequence[Filter] = (),
) -> Desk:
    """A desk that adds up its sources, each after filters of its own."""
    from av.filter import Graph  # noqa: PLC0415 - heavy

    graph = Graph()
    sources = [source(graph, sound) for _ in shapes]
    ends = [_row(graph, node, shape) for node, shape in zip(sources, shapes, strict=True)]
    if duck and len(ends) > 1:
        ends = _ducked(graph, ends[0], _sum(graph, ends[1:]), duck)
    sink = graph.add("abuffersink")
    _row(graph, _sum(graph, ends), (*after, SAMPLES)).link_to(sink)
    graph.configure()
    return Desk(graph=graph, sources=tuple(sources), sink=sink)


def _row(graph: "Graph", start: Any, filters: Sequence[Filter]) -> Any:
    """The last of filters in a row."""
    for name, options in filters:
        node = graph.add(name, options)
        start.link_to(node)
        start = node
    return start


def _sum(graph: "Graph", ends: Sequence[Any]) -> Any:
    if len(ends) == 1:
        return ends[0]
    adder = graph.add("amix", f"inputs={len(ends)}:normalize=0:duration=longest")
    for place, end in enumerate(ends):
        end.link_to(adder, 0, place)
    return adder


def _ducked(graph: "Graph", main: Any, others: Any, duck: float) -> list[Any]:
    """The main sound, and the others pressed down by it.

    A compressor that hears the main sound would silence them; as much of the others as is to
    stay is mixed in again.
    """
    both = graph.add("asplit", "2")
    main.link_to(both)
    pressed = 1 - 10 ** (-duck / 20)
    options = f"threshold={QUIET}:ratio=20:attack=20:release=400:mix={pressed:.4f}"
    compressor = graph.add("sidechaincompress", options)
    others.link_to(compressor, 0, 0)
    both.link_to(compressor, 1, 1)
    return [both, compressor]

"""What can be set in a graph of nodes, by name.

6.text, KSampler.seed, Title.text   an input of the node with that id, kind or title
Title                               the main input of the node that has that title
prompt, negative_prompt             the text that reaches a sampler as `positive` or `negative`
seed                                every seed
image, video, audio                 the file of the only node that loads one
count, guidance_scale, strength     `batch_size`, `guidance` or `cfg`, `denoise` of the only one
ckpt_name, sampler_name, width, …   an input of the only node that has it

A name that could mean two nodes means none. Facts of nodes: the source of ComfyUI (2025-10).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from aipipe.contracts.workflow import SEED, Place

Graph: TypeAlias = Mapping[str, Any]
"""Nodes by id, each a mapping with `class_type`, `inputs` and perhaps `_meta`."""

TEXTS: Final = ("text", "text_g", "text_l", "clip_l", "t5xxl", "prompt")
"""Inputs of nodes that read a text."""
_VALUES: Final = ("value", "string", *TEXTS, "int", "number")
"""Inputs of nodes that only hold a value for others."""
_MAIN: Final = ("text", "value", "string", "prompt", "image", "video", "audio", "file", SEED)
_SEEDS: Final = (SEED, "noise_seed")
_LOADERS: Final = {
    "image": (("LoadImage", "image"),),
    "video": (("LoadVideo", "file"), ("VHS_LoadVideo", "video")),
    "audio": (("LoadAudio", "audio"), ("VHS_LoadAudioUpload", "audio")),
}
"""Kinds of nodes that load a medium, and where each has the file's name."""
_OURS: Final = {
    "count": ("batch_size",),
    "guidance_scale": ("guidance", "cfg"),
    "strength": ("denoise",),
}
"""Our words that nodes spell otherwise, the first that there is."""


def nodes_in(graph: Graph) -> dict[str, str]:
    """Ids by what each node can be called: its id, and title and kind where no other has it."""
    called: dict[str, set[str]] = defaultdict(set)
    for name, node in graph.items():
        for each in (_title(node), node["class_type"]):
            called[each].add(name)
    alone = {each: next(iter(ids)) for each, ids in called.items() if each and len(ids) == 1}
    return {**alone, **{name: name for name in graph}}


def places_in(graph: Graph) -> dict[str, tuple[Place, ...]]:
    """What each name sets."""
    nodes = nodes_in(graph)
    words = dict(_words(graph))
    titled = {
        _title(node): found
        for name, node in graph.items()
        if nodes.get(_title(node)) == name and (found := _main(name, graph))
    }
    dotted = {
        f"{called}.{each}": ((name, each),)
        for called, name in nodes.items()
        for each in _own(graph[name])
    }
    return {**_alone(graph), **words, **titled, **dotted}


def _title(node: Mapping[str, Any]) -> str:
    return str(node.get("_meta", {}).get("title", ""))


def _own(node: Mapping[str, Any]) -> Iterator[str]:
    """The inputs that hold a value, and are no links to other nodes."""
    return (each for each, value in node["inputs"].items() if not isinstance(value, list))


def _alone(graph: Graph) -> dict[str, tuple[Place, ...]]:
    """Inputs that only one node has."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, node in graph.items():
        for each in _own(node):
            found[each].append(name)
    return {each: ((names[0], each),) for each, names in found.items() if len(names) == 1}


def _main(name: str, graph: Graph) -> tuple[Place, ...]:
    """What the title of a node sets."""
    own = list(_own(graph[name]))
    texts = tuple((name, each) for each in TEXTS if each in own)
    if texts:
        return texts
    known = [each for each in _MAIN if each in own] or (own if len(own) == 1 else [])
    return ((name, known[0]),) if known else ()


# --- our words


def _words(graph: Graph) -> Iterator[tuple[str, tuple[Place, ...]]]:
    prompt = _said(graph, "positive")
    negative = _said(graph, "negative")
    seeds = tuple(
        dict.fromkeys(
            place
            for name, node in graph.items()
            for each in _SEEDS
            if each in node["inputs"]
            for place in _value(graph, name, each)
        )
    )
    yield from ((word, found) for word, found in [("prompt", prompt), (SEED, seeds)] if found)
    if negative and not set(negative) & set(prompt):
        yield "negative_prompt", negative
    alone = _alone(graph)
    for word, spelt in _OURS.items():
        yield from ((word, alone[each]) for each in spelt[::-1] if each in alone)
    for medium, loaders in _LOADERS.items():
        files = [place for kind, each in loaders for place in _files(graph, kind, each)]
        if len(files) == 1:
            yield medium, (files[0],)


def _files(graph: Graph, kind: str, each: str) -> Iterator[Place]:
    for name, node in graph.items():
        if str(node["class_type"]).startswith(kind) and each in _own(node):
            yield name, each


def _said(graph: Graph, side: str) -> tuple[Place, ...]:
    """The texts of the only node whose text reaches the samplers from one side."""
    found: dict[Place, None] = {}
    for node in graph.values():
        for each, value in node["inputs"].items():
            is_guide = side == "positive" and each == "conditioning"
            starts = each == side or (is_guide and "Guider" in node["class_type"])
            if starts and (source := _linked(graph, value)) is not None:
                found.update(dict.fromkeys(_texts(graph, source, side, set())))
    return tuple(found) if len({name for name, _ in found}) == 1 else ()


def _texts(graph: Graph, name: str, side: str, seen: set[str]) -> Iterator[Place]:
    """The texts that a condition is made of, followed from node to node."""
    if name in seen:
        return
    seen.add(name)
    inputs = graph[name]["inputs"]
    own = [each for each in TEXTS if each in inputs]
    for each in own:
        yield from _value(graph, name, each)
    onwards = [side] if side in inputs else [e for e in inputs if e.startswith("conditioning")]
    for each in [] if own else onwards:
        if (source := _linked(graph, inputs[each])) is not None:
            yield from _texts(graph, source, side, seen)


def _value(graph: Graph, name: str, each: str) -> Iterator[Place]:
    """An input where it holds a value; where it is a link, the node that holds its value."""
    value = graph[name]["inputs"][each]
    if not isinstance(value, list):
        yield name, each
    elif (source := _linked(graph, value)) is not None:
        own = set(_own(graph[source]))
        yield from ((source, held) for held in (*_VALUES, *_SEEDS) if held in own)


def _linked(graph: Graph, value: Any) -> str | None:
    """The node that a link leads to."""
    is_link = isinstance(value, list) and bool(value) and str(value[0]) in graph
    return str(value[0]) if is_link else None

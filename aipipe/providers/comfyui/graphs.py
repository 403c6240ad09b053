"""A call's graph: the one of its file, with the call's values in their places."""

import copy
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.call import Call
from aipipe.contracts.tools import Tools
from aipipe.contracts.workflow import OUTPUT_NODE, SEED, SIDES, SIZES, Workflow
from aipipe.errors import StepError
from aipipe.media import sizes
from aipipe.providers.http import requests

MOST_SEED: Final = (1 << 31) - 1
_USUAL: Final = 1024
Graph: TypeAlias = dict[str, Any]
"""Nodes by id, each a mapping with `inputs`."""


def filled(
    workflow: Workflow, call: Call, tools: Tools, file: Callable[[ArtefactRef], str]
) -> Graph:
    """The graph to be sent: a derived seed, then parameters, inputs, and `raw` over all.

    Raises:
        StepError: `bad_parameter`, there is no place for a value. What `file` raises.
    """
    graph: Graph = copy.deepcopy(dict(workflow.graph))
    if SEED in workflow.places and call.params.get(SEED) is None:
        _put(graph, workflow, SEED, requests.seed_of(call, MOST_SEED))
    for word, value in {**_sides(workflow, call), **_plain(call)}.items():
        _put(graph, workflow, word, value)
    for slot, given in call.inputs.items():
        if given is not None and given != () and slot in workflow.places:
            _put(graph, workflow, slot, requests.input_of(_single(given, slot), tools, file))
    for word, value in call.raw.items():
        if word != OUTPUT_NODE:
            _put(graph, workflow, word, value)
    return graph


def id_of(workflow: Workflow, call: Call, tools: Tools) -> str:
    """The id that a call's job gets: the same for the same graph, files by their content."""
    graph = filled(workflow, call, tools, lambda artefact: artefact.sha256)
    told = [graph, str(call.raw.get(OUTPUT_NODE)), call.occurrence, call.generation]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))


def _plain(call: Call) -> dict[str, Json]:
    """The parameters that are values of nodes."""
    return {w: v for w, v in call.params.items() if v is not None and w not in SIZES}


def _sides(workflow: Workflow, call: Call) -> dict[str, Json]:
    """Width and height, where a parameter says them; what it leaves open, the file says."""
    if not any(call.params.get(word) is not None for word in SIZES):
        return {}
    own = [_side(workflow, side) for side in SIDES]
    try:
        found = sizes.of_picture(call, (own[0], own[1]))
    except StepError as error:
        raise StepError("bad_parameter", error.message) from error
    return dict(zip(SIDES, found, strict=True))


def _side(workflow: Workflow, side: str) -> int:
    for name, each in workflow.places.get(side, ()):
        node: Any = workflow.graph[name]
        if isinstance(node["inputs"][each], int):
            return int(node["inputs"][each])
    return _USUAL


def _single(given: Value, slot: str) -> Value:
    if not isinstance(given, tuple | list):
        return given
    files = [each for each in given if each is not None]
    if len(files) != 1:
        raise StepError("bad_parameter", f"the workflow takes one {slot}, not {len(files)}")
    return files[0]


def _put(graph: Graph, workflow: Workflow, word: str, value: Json) -> None:
    places = workflow.places.get(word)
    if not places:
        raise StepError("bad_parameter", f"the workflow has no place for '{word}'")
    for name, each in places:
        graph[name]["inputs"][each] = value

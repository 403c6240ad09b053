"""A workflow's file: the graph of nodes that ComfyUI's editor exports for its API."""

import json
from typing import Any, Final, NoReturn

from aipipe.contracts.artefact import Json
from aipipe.contracts.workflow import Workflow
from aipipe.language.graph_names import nodes_in, places_in

_EXPORT: Final = "export it in ComfyUI:  Workflow > Export (API)"
_MOST_NODES: Final = 5_000
_MOST_CHARACTERS: Final = 8_000_000


class NoWorkflowError(Exception):
    """A text that holds no graph; says why, and has a hint."""

    def __init__(self, why: str, hint: str = _EXPORT) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


def workflow_in(text: str) -> Workflow:
    """The graph in a file's text, with the names in it.

    Raises:
        NoWorkflowError: it holds none.
    """
    if len(text) > _MOST_CHARACTERS:
        raise NoWorkflowError(f"has more than {_MOST_CHARACTERS:,} characters")
    graph = _graph(_parsed(text))
    return Workflow(graph=graph, places=places_in(graph), nodes=nodes_in(graph))


def _parsed(text: str) -> Json:
    try:
        found: Json = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise NoWorkflowError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NoWorkflowError(f"is no JSON at {where}") from None
    except ValueError as error:
        raise NoWorkflowError(str(error)) from None
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"has '{word}', which is no number of JSON")


def _graph(found: Json) -> dict[str, Any]:
    if not isinstance(found, dict) or not found:
        raise NoWorkflowError("has no nodes by id")
    if isinstance(found.get("nodes"), list):
        raise NoWorkflowError("is a workflow as the editor saves it, not as the server takes it")
    if len(found) > _MOST_NODES:
        raise NoWorkflowError(f"has more than {_MOST_NODES:,} nodes")
    for name, node in found.items():
        if not _is_node(node):
            raise NoWorkflowError(f"has no node at '{name}': a 'class_type' and 'inputs' are one")
    return found


def _is_node(node: Json) -> bool:
    return (
        isinstance(node, dict)
        and isinstance(node.get("class_type"), str)
        and isinstance(node.get("inputs"), dict)
        and isinstance(node.get("_meta", {}), dict)
    )

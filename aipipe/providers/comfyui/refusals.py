"""How ComfyUI refuses a graph: `error`, and by node what is wrong with it (`node_errors`)."""

from collections.abc import Iterator, Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.providers.http import json_text
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.verdicts import Reply, Rules

_MOST_SAID: Final = 5


def _said(reply: Reply) -> str | None:
    try:
        told = json_text.parsed_object(reply.body)
    except UnreadableError:
        return None
    error, nodes = told.get("error"), told.get("node_errors")
    by_node = list(_by_node(nodes)) if isinstance(nodes, dict) else []
    words = by_node or ([_words(error)] if isinstance(error, dict) else [str(error or "")])
    return "; ".join(each for each in words[:_MOST_SAID] if each) or None


def _by_node(nodes: Mapping[str, Json]) -> Iterator[str]:
    for name, found in nodes.items():
        if isinstance(found, dict):
            for error in json_text.objects_in(found, "errors"):
                yield f"node '{name}' ({found.get('class_type')}): {_words(error)}"


def _words(error: Mapping[str, Json]) -> str:
    message, details = error.get("message"), error.get("details")
    return f"{message}: {details}" if message and details else str(message or details or "")


RULES: Final = Rules(said=_said)

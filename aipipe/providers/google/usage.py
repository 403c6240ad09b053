"""The tokens that an answer counts, by kind: `text_in`, `image_out`."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.contracts.media import Medium

Counts: TypeAlias = "dict[str, Json]"

ODD: Final = "odd"
"""A kind without a price: something was counted that can't be read, so there is no bill."""


def of_content(answer: Mapping[str, Json], medium: Medium) -> Counts:
    """Of an answer to `generateContent`. What no detail tells came in as text, out as `medium`."""
    told = answer.get("usageMetadata")
    if not isinstance(told, dict):
        return {}
    found: Counts = {}
    _count(found, "in", told.get("promptTokensDetails"), told.get("promptTokenCount"), "text")
    details, total = told.get("candidatesTokensDetails"), told.get("candidatesTokenCount")
    _count(found, "out", details, total, medium)
    _add(found, "text_out", told.get("thoughtsTokenCount"))
    _add(found, "text_in", told.get("toolUsePromptTokenCount"))
    return found


def of_interaction(answer: Mapping[str, Json]) -> Counts:
    """Of a job."""
    told = answer.get("usage")
    if not isinstance(told, dict):
        return {}
    found: Counts = {}
    sides = {"in": ("input", "text"), "out": ("output", "video")}
    for side, (name, usual) in sides.items():
        details = told.get(f"{name}_tokens_by_modality")
        _count(found, side, details, told.get(f"total_{name}_tokens"), usual)
    _add(found, "text_out", told.get("total_thought_tokens"))
    _add(found, "text_in", told.get("total_tool_use_tokens"))
    return found


def _count(found: Counts, side: str, details: Json, total: Json, usual: str) -> None:
    """Count each modality, and as `usual` what the total has beyond them."""
    seen = 0
    for each in details if isinstance(details, list) else []:
        if isinstance(each, dict):
            count = each.get("tokenCount", each.get("tokens"))
            _add(found, f"{str(each.get('modality')).lower()}_{side}", count)
            seen += count if isinstance(count, int) else 0
    _add(found, f"{usual}_{side}", max(total - seen, 0) if isinstance(total, int) else total)


def _add(found: Counts, kind: str, count: Json) -> None:
    if count is None:
        return
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        found[ODD] = 1
        return
    before = found.get(kind, 0)
    found[kind] = count + (before if isinstance(before, int) else 0)

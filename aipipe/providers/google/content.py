"""What an answer to `generateContent` has, or why it has nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Job
from aipipe.contracts.media import Medium
from aipipe.contracts.outcome import Problem
from aipipe.providers.http import json_text
from aipipe.providers.http.collecting import WORDS

REFUSED: Final = frozenset(
    {"SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION", "ESCALATION"}
    | {"IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"}
    | {"MODEL_ARMOR", "PUP_LIMITED_DISABLED"}
)
"""Reasons for an end by which the result was refused for what it is."""
LONGEST: Final = 300
"""Characters of the provider's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What was made, as base64, with its MIME type."""

    type: str
    content: str


def kept(result: Job) -> Mapping[str, Json]:
    """The raw answer that was kept.

    Raises:
        UnreadableError: it is no JSON object.
    """
    return json_text.parsed_object(Path(str(result.data["answer"])).read_bytes())


def text(answer: Mapping[str, Json]) -> str:
    """What was written, without what the model thought before."""
    said = (part.get("text") for part in _parts(answer))
    return "".join(each for each in said if isinstance(each, str))


def files(answer: Mapping[str, Json], medium: Medium) -> tuple[File, ...]:
    """The files of a medium."""
    found = (part.get("inlineData") for part in _parts(answer))
    told = [(each.get("mimeType"), each.get("data")) for each in found if isinstance(each, dict)]
    return tuple(
        File(type=kind, content=data)
        for kind, data in told
        if isinstance(kind, str)
        and kind.startswith(f"{medium}/")
        and isinstance(data, str)
        and data
    )


def problem(answer: Mapping[str, Json], medium: Medium) -> Problem | None:
    """Why there is nothing; None: there is something, or the answer does not say."""
    if text(answer) if medium in WORDS else files(answer, medium):
        return None
    feedback = answer.get("promptFeedback")
    blocked = feedback.get("blockReason") if isinstance(feedback, dict) else None
    if isinstance(blocked, str):
        message = f"the prompt was blocked: {blocked[:LONGEST]}"
        return Problem(code="refused.input", message=message)
    first = next(_candidates(answer), {})
    reason = first.get("finishReason")
    if not isinstance(reason, str):
        return None
    words = first.get("finishMessage") or text(answer)
    said = f": {words[:LONGEST]}" if isinstance(words, str) and words else ""
    code = "refused.output" if reason in REFUSED else "job_failed"
    return Problem(code=code, message=f"no {medium} was made ({reason[:LONGEST]}){said}")


def _candidates(answer: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    found = answer.get("candidates")
    return (each for each in (found if isinstance(found, list) else []) if isinstance(each, dict))


def _parts(answer: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The parts of the first candidate: no more than one is ever asked for."""
    inner = next(_candidates(answer), {}).get("content")
    parts = inner.get("parts") if isinstance(inner, dict) else None
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict) and part.get("thought") is not True:
            yield part

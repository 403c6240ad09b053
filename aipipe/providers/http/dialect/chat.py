"""Chat: the messages of a call, and why an answer has no text.

A body says in one object what the messages are made of, as `messages.user` and so on: `system`,
`user`, `question` (in its place), `image` with `detail`; of a prompt that is wanted `target`,
`style`, `video_style`, `background` and `length`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.outcome import Problem

LONGEST: Final = 300
"""Characters of a refusal that a message quotes."""
_LINES: Final = {
    "style": "Its style: {}.",
    "video_style": "The style of the video: {}.",
    "background": "Bear in mind: {}",
    "length": "How much should happen: {}.",
}
_DESCRIBE: Final = "Describe this picture."
_GO_BY: Final = "Go by this picture."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why an answer that was paid for has no text."""

    problem: Problem
    refused: bool = False


def with_messages(body: Mapping[str, Json], step_type: str) -> dict[str, Json]:
    """The body with its messages; those that `raw` gave as a list stay as they are."""
    told = body.get("messages", {})
    if not isinstance(told, dict):
        return dict(body)
    system = "\n".join(_system(told, is_brief=step_type == "prompt_generation"))
    first: list[Json] = [{"role": "system", "content": system}] if system else []
    usual = _GO_BY if step_type == "prompt_generation" else _DESCRIBE
    asked: dict[str, Json] = {"role": "user", "content": _user(told, usual)}
    return {**body, "messages": [*first, asked]}


def _system(told: Mapping[str, Json], *, is_brief: bool) -> Iterator[str]:
    if is_brief:
        target = told.get("target") or "video"
        yield f"Write one prompt for a model that makes {_a(str(target))}."
        yield "Answer with the prompt alone, without a title or a comment."
        yield from (line.format(told[name]) for name, line in _LINES.items() if told.get(name))
    if told.get("system"):
        yield str(told["system"])


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"


def _user(told: Mapping[str, Json], usual: str) -> Json:
    text = told.get("question") or told.get("user")
    image = told.get("image")
    if image is None:
        return text or ""
    seen: dict[str, Json] = {"url": image}
    if told.get("detail"):
        seen["detail"] = told["detail"]
    return [{"type": "text", "text": text or usual}, {"type": "image_url", "image_url": seen}]


def ending(found: Mapping[str, Json]) -> Ending | None:
    """Why there is no text in an answer; None: there is one, or nobody says why."""
    match found.get("choices"):
        case [{"finish_reason": "content_filter"}, *_]:
            return _refused("the provider's filter has cut the answer off")
        case [{"message": {"refusal": str(words), "content": None | ""}}, *_] if words:
            return _refused(f"the model refused: {words[:LONGEST]}")
        case [{"finish_reason": "length", "message": {"content": None | ""}}, *_]:
            message = "the answer came to its most tokens before its first word"
            hint = "raise 'max_tokens', or leave it out"
            return Ending(problem=Problem(code="job_failed", message=message, hint=hint))
        case _:
            return None


def _refused(message: str) -> Ending:
    return Ending(problem=Problem(code="refused.output", message=message), refused=True)

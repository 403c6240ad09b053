"""How ElevenLabs says no: its three shapes, and what its words mean.

Wire facts: its documentation of errors, 2026; `content_against_policy` and `paid_plan_required` as
several public clients have met them.
"""

from collections.abc import Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.providers.http import json_text
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.verdicts import Reply, Rules

MODERATION: Final = frozenset({"content_against_policy", "bad_prompt"})
SUSPECTED: Final = "detected_unusual_activity"
CODES: Final[Mapping[str, str]] = {
    "invalid_api_key": "bad_key",
    "needs_authorization": "bad_key",
    "quota_exceeded": "no_credit",
    "insufficient_credits": "no_credit",
    "missing_permissions": "not_allowed",
    "paid_plan_required": "not_allowed",
    SUSPECTED: "not_allowed",
    "voice_not_found": "not_found",
    "voice_does_not_exist": "not_found",
    "model_not_found": "not_found",
    "concurrent_limit_exceeded": "too_many_at_once",
    "too_many_concurrent_requests": "too_many_at_once",
    "rate_limit_exceeded": "rate_limit",
    "system_busy": "overloaded",
}
"""Its words to our codes; of any other the status decides."""


def _details(body: bytes) -> list[Mapping[str, Json]]:
    """What is wrong, thing by thing: the detail is a text, a thing, or a list of things."""
    try:
        detail = json_text.parsed_object(body).get("detail")
    except UnreadableError:
        return []
    if isinstance(detail, str):
        return [{"message": detail}]
    things = detail if isinstance(detail, list) else [detail]
    return [each for each in things if isinstance(each, dict)]


def _words(reply: Reply) -> tuple[str, ...]:
    """The names of what is wrong: `code`, in older answers `status`."""
    found = [each.get(key) for each in _details(reply.body) for key in ("code", "status")]
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str) and each))


def _said(reply: Reply) -> str | None:
    told = [_sentence(each) for each in _details(reply.body)]
    names = ", ".join(_words(reply))
    sentences = "; ".join(each for each in told if each)
    return f"{sentences} ({names})" if sentences and names else sentences or names or None


def _sentence(detail: Mapping[str, Json]) -> str:
    where = detail.get("loc")
    last = f"'{where[-1]}': " if isinstance(where, list) and where else ""
    text = detail.get("message") or detail.get("msg")
    return f"{last}{text}" if isinstance(text, str) else ""


def _code(reply: Reply) -> str | None:
    return next((CODES[word] for word in _words(reply) if word in CODES), None)


def _is_moderation(reply: Reply) -> bool:
    return not MODERATION.isdisjoint(_words(reply))


def _is_closing(reply: Reply) -> bool:
    """The account is locked: no other call can succeed."""
    return SUSPECTED in _words(reply)


RULES: Final = Rules(is_moderation=_is_moderation, is_closing=_is_closing, code=_code, said=_said)

"""The dialect's errors, in the shapes that servers give them.

OpenAI: `{"error": {message, type, param, code}}`. Ollama also `{"error": "text"}`; LocalAI gives a
number as `code`; servers in Python `{"detail": "text"}`, `{"detail": {message}}` or a list.
"""

from collections.abc import Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.providers.http import json_text
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.verdicts import Reply, Rules

MODERATION: Final = frozenset({"moderation_blocked", "content_policy_violation", "content_filter"})
CODES: Final[Mapping[str, str]] = {
    "invalid_api_key": "bad_key",
    "insufficient_quota": "no_credit",
    "billing_hard_limit_reached": "no_credit",
    "billing_not_active": "no_credit",
    "model_not_found": "not_found",
    "rate_limit_exceeded": "rate_limit",
    "unsupported_country_region_territory": "not_allowed",
}


def _error(reply: Reply) -> Mapping[str, Json]:
    """What the answer says went wrong; empty: nothing that can be read."""
    try:
        found = json_text.parsed_object(reply.body)
    except UnreadableError:
        return {}
    match found.get("error", found.get("detail")):
        case str(words):
            return {"message": words}
        case [dict(first), *_]:
            place = first.get("loc")
            named = place[-1] if isinstance(place, list) and place else None
            return {"message": first.get("msg"), "param": named}
        case dict(error):
            return error
        case _:
            return {}


def _words(reply: Reply) -> frozenset[str]:
    error = _error(reply)
    return frozenset(str(error.get(each)) for each in ("code", "type"))


def _is_moderation(reply: Reply) -> bool:
    return bool(_words(reply) & MODERATION)


def _code(reply: Reply) -> str | None:
    words = _words(reply)
    return next((code for word, code in CODES.items() if word in words), None)


def _said(reply: Reply) -> str | None:
    error = _error(reply)
    message, param = error.get("message"), error.get("param")
    if not isinstance(message, str) or not message:
        return None
    is_named = isinstance(param, str) and param and f"'{param}'" not in message
    return f"'{param}': {message}" if is_named else message


RULES: Final = Rules(is_moderation=_is_moderation, code=_code, said=_said)

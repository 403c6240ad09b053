"""Errors told apart: `{"error": {"code", "message", "status", "details"}}`, jobs with less of it.

What is documented: 402 is an empty account, a bad key is a 400, a 503 `UNAVAILABLE` is a service
out of capacity, and no request is charged that ends in an error (Google's page about billing). A
job may have begun all the same: of those only what is refused is taken for free.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.providers.google.content import REFUSED
from aipipe.providers.http import json_text
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.verdicts import THROTTLED, Reply, Rules

BAD_KEY: Final = re.compile(r"API_KEY_\w+|API key (not valid|expired)|reported as leaked")
PRECONDITION: Final = frozenset({"FAILED_PRECONDITION", "failed_precondition"})
"""The account lacks something: billing, or a country where it is offered."""
EMPTY: Final = "credits are depleted"
NO_QUOTA: Final = re.compile(r"limit: 0\b")
"""Of a 429 that no waiting helps: the account's plan does not have the model."""
_SECONDS: Final = re.compile(r"(\d{1,6}(\.\d{1,9})?)s")


def _error(reply: Reply) -> Mapping[str, Json]:
    try:
        found = json_text.parsed_object(reply.body).get("error")
    except UnreadableError:
        return {}
    return found if isinstance(found, dict) else {}


def _details(reply: Reply) -> list[Mapping[str, Json]]:
    return json_text.objects_in(_error(reply), "details")


def _said(reply: Reply) -> str | None:
    message = _error(reply).get("message")
    return message if isinstance(message, str) else None


def _names(reply: Reply) -> Iterator[str]:
    """The names of what is wrong, from the widest to the narrowest."""
    error = _error(reply)
    for told in (error.get("status"), error.get("code"), *_reasons(reply)):
        if isinstance(told, str):
            yield told


def _reasons(reply: Reply) -> list[Json]:
    return [each.get("reason") for each in _details(reply)]


def _is_moderation(reply: Reply) -> bool:
    return any(name.upper() in REFUSED for name in _names(reply))


def _code(reply: Reply) -> str | None:
    names, words = set(_names(reply)), _said(reply) or ""
    if any(BAD_KEY.search(told) for told in (*names, words)):
        return "bad_key"
    if reply.status == THROTTLED and EMPTY in words:
        return "no_credit"
    is_without = reply.status == THROTTLED and NO_QUOTA.search(words)
    return "not_allowed" if is_without or names & PRECONDITION else None


def _wait(reply: Reply) -> str | None:
    """Seconds, as the details of a 429 have them: `"retryDelay": "25.4s"`."""
    for each in _details(reply):
        told = each.get("retryDelay")
        if isinstance(told, str) and (found := _SECONDS.fullmatch(told)):
            return found[1]
    return None


def _is_out_of_capacity(reply: Reply) -> bool:
    return "UNAVAILABLE" in _names(reply)


JOBS: Final = Rules(is_moderation=_is_moderation, code=_code, said=_said, wait=_wait)
RULES: Final = replace(JOBS, is_before_acceptance=_is_out_of_capacity)

"""Keys out of what users read: a server, or an error, may quote what it was sent."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar, cast

from aipipe.contracts.outcome import FetchOutcome, PollOutcome, Problem, SubmitOutcome
from aipipe.contracts.provider import Provider

Outcome = TypeVar("Outcome", SubmitOutcome, PollOutcome, FetchOutcome)

HIDDEN = "***"
SHORTEST = 4
"""Characters from which on a part of a key is one by itself."""
_JOINTS = re.compile(r"[:\s]")


def hidden(outcome: Outcome, provider: Provider, secret: Callable[[str], str | None]) -> Outcome:
    """The same outcome, its words without the provider's keys and the parts of these."""
    problem = getattr(outcome, "problem", None)
    if not isinstance(problem, Problem):
        return outcome
    words = sorted(set(_words(provider, secret)), key=len, reverse=True)
    message, hint = problem.message, problem.hint
    for word in words:
        message = message.replace(word, HIDDEN)
        hint = None if hint is None else hint.replace(word, HIDDEN)
    told = replace(problem, message=message, hint=hint)
    return cast("Outcome", replace(cast("Any", outcome), problem=told))


def _words(provider: Provider, secret: Callable[[str], str | None]) -> Iterator[str]:
    for name in (*provider.keys, *provider.optional_keys):
        value = (secret(name) or "").strip()
        for part in {value, *_JOINTS.split(value)}:
            if len(part) >= SHORTEST:
                yield part

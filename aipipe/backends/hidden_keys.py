"""Keys out of what users read: a server, or an error, may quote what it was sent."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from aipipe.contracts.call import Call
from aipipe.contracts.outcome import FetchOutcome, PollOutcome, Problem, SubmitOutcome
from aipipe.contracts.provider import Provider

Outcome = TypeVar("Outcome", SubmitOutcome, PollOutcome, FetchOutcome)

HIDDEN = "***"
SHORTEST = 4
"""Characters from which on a part of a key is one by itself."""
_JOINTS = re.compile(r"[:\s]")


def hidden(
    outcome: Outcome, provider: Provider, call: Call, secret: Callable[[str], str | None]
) -> Outcome:
    """The same outcome, its words without the keys of whoever was called, and parts of these."""
    problem = getattr(outcome, "problem", None)
    if not isinstance(problem, Problem):
        return outcome
    told = without_keys(problem, _variables(provider, call), secret)
    return cast("Outcome", replace(cast("Any", outcome), problem=told))


def _variables(provider: Provider, call: Call) -> tuple[str, ...]:
    """Those that may hold a key of whoever was called."""
    key = None if call.service is None else call.service.key
    return (*provider.keys, *provider.optional_keys, *(() if key is None else (key.variable,)))


def without_keys(
    problem: Problem, names: Sequence[str], secret: Callable[[str], str | None]
) -> Problem:
    """The same problem, without the keys that these variables hold, and the parts of each."""
    words = sorted(set(_words(names, secret)), key=len, reverse=True)
    message, hint = problem.message, problem.hint
    for word in words:
        message = message.replace(word, HIDDEN)
        hint = None if hint is None else hint.replace(word, HIDDEN)
    return replace(problem, message=message, hint=hint)


def _words(names: Sequence[str], secret: Callable[[str], str | None]) -> Iterator[str]:
    for name in names:
        value = (secret(name) or "").strip()
        for part in {value, *_JOINTS.split(value)}:
            if len(part) >= SHORTEST:
                yield part

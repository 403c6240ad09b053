"""What the status of an answer to a request that may cost means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aipipe.contracts.outcome import Problem, Rejected, Unconfirmed
from aipipe.providers.http import limits, retry_after
from aipipe.providers.http.site import Site

THROTTLED = 429
UNAVAILABLE = 503
REFUSALS = frozenset({400, 401, 402, 403, 404, 405, 406, 411, 413, 414, 415, 422})
"""Statuses by which servers refuse before they accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer other than 2xx. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    """Empty where it could not be read."""


def _no(_reply: Reply) -> bool:
    return False


def _nothing(_reply: Reply) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a provider documents of its refusals. What it does not document may have cost."""

    refusals: frozenset[int] = REFUSALS
    closing: frozenset[int] = frozenset({401, 403})
    """Of these, the ones after which no other call can succeed either."""
    is_before_acceptance: Callable[[Reply], bool] = _no
    """Of a 503: it is documented that nothing was accepted."""
    is_moderation: Callable[[Reply], bool] = _no
    """The input was refused for what it says."""
    said: Callable[[Reply], str | None] = _nothing
    """The provider's own words."""


def verdict(reply: Reply, rules: Rules, site: Site, now: float) -> Rejected | Unconfirmed:
    """How a call ended whose answer is not 2xx. `now` is unix time."""
    wait, told = retry_after.seconds(reply.headers, now), limits.told(reply.headers, now)
    if reply.status == THROTTLED:
        problem = _problem("throttled", reply, rules, site)
        return Rejected(
            problem=problem, retryable=True, throttled=True, retry_after=wait, limits=told
        )
    if reply.status == UNAVAILABLE and rules.is_before_acceptance(reply):
        problem = _problem("unavailable", reply, rules, site)
        return Rejected(problem=problem, retryable=True, retry_after=wait, limits=told)
    if reply.status in rules.refusals:
        return Rejected(
            problem=_problem("rejected", reply, rules, site),
            closes_provider=reply.status in rules.closing,
            refused=rules.is_moderation(reply),
            limits=told,
        )
    return Unconfirmed(problem=_problem("no_answer", reply, rules, site))


def _problem(code: str, reply: Reply, rules: Rules, site: Site) -> Problem:
    said = site.without_credentials(rules.said(reply) or "")
    return Problem(code=code, message=f"{reply.status}: {said}" if said else f"{reply.status}")

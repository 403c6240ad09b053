"""What an answer other than 2xx to a request that may cost means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aipipe.contracts.outcome import Problem, Rejected, Unconfirmed
from aipipe.providers.http import limits, retry_after
from aipipe.providers.http.site import Site

THROTTLED = 429
UNAVAILABLE = frozenset({503, 529})
"""Statuses of a service with too much to do: only some providers document what that cost."""
REFUSALS = frozenset({400, 401, 402, 403, 404, 405, 406, 411, 413, 414, 415, 422})
"""Statuses by which servers refuse before they accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What follows from the code of a refusal."""

    retryable: bool = False
    throttled: bool = False
    closes: bool = False
    """No other call to this provider can succeed either."""
    refused: bool = False
    """By moderation."""


CODES: Mapping[str, Refusal] = {
    "bad_key": Refusal(closes=True),
    "no_credit": Refusal(closes=True),
    "not_allowed": Refusal(),
    "not_found": Refusal(),
    "refused.input": Refusal(refused=True),
    "bad_parameter": Refusal(),
    "rate_limit": Refusal(retryable=True, throttled=True),
    "too_many_at_once": Refusal(retryable=True, throttled=True),
    "overloaded": Refusal(retryable=True),
}
"""The codes that a refusal can have; `aipipe errors CODE` explains each."""
BY_STATUS: Mapping[int, str] = {
    401: "bad_key",
    402: "no_credit",
    403: "not_allowed",
    404: "not_found",
    429: "rate_limit",
    503: "overloaded",
    529: "overloaded",
}
"""The code where the provider says nothing clearer; of any other status `bad_parameter`."""


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
    closing: frozenset[int] = frozenset()
    """Of these, the ones after which no other call can succeed either, whatever their code."""
    is_closing: Callable[[Reply], bool] = _no
    """The same by the provider's words."""
    is_before_acceptance: Callable[[Reply], bool] = _no
    """Of a 503 or 529: it is documented that nothing was accepted."""
    is_over: Callable[[Reply], bool] = _no
    """Of any status: by its own words the call has failed, goes on no further and costs nothing."""
    is_moderation: Callable[[Reply], bool] = _no
    """The input was refused for what it says."""
    code: Callable[[Reply], str | None] = _nothing
    """One of `CODES`, by the words that the provider documents; else the status decides. It only
    tells refusals apart: whether an answer is one is not its to say."""
    said: Callable[[Reply], str | None] = _nothing
    """The provider's own words."""
    wait: Callable[[Reply], str | None] = _nothing
    """Seconds to wait, where the provider tells them elsewhere than in `Retry-After`."""


def verdict(reply: Reply, rules: Rules, site: Site, now: float) -> Rejected | Unconfirmed:
    """How a call ended whose answer is not 2xx. `now` is unix time."""
    if not _is_refusal(reply, rules):
        return Unconfirmed(problem=_problem("no_answer", reply, rules, site))
    code = code_of(reply, rules)
    known = CODES[code]
    is_named = reply.status in rules.closing or rules.is_closing(reply)
    closing = is_named and not known.refused
    return Rejected(
        problem=_problem(code, reply, rules, site),
        retryable=known.retryable,
        throttled=known.throttled or (known.retryable and reply.status == THROTTLED),
        retry_after=_pause(reply, rules, now) if known.retryable else None,
        closes_provider=known.closes or closing,
        refused=known.refused,
        limits=limits.told(reply.headers, now),
    )


def _pause(reply: Reply, rules: Rules, now: float) -> float | None:
    told = rules.wait(reply)
    headers = {} if told is None else {"retry-after": told}
    return retry_after.seconds({**headers, **reply.headers}, now)


def code_of(reply: Reply, rules: Rules) -> str:
    """The code of a refusal: what the provider's words say, else what its status says."""
    if rules.is_moderation(reply):
        return "refused.input"
    told = rules.code(reply)
    if told is not None and told in CODES:
        return told
    return BY_STATUS.get(reply.status, "bad_parameter")


def _is_refusal(reply: Reply, rules: Rules) -> bool:
    """Whether nothing was accepted, and so nothing is paid for."""
    if reply.status == THROTTLED or reply.status in rules.refusals or rules.is_over(reply):
        return True
    return reply.status in UNAVAILABLE and rules.is_before_acceptance(reply)


def _problem(code: str, reply: Reply, rules: Rules, site: Site) -> Problem:
    said = site.without_credentials(rules.said(reply) or "")
    return Problem(code=code, message=f"{reply.status}: {said}" if said else f"{reply.status}")

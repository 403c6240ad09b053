"""Requests that may cost, each sent once: how each can end.

no connection (DNS, connect, TLS, pool)    NotSent        no byte of it left
anything later, until the status line      Unconfirmed    it may have been read
429, documented 4xx, documented 503        Rejected       it was not accepted
any other status                           Unconfirmed
2xx                                        Received       its body is still to be read
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import time
from typing import TYPE_CHECKING, TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.contracts.limits import LimitsTold
from aipipe.contracts.outcome import Accepted, NotSent, Problem, Rejected, Unconfirmed
from aipipe.providers.http import bodies, clients, json_text, limits, verdicts
from aipipe.providers.http.errors import HttpError, UnreadableError
from aipipe.providers.http.site import Site
from aipipe.providers.http.verdicts import Reply, Rules

if TYPE_CHECKING:
    import httpx

GOOD = range(200, 300)
LONGEST_REFUSAL = 1 << 20
"""Bytes of a refusal that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A POST that may cost."""

    path: str
    body: bytes | Iterable[bytes]
    """What is read as it is sent needs its `Content-Length` among the headers."""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    silence: float = clients.SUBMIT_READ
    """Seconds without a byte after which no answer is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A 2xx whose body is still to be read. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    response: "httpx.Response" = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What is blanked where the body quotes it: it is kept as it came."""
    limits: LimitsTold | None = None
    """For the outcome that it becomes."""

    def parts(self, limit: int) -> Iterator[bytes]:
        """The body in blocks. Raises what `bodies.parts` raises."""
        return bodies.blanked(bodies.parts(self.response, limit), self.secrets)

    def read(self) -> "Mapping[str, Json] | Unconfirmed":
        """The JSON object in the body; what can't be read may have been paid for."""
        try:
            return json_text.parsed_object(bodies.whole(self.response, json_text.LONGEST))
        except HttpError as error:
            return Unconfirmed(problem=Problem(code="no_answer", message=error.message))

    def accepted(
        self, job_of: "Callable[[Mapping[str, Json]], Accepted]"
    ) -> "Accepted | Unconfirmed":
        """The job that the answer tells of; what is not told may have been accepted all the same.

        `job_of` raises HttpError where the answer lacks something.
        """
        answer = self.read()
        if isinstance(answer, Unconfirmed):
            return answer
        try:
            return job_of(answer)
        except HttpError as error:
            return Unconfirmed(problem=Problem(code="no_answer", message=error.message))


Sent: TypeAlias = Received | NotSent | Rejected | Unconfirmed


@contextmanager
def submitted(site: Site, what: Submission, rules: Rules) -> Iterator[Sent]:
    """How a POST ended; a body can be read inside the `with` only."""
    with ExitStack() as endings:
        yield _sent(site, what, rules, endings)


def _sent(site: Site, what: Submission, rules: Rules, endings: ExitStack) -> Sent:
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    try:
        url = site.address(what.path)
    except UnreadableError as error:
        return Rejected(problem=Problem(code="bad_address", message=error.message))
    client = endings.enter_context(clients.once(url, what.silence))
    headers = {"Content-Type": what.content_type, **what.headers, **site.headers_for(url)}
    request = client.build_request("POST", url, content=what.body, headers=headers)
    try:
        response = client.send(request, stream=True)
    except (
        httpx.ConnectError,  # DNS and TLS too
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,  # the proxy made no way to the provider
    ) as error:
        return NotSent(problem=_problem("not_sent", site, url, error))
    except httpx.TransportError as error:
        return Unconfirmed(problem=_problem("no_answer", site, url, error))
    endings.callback(response.close)
    named = dict(response.headers)
    if response.status_code in GOOD:
        told = limits.told(named, time())
        return Received(
            status=response.status_code,
            headers=named,
            response=response,
            limits=told,
            secrets=site.words,
        )
    reply = Reply(status=response.status_code, headers=named, body=_read(response))
    return verdicts.verdict(reply, rules, site, time())


def _read(response: "httpx.Response") -> bytes:
    """A refusal's words. Its status has said what matters, so they may be missing."""
    try:
        return bodies.whole(response, LONGEST_REFUSAL)
    except HttpError:
        return b""


def _problem(code: str, site: Site, url: "httpx.URL", error: Exception) -> Problem:
    why = site.without_credentials(str(error) or type(error).__name__)
    began = "could not be reached" if code == "not_sent" else "gave no answer"
    return Problem(code=code, message=f"'{url.host}' {began}: {why}")

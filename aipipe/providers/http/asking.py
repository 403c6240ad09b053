"""Requests that cost nothing: read a job, list, cancel. Each is sent once, and may be repeated."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aipipe.providers.http import addresses, bodies, clients, json_text, verdicts
from aipipe.providers.http.errors import GoneError, UnreachedError, UnreadableError
from aipipe.providers.http.site import Site

if TYPE_CHECKING:
    import httpx

GONE = (404, 410)
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
OK, NOT_OK = 200, 300
BUSY = (408, 425, 429)
SERVER_FAULT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A good answer, read to its end. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What goes along with a request that is more than a question."""

    content: bytes | Iterator[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def ask(
    site: Site,
    path: str,
    *,
    method: str = "GET",
    limit: int = json_text.LONGEST,
    sending: Sending | None = None,
) -> Answer:
    """The answer (2xx) to a request that costs nothing.

    Raises:
        UnreachedError: it did not get through, or the server is busy or at fault: ask again.
        GoneError: there is no such thing, says the server. Of a job that proves nothing.
        CutOffError, TooLargeError, UnreadableError: the answer can't be used.
    """
    with opened(site, site.address(path), method=method, sending=sending) as response:
        return _read(response, limit)


def reply(site: Site, path: str, *, method: str = "GET", limit: int = json_text.LONGEST) -> Answer:
    """The answer to a request that costs nothing, whatever its status says.

    Raises:
        UnreachedError: it did not get through.
        CutOffError, TooLargeError, UnreadableError: the answer can't be used.
    """
    with opened(site, site.address(path), method=method, any_status=True) as response:
        return _read(response, limit)


def _read(response: "httpx.Response", limit: int) -> Answer:
    body = bodies.whole(response, limit)
    return Answer(status=response.status_code, headers=dict(response.headers), body=body)


@contextmanager
def opened(
    site: Site,
    url: "httpx.URL",
    *,
    method: str = "GET",
    sending: Sending | None = None,
    gone: type[GoneError] = GoneError,
    any_status: bool = False,
) -> Iterator["httpx.Response"]:
    """A good answer (2xx) whose body is not read yet; redirects of a GET are followed.

    With `any_status` whatever is no redirect is good.

    Raises:
        HttpError: any of those that `ask` names.
    """
    for _ in range(MOST_REDIRECTS + 1):
        with _sent(site, url, method, sending or Sending()) as response:
            if response.status_code in REDIRECTS and method == "GET":
                url = _redirected(url, response)
                continue
            if not any_status:
                _judge(response, gone)
            yield response
            return
    raise UnreadableError(f"more than {MOST_REDIRECTS} redirects, the last to '{url.host}'")


@contextmanager
def _sent(
    site: Site, url: "httpx.URL", method: str, sending: Sending
) -> Iterator["httpx.Response"]:
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    client = clients.reader(url)
    headers = {**sending.headers, **site.headers_for(url)}
    request = client.build_request(method, url, headers=headers, content=sending.content or None)
    try:
        response = client.send(request, stream=True)
    except httpx.TransportError as error:
        # `from None`, here and elsewhere: the cause holds the request with its credentials
        why = site.without_credentials(str(error) or type(error).__name__)
        raise UnreachedError(f"'{url.host}' could not be asked: {why}") from None
    try:
        yield response
    finally:
        response.close()


def _redirected(url: "httpx.URL", response: "httpx.Response") -> "httpx.URL":
    """Where an answer leads: credentials follow only within the site, and never to plain http."""
    target = addresses.joined(str(url), response.headers.get("location", ""))
    if url.scheme == "https" and target.scheme != "https":
        raise UnreadableError(f"a redirect from https to http is not followed, to '{target.host}'")
    return target


def _judge(response: "httpx.Response", gone: type[GoneError]) -> None:
    status, where = response.status_code, addresses.shown(response.url)
    if OK <= status < NOT_OK:
        return
    if status in GONE:
        raise gone(f"{status}: nothing is at '{where}' any more")
    code = verdicts.BY_STATUS.get(status)
    if status in BUSY or status >= SERVER_FAULT:
        raise UnreachedError(f"{status}: '{where}' can't answer now", code=code)
    raise UnreadableError(f"{status}: '{where}' does not give it", code=code)

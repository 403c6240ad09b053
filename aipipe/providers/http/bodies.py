"""An answer's body: counted, bounded, never by half."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from aipipe.errors import CancelledError
from aipipe.providers.http.errors import CutOffError, TooLargeError

if TYPE_CHECKING:
    import httpx

BLOCK = 1 << 16
SHORTEST_BLANKED = 8


def _go_on() -> bool:
    return False


def parts(
    response: "httpx.Response", limit: int, cancelled: Callable[[], bool] = _go_on
) -> Iterator[bytes]:
    """The body in blocks of some size. Only its end proves that it was whole.

    A body without a length that is not chunked ends where the connection ends: there no
    client can tell a part from the whole.

    Raises:
        CutOffError: it ended early, or did not come.
        TooLargeError: it has more than `limit` bytes.
        CancelledError: the call was stopped.
    """
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    announced = _announced(response)
    _check(announced or 0, limit)
    size = 0
    try:
        for part in response.iter_bytes(BLOCK):
            if cancelled():
                raise CancelledError
            size += len(part)
            _check(size, limit)
            yield part
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise _cut_off(response.num_bytes_downloaded, announced, type(error).__name__) from None
    if announced is not None and response.num_bytes_downloaded != announced:
        raise _cut_off(response.num_bytes_downloaded, announced, "length")


def blanked(parts: Iterable[bytes], words: Sequence[str]) -> Iterator[bytes]:
    """The same bytes, but for these words: a star stands for each of their characters.

    A word may begin in one block and end in another. One of a few letters stays: bytes that mean
    something else may be the same.
    """
    secrets = [word.encode() for word in words if len(word) >= SHORTEST_BLANKED]
    keep = max(map(len, secrets), default=1) - 1
    rest = b""
    for part in parts:
        rest = _without(rest + part, secrets)
        out, rest = (rest[:-keep], rest[-keep:]) if keep else (rest, b"")
        if out:
            yield out
    if rest:
        yield rest


def _without(content: bytes, secrets: Sequence[bytes]) -> bytes:
    for secret in secrets:
        content = content.replace(secret, b"*" * len(secret))
    return content


def whole(response: "httpx.Response", limit: int) -> bytes:
    """The body at once. Raises what `parts` raises."""
    return b"".join(parts(response, limit))


def _announced(response: "httpx.Response") -> int | None:
    said = response.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise TooLargeError(f"the answer has more than {limit:,} bytes")


def _cut_off(came: int, announced: int | None, why: str) -> CutOffError:
    of = "" if announced is None else f" of {announced:,}"
    return CutOffError(f"the answer broke off after {came:,}{of} bytes ({why})")

"""A download is whole or nothing, and credentials stay at home."""

import hashlib
from pathlib import Path

import pytest
from providers.raw_server import Raw, closed_port, good, raw

from aipipe.errors import CancelledError, StepError
from aipipe.providers.http.downloading import Download, download
from aipipe.providers.http.errors import (
    CutOffError,
    GoneError,
    HttpError,
    TooLargeError,
    UnreachedError,
    UnreadableError,
)
from aipipe.providers.http.site import Site

KEY = "sk-very-secret"


def site(base: str) -> Site:
    return Site(base=base, credentials={"x-key": KEY})


def got(folder: Path, base: str, address: str = "/file", limit: int = 1000) -> Download:
    return download(site(base), address, folder / "got", limit=limit)


def has_key(server: Raw) -> list[bool]:
    return [KEY in head for head in server.heads]


def test_a_whole_body_is_a_file_with_its_hash(tmp_path: Path) -> None:
    with raw(good(b"a fox", "Content-Type: Text/Plain; charset=utf-8")) as server:
        found = got(tmp_path, server.base)

    assert found == Download(
        path=tmp_path / "got",
        sha256=hashlib.sha256(b"a fox").hexdigest(),
        bytes=5,
        content_type="text/plain",
    )
    assert found.path.read_bytes() == b"a fox"


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na fox", CutOffError),
        (CHUNKED + b"5\r\na fox\r\n", CutOffError),
        (CHUNKED + b"9\r\na fox", CutOffError),
        (good(b"a" * 1001), TooLargeError),
        (CHUNKED + b"3e9\r\n" + b"a" * 1001 + b"\r\n0\r\n\r\n", TooLargeError),
        (good(b"no gzip", "Content-Encoding: gzip"), CutOffError),
        (good(b"", status="404 X"), GoneError),
        (good(b"", status="410 X"), GoneError),
        (good(b"", status="500 X"), UnreachedError),
        (good(b"", status="429 X"), UnreachedError),
        (good(b"", status="403 X"), UnreadableError),
        (None, UnreachedError),
        (b"", UnreachedError),
    ],
)
def test_what_is_not_whole_leaves_no_file(
    tmp_path: Path, answer: bytes | None, error: type[HttpError]
) -> None:
    with raw(answer) as server, pytest.raises(error) as caught:
        got(tmp_path, server.base)

    assert list(tmp_path.iterdir()) == []
    assert caught.value.__cause__ is None  # a cause would hold the request and its key
    assert KEY not in str(caught.value)


def test_where_nobody_listens_it_may_be_asked_again(tmp_path: Path) -> None:
    with pytest.raises(UnreachedError):
        got(tmp_path, closed_port())


def test_a_stopped_download_leaves_no_file(tmp_path: Path) -> None:
    with raw(good(b"a fox")) as server, pytest.raises(CancelledError):
        download(site(server.base), "/file", tmp_path / "got", cancelled=lambda: True)

    assert list(tmp_path.iterdir()) == []


def test_the_key_goes_to_the_sites_own_host(tmp_path: Path) -> None:
    with raw(good(b"a")) as server:
        got(tmp_path, server.base)

    assert has_key(server) == [True]


def test_the_key_goes_to_no_other_host_that_an_answer_names(tmp_path: Path) -> None:
    with raw(good(b"a")) as other:
        got(tmp_path, closed_port(), f"{other.base}/file")

    assert has_key(other) == [False]


def test_another_name_of_the_same_machine_is_another_host(tmp_path: Path) -> None:
    with raw(good(b"a")) as server:
        got(tmp_path, server.base, server.base.replace("127.0.0.1", "localhost"))

    assert has_key(server) == [False]


def test_the_key_goes_along_no_redirect_to_another_host(tmp_path: Path) -> None:
    with raw(good(b"a")) as other:
        moved = good(b"", f"Location: {other.base}/x", status="302 X")
        with raw(moved) as server:
            got(tmp_path, server.base)

    assert (has_key(server), has_key(other)) == ([True], [False])
    assert (tmp_path / "got").read_bytes() == b"a"


def test_a_redirect_within_the_site_is_followed_with_the_key(tmp_path: Path) -> None:
    with raw(good(b"", "Location: /x", status="307 X"), good(b"a")) as server:
        got(tmp_path, server.base)

    assert has_key(server) == [True, True]


def test_redirects_come_to_an_end(tmp_path: Path) -> None:
    moved = good(b"", "Location: /x", status="302 X")
    with raw(*[moved] * 6) as server, pytest.raises(UnreadableError):
        got(tmp_path, server.base)

    assert len(server.heads) == 6


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/plain,a",
        "http://user:word@127.0.0.1/x",
        "//user:word@127.0.0.1/x",
        "http://",
        "http://127.0.0.1:99999999/x",
        "http://[::1/x",
    ],
)
def test_an_address_that_is_not_plain_http_is_not_followed(tmp_path: Path, address: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        got(tmp_path, closed_port(), address)

    assert "word" not in caught.value.message.replace("password", "")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://user:word@127.0.0.1/"])
def test_a_redirect_is_followed_no_further_than_an_address(tmp_path: Path, target: str) -> None:
    moved = good(b"", f"Location: {target}", status="302 X")
    with raw(moved) as server, pytest.raises(UnreadableError):
        got(tmp_path, server.base)


def test_a_signature_is_in_no_message(tmp_path: Path) -> None:
    with raw(good(b"", status="410 X")) as server, pytest.raises(GoneError) as caught:
        got(tmp_path, server.base, "/file?signature=abc")

    assert caught.value.message == f"410: nothing is at '{server.base}/file' any more"
    assert caught.value.code == "result.expired"


@pytest.mark.parametrize("key", ["two\nlines", "ключ", "a\0"])
def test_a_key_that_no_header_can_hold_is_told_and_not_shown(key: str) -> None:
    with pytest.raises(StepError) as caught:
        Site(base="http://127.0.0.1", credentials={"x-key": key})

    assert key not in caught.value.message
    assert key not in repr(caught.value)

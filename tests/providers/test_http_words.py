"""Waits, amounts and JSON are read as they are meant, and nothing else is taken for them."""

import math
import string
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Receipt
from aipipe.providers.http import bodies, json_text, money, retry_after
from aipipe.providers.http.errors import UnreadableError

NOON = 784_111_777.0
"""Sun, 06 Nov 1994 08:49:37 GMT."""


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0.0),
        ("2", 2.0),
        ("0.5", 0.5),
        ("999999999", 86_400.0),
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
        ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),
        ("Sun Nov  6 08:49:40 1994", 3.0),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("1e9", None),
        ("", None),
    ],
)
def test_a_wait_is_seconds_or_a_date(said: str, seconds: float | None) -> None:
    assert retry_after.seconds({"retry-after": said}, NOON) == seconds


@given(st.text(string.printable))
def test_no_wait_is_negative_endless_or_an_error(said: str) -> None:
    wait = retry_after.seconds({"retry-after": said}, NOON)

    assert wait is None or (math.isfinite(wait) and 0 <= wait <= retry_after.LONGEST)


@pytest.mark.parametrize(
    ("usd", "nano"),
    [
        ("0.10", 100_000_000),
        (0.1, 100_000_000),
        (1, 1_000_000_000),
        ("0", 0),
        ("0.0000000001", 1),
    ],
)
def test_an_amount_is_rounded_up_to_whole_nano_dollars(usd: Json, nano: int) -> None:
    assert money.receipt(usd) == Receipt(nano_usd=nano)


@pytest.mark.parametrize("usd", [None, "", "free", "-1", "NaN", "Infinity", "1e99", True, ["1"]])
def test_what_is_no_amount_gives_no_receipt(usd: Json) -> None:
    assert money.receipt(usd) is None


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"{", b"<html>", b"NaN", b"[" * 100_000, b"1" * 5_000, b'"\\u12"']
)
def test_what_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        json_text.parsed(body)


@given(st.binary())
def test_any_body_is_read_or_unreadable(body: bytes) -> None:
    with suppress(UnreadableError):  # anything else is a bug
        json_text.parsed(body)


def test_a_message_about_json_quotes_nothing_of_it() -> None:
    with pytest.raises(UnreadableError) as caught:
        json_text.parsed(b"secret")

    assert caught.value.message == "the answer is no JSON (6 bytes)"


@given(st.lists(st.binary(max_size=6)), st.lists(st.integers(0, 60)), st.booleans())
def test_a_key_that_a_body_quotes_is_blanked_wherever_blocks_end(
    pieces: list[bytes],
    cuts: list[int],
    twice: bool,  # noqa: FBT001
) -> None:
    key = "sk-very-secret"
    whole = key.encode().join(pieces) + (key.encode() * 2 if twice else b"")
    places = sorted({0, len(whole), *(cut for cut in cuts if cut <= len(whole))})
    blocks = [whole[a:b] for a, b in pairwise(places)]

    told = b"".join(bodies.blanked(blocks, (key, "sk")))

    assert told == whole.replace(key.encode(), b"*" * len(key))

"""Limits are read as headers mean them, and nothing else is taken for them."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.contracts.limits import LimitsTold
from aipipe.providers.http import limits, retry_after

NOW = 1_800_000_000.0
NAMES = (
    "maximum-concurrent-requests",
    "current-concurrent-requests",
    "x-ratelimit-limit-requests",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
)
UNITS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"maximum-concurrent-requests": "10"}, LimitsTold(at_once=10)),
        (
            {"x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": "6m0s"},
            LimitsTold(left=59, resets_in=360.0),
        ),
        (
            {"ratelimit-policy": '"burst";q=100;w=60', "ratelimit": '"burst";r=50;t=30'},
            LimitsTold(rate=(100, 60.0), left=50, resets_in=30.0),
        ),
        ({"ratelimit-policy": '"kb";q=9;qu="content-bytes";w=1'}, None),
        ({"ratelimit": '"a";r=50;t=30, "b";r=2;t=3600'}, LimitsTold(left=2, resets_in=3600.0)),
        ({"ratelimit": "limit=100, remaining=5, reset=7"}, LimitsTold(left=5, resets_in=7.0)),
        (
            {"ratelimit-limit": "100, 100;w=60, 1000;w=3600", "ratelimit-remaining": "0"},
            LimitsTold(rate=(1000, 3600.0), left=0),
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000042"},
            LimitsTold(left=0, resets_in=42.0),
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000042000"},
            LimitsTold(left=0, resets_in=42.0),
        ),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000000"}, LimitsTold(left=0)),
        (
            {"ratelimit-remaining": "1", "ratelimit-reset": "99999999"},
            LimitsTold(left=1, resets_in=86_400.0),
        ),
        ({"current-concurrent-requests": "3"}, None),
        ({"maximum-concurrent-requests": "0"}, None),
        ({"maximum-concurrent-requests": "-1"}, None),
        ({"maximum-concurrent-requests": "1e3"}, None),
        ({"maximum-concurrent-requests": "٣"}, None),
        ({"maximum-concurrent-requests": "9" * 5_000}, None),
        ({"ratelimit-limit": "0;w=60"}, None),
        ({"ratelimit-limit": "60;w=0"}, None),
        ({"ratelimit-limit": "60;w=60," * 5_000}, None),
        ({"x-ratelimit-reset-requests": "6m" * 5_000}, None),
        ({}, None),
    ],
)
def test_limits_are_told_by_headers(headers: dict[str, str], found: LimitsTold | None) -> None:
    assert limits.told(headers, NOW) == found


@given(st.dictionaries(st.sampled_from(sorted(UNITS)), st.integers(0, 99), min_size=1))
def test_a_duration_is_the_sum_of_its_parts(parts: dict[str, int]) -> None:
    said = "".join(f"{parts[unit]}{unit}" for unit in UNITS if unit in parts)
    seconds = sum(number * UNITS[unit] for unit, number in parts.items())

    found = limits.told(
        {"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": said}, NOW
    )

    assert found is not None
    expected = min(seconds, retry_after.LONGEST)
    assert (found.resets_in or 0.0) == pytest.approx(expected)


values = st.one_of(
    st.text(string.printable, max_size=40),
    st.from_regex(r"[-0-9.;,=wqrt \"a-z]{0,30}"),
    st.from_regex(r'"[a-z]*";[qr]=[0-9]{1,12};[wt]=[0-9]{1,12}', fullmatch=True),
    st.from_regex(r"[0-9]{1,20}(\.[0-9]+)?(ms|s|m|h)?", fullmatch=True),
)


@given(st.dictionaries(st.sampled_from(NAMES), values))
def test_whatever_headers_say_it_is_a_limit_that_could_be_or_none(headers: dict[str, str]) -> None:
    found = limits.told(headers, NOW)

    if found is not None:
        count, seconds = found.rate or (1, 1.0)
        assert found.at_once is None or found.at_once > 0
        assert count > 0
        assert found.left is None or found.left >= 0
        for time in (seconds, found.resets_in or 1.0):
            assert math.isfinite(time)
            assert time > 0
        assert found.resets_in is None or found.resets_in <= retry_after.LONGEST

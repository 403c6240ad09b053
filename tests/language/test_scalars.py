"""Unquoted scalars, as YAML 1.2 reads them."""

import pytest

from aipipe.language.scalars import Scalar, fits, resolve, short_tag


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("1:30", "1:30"),
        ("16:9", "16:9"),
        ("010", 10),
        ("-0", 0),
        ("+5", 5),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("2.50", 2.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        (".nan", ".nan"),
        (".", "."),
        ("-", "-"),
        ("2026-01-01", "2026-01-01"),
        ("10m", "10m"),
        ("=", "="),
        ("<<", "<<"),
        ("٣", "٣"),
        ("18446744073709551615", 18446744073709551615),
    ],
)
def test_a_scalar_is_what_the_core_schema_says(text: str, value: Scalar) -> None:
    found = resolve(text)

    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "text",
    [
        "18446744073709551616",
        "-18446744073709551616",
        "9" * 10_000,
        "0x" + "f" * 17,
        "0x" + "0" * 2_000,
        "1e309",
        "-1e309",
    ],
)
def test_a_number_that_is_too_large_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=text[:5]):
        resolve(text)


@pytest.mark.parametrize(
    ("value", "types"),
    [
        (None, {"null"}),
        (True, {"bool"}),
        (1, {"int", "float"}),
        (1.5, {"float"}),
        ("fog", set()),
    ],
)
def test_a_tag_fits_the_values_of_its_own_type(value: Scalar, types: set[str]) -> None:
    tags = ("null", "bool", "int", "float", "binary")

    assert {tag for tag in tags if fits(value, f"tag:yaml.org,2002:{tag}")} == types


def test_a_tag_is_shown_as_it_is_written() -> None:
    assert [short_tag("tag:yaml.org,2002:int"), short_tag("!env")] == ["!!int", "!env"]

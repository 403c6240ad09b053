"""YAML as plain data."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reading import refused

from aipipe.contracts.artefact import Json
from aipipe.language.reader import read_text

KEYS = st.text(min_size=1, max_size=6)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


class Quoting(yaml.SafeDumper):
    """Writes every text in quotes, so that YAML 1.1 and 1.2 agree on it."""


def _quoted(dumper: Quoting, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


Quoting.add_representer(str, _quoted)


def data_of(text: str) -> Json:
    return read_text(text, "a.yaml").data


def codes_of(text: str) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.line) for fault in refused(lambda: data_of(text))]


@settings(deadline=None)
@given(
    DATA.filter(lambda data: data is not None),
    st.sampled_from([True, False, None]),
    st.sampled_from([None, 0, 4]),
)
def test_data_comes_back_as_it_was_written(data: Json, flow: Any, indent: int | None) -> None:
    text = yaml.dump(
        data, Dumper=Quoting, default_flow_style=flow, indent=indent, allow_unicode=True
    )

    assert data_of(text) == data


@settings(deadline=None)
@given(DATA)
def test_shared_data_comes_back_through_anchors(shared: Json) -> None:
    data: Json = {"a": [shared, shared], "b": shared}

    assert data_of(yaml.dump(data, Dumper=Quoting)) == data


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("[no, 1:30, 010, 'no', \"010\"]", ["no", "1:30", 10, "no", "010"]),
        ("a: |\n  1\n  2\n", {"a": "1\n2\n"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("[!!str 010, ! 010, !!int 010, !!float 3]", ["010", "010", 10, 3]),
        ("[!!bool true, !!null ~]", [True, None]),
        ("a: !!map {b: !!seq [c]}", {"a": {"b": ["c"]}}),
        ("%YAML 1.2\n---\na: b\n...\n", {"a": "b"}),
        ("\ufeffa: b", {"a": "b"}),
        ("fog", "fog"),
    ],
)
def test_values_are_plain_data(text: str, data: Json) -> None:
    assert data_of(text) == data


def test_keys_are_texts_as_written() -> None:
    text = "no: 1\n010: 2\n~: 3\n'': 4\n!!str true: 5\n? a b\n: 6\n"

    assert data_of(text) == {"no": 1, "010": 2, "~": 3, "": 4, "true": 5, "a b": 6}


def test_a_key_may_have_an_anchor() -> None:
    assert data_of("&a name: *a\n") == {"name": "name"}


def test_an_anchor_stands_for_what_had_it_last() -> None:
    assert data_of("[&a 1, *a, &a [2], *a, &a 3, *a]") == [1, 1, [2], [2], 3, 3]


def test_a_merge_adds_what_is_not_written() -> None:
    text = "base: &base {model: local, params: {voice: drew}}\nstep: {<<: *base, model: fal}\n"

    assert data_of(text) == {
        "base": {"model": "local", "params": {"voice": "drew"}},
        "step": {"model": "fal", "params": {"voice": "drew"}},
    }


def test_an_overridden_key_is_no_duplicate_wherever_the_merge_stands() -> None:
    text = "base: &base {a: 1}\nbefore: {<<: *base, a: 2}\nafter: {a: 3, <<: *base}\n"

    assert data_of(text) == {"base": {"a": 1}, "before": {"a": 2}, "after": {"a": 3}}


@pytest.mark.parametrize("merged", ["[*one, *two]", "*both", "[*one, {a: 3, b: 2}]"])
def test_the_first_of_several_merged_mappings_counts(merged: str) -> None:
    text = f"x: [&one {{a: 1}}, &two {{a: 2, b: 2}}, &both [*one, *two]]\ny: {{<<: {merged}}}\n"
    data = data_of(text)

    assert isinstance(data, dict)
    assert data["y"] == {"a": 1, "b": 2}


def test_a_merge_of_a_merge_adds_all_of_it() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2, z: 2}\nc: {<<: *b, z: 3}\n"
    data = data_of(text)

    assert isinstance(data, dict)
    assert data["c"] == {"x": 1, "y": 2, "z": 3}


def test_a_quoted_merge_key_is_a_key() -> None:
    assert data_of("{'<<': fog}") == {"<<": "fog"}


def test_all_repeated_keys_are_told() -> None:
    assert codes_of("a: 1\nb: {c: 1,\n  c: 2}\na: 2\na: 3\n") == [
        ("repeated_key", 3),
        ("repeated_key", 4),
        ("repeated_key", 5),
    ]


def test_what_was_found_is_told_before_what_ends_the_reading() -> None:
    assert codes_of("a: 1\na: 2\nb: !env HOME\nc: 3\nc: 4\n") == [("repeated_key", 2), ("tag", 3)]


def test_what_was_found_is_told_before_what_is_no_yaml() -> None:
    assert codes_of("a: 1\na: 1e999\nb: ]\n") == [
        ("repeated_key", 2),
        ("no_such_number", 2),
        ("unexpected", 3),
    ]


def test_after_a_hundred_faults_no_more_are_looked_for() -> None:
    assert codes_of("a: 1\n" * 200) == [("repeated_key", line) for line in range(2, 102)]


@pytest.mark.parametrize("tag", ["!!python/name:os", "!!binary", "!!timestamp", "!!set", "!own"])
def test_a_tag_makes_nothing(tag: str) -> None:
    assert codes_of(f"a: {tag} b") == [("tag", 1)]
    assert codes_of(f"a: {tag} {{b: c}}") == [("tag", 1)]


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def test_64_levels_are_deep_enough() -> None:
    data = data_of(nested(64))
    for _ in range(63):
        assert isinstance(data, list)
        (data,) = data

    assert data == []
    assert codes_of(nested(65)) == [("too_deep", 1)]


def test_what_an_alias_stands_for_counts_among_the_levels() -> None:
    def text(around: int) -> str:
        return f"[&a {nested(32)}, {'[' * around}*a{']' * around}]"

    assert data_of(text(31)) is not None
    assert codes_of(text(32)) == [("too_deep", 1)]

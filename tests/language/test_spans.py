"""Where the values of a text stand."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aipipe.contracts.artefact import Json
from aipipe.language.composer import Composer
from aipipe.language.diagnostics import Path
from aipipe.language.source import Source
from aipipe.language.spans import Span, find, tree

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=8)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), WORDS)
DATA = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4) | st.dictionaries(WORDS, inner, max_size=4)
    ),
    max_leaves=20,
).filter(lambda data: data is not None)


class Quoting(yaml.SafeDumper):
    """Writes every text in quotes and every value in full."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _quoted(dumper: Quoting, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


Quoting.add_representer(str, _quoted)


def paths(data: Json, at: Path = ()) -> Iterator[tuple[Path, Json]]:
    yield at, data
    inner: list[tuple[str | int, Json]] = []
    if isinstance(data, dict):
        inner.extend(data.items())
    elif isinstance(data, list):
        inner.extend(enumerate(data))
    for key, value in inner:
        yield from paths(value, (*at, key))


def slice_of(source: Source, span: Span) -> str:
    """The text at a span, indented as its first line is."""
    first, last = span.start, span.end
    if first.line == last.line:
        return source.line(first.line)[first.column : last.column]
    lines = [source.line(n) for n in range(first.line, last.line)]
    end = source.line(last.line)[: last.column]
    return "\n".join([" " * first.column + lines[0][first.column :], *lines[1:], end])


@settings(deadline=None)
@given(DATA, st.sampled_from([True, False, None]), st.sampled_from([None, 4]))
def test_the_text_at_each_place_is_the_value_that_stands_there(
    data: Json, flow: Any, indent: int | None
) -> None:
    text = yaml.dump(
        data, Dumper=Quoting, default_flow_style=flow, indent=indent, allow_unicode=True, width=40
    )
    source, root = Source("a.yaml", text), tree(text)

    for path, value in paths(data):
        part = slice_of(source, find(root, path).span)
        assert Composer(Source("b.yaml", part)).compose() == value


@settings(deadline=None)
@given(st.dictionaries(WORDS, DATA, min_size=1))
def test_behind_an_alias_each_value_is_known_by_where_it_is_written(shared: Json) -> None:
    data = {"base": shared, "again": {"deep": [shared]}}
    text = yaml.dump(data, default_style='"', sort_keys=False)
    source, root = Source("a.yaml", text), tree(text)

    for path, _ in paths(shared):
        first, second = find(root, ("base", *path)), find(root, ("again", "deep", 0, *path))
        assert slice_of(source, second.span) == "*id001"
        assert second.written == (first.span if path else None)


def at(text: str, *path: str | int) -> tuple[str, str | None, str | None]:
    """What stands at a path's place, at its key's, and the anchor that it came through."""
    source, found = Source("a.yaml", text), find(tree(text), path)
    return (
        slice_of(source, found.span),
        slice_of(source, found.key) if found.key is not None else None,
        found.anchor,
    )


PLAIN = "steps:\n  - {type: upscale, params: {model: }}\n  - 'fog'\n"


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("steps", 0, "type"), "upscale", "type"),
        (("steps", 0, "params"), "{model: }", "params"),
        (("steps", 0, "params", "model"), "", "model"),
        (("steps", 1), "'fog'", None),
        (("steps", 7), "  - {type: upscale, params: {model: }}\n  - 'fog'\n", "steps"),
        (("steps", 0, "type", "deeper"), "upscale", "type"),
        (("steps", 0, "modle"), "{type: upscale, params: {model: }}", None),
        (("nothing", "there"), PLAIN, None),
    ],
)
def test_a_path_leads_to_its_value_or_to_what_is_nearest_above(
    path: Path, value: str, key: str | None
) -> None:
    assert at(PLAIN, *path) == (value, key, None)


def test_behind_an_alias_a_value_stands_where_the_alias_does() -> None:
    text = "x-a: &a {voice: {name: drew}}\nstep: *a\nboth: [*a, {params: *a}]\n"

    assert at(text, "x-a", "voice") == ("{name: drew}", "voice", None)
    assert at(text, "step", "voice", "name") == ("*a", "step", "a")
    assert at(text, "both", 0, "voice") == ("*a", None, "a")
    assert at(text, "both", 1, "params", "voice") == ("*a", "params", "a")
    assert at(text, "step", "nothing") == ("*a", "step", "a")


def test_the_alias_itself_is_no_place_behind_it() -> None:
    assert at("x-a: &a {voice: drew}\nstep: *a\n", "step") == ("*a", "step", None)


def test_behind_two_aliases_the_first_one_counts() -> None:
    text = "x-a: &a {name: drew}\nx-b: &b {voice: *a}\nstep: *b\n"

    assert at(text, "step", "voice", "name") == ("*b", "step", "b")


@pytest.mark.parametrize("merged", ["*a", "[*b, *a]", "*both", "*all"])
def test_a_merged_value_stands_where_the_alias_does(merged: str) -> None:
    bases = "[&a {voice: {name: drew}}, &b {model: local}, &both [*b, *a], &all {<<: *both}]"
    text = f"x-bases: {bases}\nstep: {{<<: {merged}, id: hero}}\n"
    (alias,) = {"*a": ["*a"], "[*b, *a]": ["*a"], "*both": ["*both"], "*all": ["*all"]}[merged]

    place, _, through = at(text, "step", "voice", "name")

    assert (place, through) == (alias, alias[1:])
    assert at(text, "step", "id") == ("hero", "id", None)


def test_a_written_value_counts_before_a_merged_one() -> None:
    text = "x-a: &a {voice: drew}\nstep: {<<: *a, voice: rachel}\n"

    assert at(text, "step", "voice") == ("rachel", "voice", None)


def test_what_is_merged_without_an_alias_stands_where_it_is_written() -> None:
    assert at("step: {<<: {voice: drew}}", "step", "voice") == ("drew", "voice", None)


def test_what_no_merge_adds_stands_at_the_mapping() -> None:
    text = "x-a: &a {voice: drew}\nstep: {<<: *a}\n"

    assert at(text, "step", "model") == ("{<<: *a}", "step", None)


def test_a_quoted_merge_key_is_a_key_like_others() -> None:
    assert at("step: {'<<': {voice: drew}}", "step", "<<", "voice") == ("drew", "voice", None)

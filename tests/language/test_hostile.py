"""Texts made to hurt: each ends soon, in little memory, with a clear fault."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.reading import refused

from aipipe.language.loading import LARGEST
from aipipe.language.reader import read_text
from aipipe.language.references import expression

MANY = 100_000
MEGABYTES = 600
SECONDS = 60


def bomb(levels: int) -> str:
    """Each level is ten times the one before."""
    return "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)
    )


def chain(levels: int, link: str) -> str:
    """Each entry holds the one before."""
    return "a0: &a0 {x: 1}\n" + "\n".join(
        f"a{n}: &a{n} {link.format(n - 1)}" for n in range(1, levels)
    )


def filled(part: str) -> str:
    """As much of it as a file may hold."""
    return part * (LARGEST // len(part))


DEEP = ("too_deep", "more than 64 levels deep")
MILLION = ("too_many_values", "more than 1,000,000 values")
BOMB = ("alias_bomb", "the aliases up to here stand for more than 200,000 values")
KEY = ("key_not_text", "a list or mapping can't be a key")
EMPTY = ("empty_file", "the file is empty")
Hostile = dict[str, tuple[Callable[[], str], tuple[str, str]]]
NESTED: Hostile = {
    "brackets": (lambda: "[" * MANY, DEEP),
    "closed_brackets": (lambda: "[" * MANY + "]" * MANY, DEEP),
    "mappings": (lambda: "{a: " * MANY, DEEP),
    "lists": (lambda: "- " * MANY, DEEP),
    "indented": (lambda: "\n".join(" " * n + "a:" for n in range(1_000)), DEEP),
    "braces": (lambda: "{a: [" * MANY, DEEP),
    "complex_keys": (lambda: "? " * MANY, KEY),
    "bomb": (lambda: bomb(9), BOMB),
    "chain_of_lists": (lambda: chain(MANY, "[*a{}]"), DEEP),
    "chain_of_merges": (lambda: chain(MANY, "{{<<: *a{}}}"), DEEP),
    "doubled_merges": (lambda: chain(MANY, "{{<<: [*a{0}, *a{0}]}}"), BOMB),
    "values": (lambda: "[" + "1," * 1_000_001, MILLION),
    "aliases": (lambda: "a: &a x\nb:\n" + "- *a\n" * 3 * MANY, BOMB),
}
FULL: Hostile = {
    "full_of_brackets": (lambda: filled("["), DEEP),
    "full_of_entries": (lambda: filled("- x\n"), MILLION),
    "full_of_keys": (
        lambda: "".join(f"k{n}: \n" for n in range(7 * MANY)),
        MILLION,
    ),
    "full_of_one_key": (
        lambda: filled("a: x\n"),
        ("repeated_key", "the key 'a' stands here a second time"),
    ),
    "full_of_lines": (lambda: filled("\n"), EMPTY),
    "full_of_lines_and_a_fault": (
        lambda: "a: b" + filled("\n")[9:] + "]",
        ("unexpected", "']' can't stand here"),
    ),
    "full_of_comments": (lambda: filled("#\n"), ("empty_file", "the file holds no pipeline")),
    "one_long_line": (
        lambda: "a: b: " + filled("x "),
        ("colon_in_text", "a text with ': ' in it must be quoted"),
    ),
    "one_long_quote": (lambda: "a: '" + filled("x "), ("open_quote", "this ' is never closed")),
    "one_long_number": (
        lambda: "a: " + filled("9")[9:],
        ("no_such_number", f"'{'9' * 40}…' is too large for a number"),
    ),
    "one_long_key": (
        lambda: "a: b\n  " + filled("x")[9:] + ":z\n  c: d",
        ("no_space", "a space is missing behind the colon"),
    ),
}


def verdict(name: str) -> tuple[str, str]:
    """The last fault of a text; no message is long, however long the text."""
    text, _ = (NESTED | FULL)[name]
    last = refused(lambda: read_text(text(), "a.yaml"))[-1]
    assert all(len(line) < 200 for line in (last.message, *last.hints))
    return last.code, last.message


@pytest.mark.parametrize("name", NESTED)
def test_what_has_no_end_is_ended_with_a_clear_fault(name: str) -> None:
    assert verdict(name) == NESTED[name][1]


def _survive() -> None:
    """Read them all within bounds: run by the test below, in a process of its own."""
    import resource  # noqa: PLC0415 (not on every system)

    megabyte = 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * megabyte, MEGABYTES * megabyte))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    assert expression(filled("$${{"), (), []) == filled("$${{").replace("$$", "$")
    sys.stdout.write(json.dumps({name: verdict(name) for name in NESTED | FULL}))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_what_nests_and_what_fills_a_file_is_read_in_little_time_and_memory() -> None:
    done = subprocess.run(
        [sys.executable, Path(__file__)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    expected = {name: list(fault) for name, (_, fault) in (NESTED | FULL).items()}
    assert json.loads(done.stdout) == expected


if __name__ == "__main__":
    _survive()

"""What a model has cost so far, beside what the catalogue says of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue

import pytest

from aipipe.cli.main import main
from aipipe.cli.money import apart
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.records import Advance, CallFacts, Record, TakeIntent, of_run
from aipipe.memory.ledger.steps import Settle
from aipipe.memory.ledger.writer import Reply, Writer

NOON = 1_795_521_600.0
"""2026-11-24, 12:00 UTC."""
CENT = 10_000_000
"""In nano-dollars."""
FLUX = CallFacts(
    run="7k2m",
    task="hero",
    type="text_to_image",
    provider="fal",
    model="flux_dev",
    endpoint="fal-ai/flux/dev",
    key="",
    open_key="",
)
Bill = tuple[int, int | None]
"""Cents billed, and cents that were likely (None: not known)."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that nobody has made yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def paid(home: Path, bills: Sequence[Bill], *, computed: int = 0) -> None:
    """A ledger with a billed call for each, the first so many by the price list."""
    records: list[Record] = []
    for number, (billed, likely) in enumerate(bills, 1):
        call = replace(FLUX, likely=None if likely is None else likely * CENT)
        receipt = Settle(billed=billed * CENT, computed=number <= computed)
        records.append(TakeIntent(call=call, hold=0, scopes=(of_run("7k2m"),)))
        records.append(Advance(call=number, transition=receipt))
    replies: SimpleQueue[Reply] = SimpleQueue()
    world = World(now=lambda: NOON, is_alive=lambda _: True)
    with Writer(Place(home=home), world) as writer:
        writer.put(records, replies.put)
    assert not isinstance(replies.get(), Exception)


def shown(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["models", "flux_dev", *more])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize(
    ("bills", "computed", "lines"),
    [
        (
            [(10, 10)] * 10 + [(10, 0)] * 2,
            0,
            [
                "billed so far   12 calls, $1.20, estimated $1.00 (+20 %)",
                "                since 2026-11-24",
            ],
        ),
        (
            [(3, 3)],
            1,
            [
                "billed so far   1 call, $0.030, estimated $0.030",
                "                since 2026-11-24; 1 by the price list, not reported",
            ],
        ),
        (
            [(9, 10), (5, None)],
            0,
            [
                "billed so far   2 calls, $0.140",
                "                1 of them $0.090, estimated $0.100 (-10 %)",
                "                since 2026-11-24",
            ],
        ),
        (
            [(5, None)],
            0,
            ["billed so far   1 call, $0.050", "                since 2026-11-24"],
        ),
    ],
    ids=["dearer", "by the price list", "some compared", "none compared"],
)
def test_a_model_shows_what_its_calls_have_cost_so_far(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    bills: Sequence[Bill],
    computed: int,
    lines: list[str],
) -> None:
    paid(home, bills, computed=computed)

    code, out, err = shown(capsys)

    facts = out.split("\n\n")[0].split("\n")
    first = next(i for i, line in enumerate(facts) if line.startswith("billed so far"))
    assert (code, err, facts[first:]) == (0, "", lines)


def test_the_same_as_data(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paid(home, [(12, 10), (5, None)], computed=1)

    found, _ = json.loads(shown(capsys, "--json")[1])

    assert found["so_far"] == {
        "calls": 2,
        "billed": "0.170",
        "computed": 1,
        "compared": 1,
        "compared_billed": "0.120",
        "estimated": "0.100",
        "since": "2026-11-24",
    }


def test_without_a_ledger_nothing_is_said_and_nothing_is_made(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = shown(capsys)
    found, _ = json.loads(shown(capsys, "--json")[1])

    assert (code, err, found["so_far"]) == (0, "", None)
    assert "billed so far" not in out
    assert not home.exists()


def test_a_ledger_that_is_broken_is_a_note_and_the_model_is_shown(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    (home / "ledger.sqlite3").write_bytes(b"")

    code, out, err = shown(capsys)

    file = home / "ledger.sqlite3"
    assert code == 0
    assert out.startswith("flux_dev   text_to_image\n")
    assert err == (
        "note: what it has cost so far is not known: "
        f"the ledger '{file}' is damaged: the file is empty\n"
    )


@pytest.mark.parametrize(
    ("billed", "estimated", "words"),
    [
        ("1.2", "1", " (+20 %)"),
        ("0.9", "1", " (-10 %)"),
        ("1.004", "1", ""),
        ("1", "0", ""),
        ("1", None, ""),
        ("25", "1", " (+2,400 %)"),
    ],
)
def test_how_far_a_bill_is_from_its_estimate(
    billed: str, estimated: str | None, words: str
) -> None:
    assert apart(Decimal(billed), None if estimated is None else Decimal(estimated)) == words

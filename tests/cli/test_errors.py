"""`aipipe errors`: codes listed and explained."""

import csv
import json
from pathlib import Path

import pytest
from support.golden import golden

from aipipe.cli import codes_screen
from aipipe.cli.diagnostics import Look
from aipipe.cli.main import main
from aipipe.contracts.codes.registry import CODES, KINDS, kind_of

GOLDEN = Path(__file__).parent / "golden"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_all_codes_are_listed_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "errors")

    assert (code, err) == (0, "")
    golden(GOLDEN / "errors.txt", out)


@pytest.mark.parametrize("word", ["no_answer", "overloaded", "result.lost"])
def test_a_code_is_explained(capsys: pytest.CaptureFixture[str], word: str) -> None:
    code, out, err = told(capsys, "errors", word)

    assert (code, err) == (0, "")
    golden(GOLDEN / f"errors_{word}.txt", out)


def test_on_a_terminal_an_explanation_fits_it() -> None:
    shown = codes_screen.full(CODES["no_answer"], kind_of("no_answer"), Look(columns=72))

    assert max(map(len, shown.splitlines())) <= 72
    assert " ".join(shown.split()).endswith(" ".join(CODES["no_answer"].todo.split()))


def test_on_a_terminal_the_list_fits_it_and_keeps_every_code() -> None:
    lines = codes_screen.listed(KINDS, Look(columns=60)).splitlines()

    assert max(map(len, lines)) <= 60
    assert {line.split()[0] for line in lines if line.startswith("  ")} == set(CODES)


def test_codes_as_data_are_the_whole_registry(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(told(capsys, "errors", "--json")[1])
    rows = list(csv.DictReader(told(capsys, "errors", "--format", "csv")[1].splitlines()))

    assert [each["code"] for each in listed] == list(CODES)
    assert rows == listed


def test_one_code_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(told(capsys, "errors", "not_sent", "--json")[1]) == [
        {
            "code": "not_sent",
            "kind": "calls to providers",
            "meaning": "the provider could not be reached, so nothing was sent",
            "spent": "no",
            "sent_again": "attempts",
            "todo": "look at the network and the proxy, and run it again",
        }
    ]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("no_anser", "error: unknown code 'no_anser'\n  did you mean 'no_answer'?\n"),
        ("RATE-LIMIT", "error: unknown code 'RATE-LIMIT'\n  did you mean 'rate_limit'?\n"),
        ("zzz", "error: unknown code 'zzz'\n  all of them: aipipe errors\n"),
    ],
)
def test_a_code_that_is_not_known_is_suggested(
    capsys: pytest.CaptureFixture[str], word: str, message: str
) -> None:
    assert told(capsys, "errors", word) == (2, "", message)

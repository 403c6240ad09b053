"""The command line itself: help, unknown words, failures, bugs."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.golden import golden

from aipipe import __version__
from aipipe.cli import failures, main
from aipipe.cli.diagnostics import Look
from aipipe.errors import CapError, DeclinedError, ExitCode, PipelineFaultsError, UsageError
from aipipe.language.diagnostics import Diagnostic, Severity

GOLDEN = Path(__file__).parent / "golden"
COMMANDS = tuple(main.COMMANDS)
FAULT = Diagnostic(
    severity=Severity.ERROR,
    code="unknown_key",
    message="unknown key 'modle'",
    file="a.yaml",
    line=3,
    column=5,
    length=5,
    source="    modle: flux",
    hints=("did you mean 'model'?",),
)


def aipipe(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aipipe", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(environment),
    )


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AIPIPE_")}
    return {**kept, "COLUMNS": "80", **more}


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(arguments)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_the_version_is_answered_without_typer() -> None:
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "aipipe", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout == f"aipipe {__version__}\n"
    assert not [name for name in ("typer", "rich", "yaml", "json") if f" {name}\n" in found.stderr]


def test_the_version_is_an_option_of_the_group_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "-V") == (0, f"aipipe {__version__}\n", "")


def test_no_arguments_show_the_help() -> None:
    bare, asked, short = aipipe(), aipipe("--help"), aipipe("-h")

    assert (bare.returncode, bare.stdout) == (0, asked.stdout) == (0, short.stdout)
    golden(GOLDEN / "help.txt", asked.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    found = aipipe(name, "--help")

    assert (found.returncode, found.stderr) == (0, "")
    assert f"\nExamples:\n  aipipe {name}" in found.stdout
    golden(GOLDEN / f"help_{name}.txt", found.stdout)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rnu",), "error: unknown command 'rnu'\n  did you mean 'run'?\n"),
        (
            ("estimate_cost",),
            "error: unknown command 'estimate_cost'\n  did you mean 'estimate-cost'?\n",
        ),
        (("a.yaml",), "error: unknown command 'a.yaml'\n  to run it: aipipe run a.yaml\n"),
        (
            ("frobnicate",),
            (
                "error: unknown command 'frobnicate'\n  there are: run, validate, estimate-cost, "
                "plan, models, voices, runs, jobs, cache, errors, init, schema, migrate, doctor\n"
            ),
        ),
        (
            ("run", "a.yaml", "--promt", "x"),
            "error: unknown option '--promt'\n  did you mean '--prompt'?\n",
        ),
        (
            ("run", "a.yaml", "--zzzzzz"),
            "error: unknown option '--zzzzzz'\n  all options: aipipe run --help\n",
        ),
        (("run",), "error: PIPELINE is missing\n  usage: aipipe run --help\n"),
        (
            ("run", "a.yaml", "--prompt"),
            "error: option '--prompt' requires an argument\n  usage: aipipe run --help\n",
        ),
        (
            ("run", "a.yaml", "b.yaml"),
            "error: unexpected argument 'b.yaml'\n  usage: aipipe run --help\n",
        ),
        (
            ("run", "a.yaml", "--format", "xml"),
            "error: --format is one of table, json, csv, paths, github, and not 'xml'\n",
        ),
        (
            ("run", "a.yaml", "--max-cost", "a lot"),
            "error: --max-cost takes an amount in USD, such as 2.50, and not 'a lot'\n",
        ),
    ],
)
def test_what_can_not_be_understood_exits_2_with_a_suggestion(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert told(capsys, *arguments) == (2, "", message)


def test_a_failure_before_the_run_prints_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "run", "a.yaml", "--json", "--max-cost", "much")

    assert code == 2
    assert err.startswith("error: --max-cost")
    assert json.loads(out) == {
        "schema_version": 1,
        "status": "failed",
        "exit_code": 2,
        "errors": [
            {
                "severity": "error",
                "code": "usage",
                "message": "--max-cost takes an amount in USD, such as 2.50, and not 'much'",
                "file": None,
                "line": None,
                "column": None,
                "hints": [],
            }
        ],
    }


def test_the_faults_of_a_file_are_told_with_their_places() -> None:
    error = PipelineFaultsError([FAULT])

    golden(GOLDEN / "faults.txt", failures.rendered(error, Look()) + "\n")
    golden(GOLDEN / "faults.json", failures.as_json(error) + "\n")


def test_the_cap_is_exit_3_and_says_what_fits() -> None:
    error = CapError(
        "likely $10.50 is above the cap of $5.00",
        hints=("fits: --partial, or without imagen4 and seedream $3.30",),
    )

    assert error.exit_code is ExitCode.CAP
    assert failures.rendered(error, Look()) == (
        "error: likely $10.50 is above the cap of $5.00 · nothing ran, nothing spent · exit 3\n"
        "  fits: --partial, or without imagen4 and seedream $3.30"
    )
    assert json.loads(failures.as_json(error))["status"] == "refused"


def test_declining_is_no_error_but_exit_2() -> None:
    error = DeclinedError("declined")

    assert error.exit_code is ExitCode.USAGE
    assert failures.rendered(error, Look()) == "declined · nothing ran, nothing spent · exit 2"


@pytest.mark.parametrize(
    ("arguments", "environment", "json_", "color", "verbose"),
    [
        (["run", "--json"], {}, True, "auto", False),
        (["run", "--format", "json", "-v"], {}, True, "auto", True),
        (["run", "--format=json"], {}, True, "auto", False),
        (["run", "--format", "csv"], {"AIPIPE_FORMAT": "json"}, False, "auto", False),
        (["run"], {"AIPIPE_FORMAT": "json", "AIPIPE_COLOR": "never"}, True, "never", False),
        (["run"], {"AIPIPE_JSON": "1", "AIPIPE_VERBOSE": "1"}, True, "auto", True),
        (["run", "--no-color"], {"AIPIPE_JSON": "0"}, False, "never", False),
        (["run", "--color", "always"], {}, False, "always", False),
    ],
)
def test_a_failure_is_told_as_the_arguments_ask_even_where_they_can_not_be_parsed(
    arguments: list[str],
    environment: dict[str, str],
    *,
    json_: bool,
    color: str,
    verbose: bool,
) -> None:
    assert failures.wanted(arguments, environment) == failures.Wanted(
        json=json_, color=color, verbose=verbose
    )


def test_a_bug_is_exit_70_short_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> int:
        raise ZeroDivisionError("by zero")

    short = main.guarded(broken, ["run"]), capsys.readouterr()
    long = main.guarded(broken, ["run", "-v", "--json"]), capsys.readouterr()

    assert short[0] == long[0] == 70
    assert short[1] == (
        "",
        (
            "error: a bug in aipipe: ZeroDivisionError: by zero · exit 70\n"
            "  run it again with -v for the traceback, and report it\n"
        ),
    )
    assert long[1].err.startswith("Traceback (most recent call last):\n")
    assert json.loads(long[1].out)["errors"][0]["code"] == "bug"


def test_an_interrupt_is_exit_130(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    assert main.guarded(interrupted, ["run"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_usage_error_keeps_its_hints(capsys: pytest.CaptureFixture[str]) -> None:
    def refuses() -> int:
        raise UsageError("no", hints=("try", "again"))

    assert main.guarded(refuses, ["run"]) == 2
    assert capsys.readouterr() == ("", "error: no\n  try\n  again\n")


def test_a_reader_that_goes_away_is_no_failure() -> None:
    command = f"{sys.executable} -m aipipe run --help | head -1; exit ${{PIPESTATUS[0]}}"
    found = subprocess.run(
        ["/bin/bash", "-c", command], capture_output=True, text=True, check=False
    )

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("Usage: aipipe run")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_the_caller_closed_is_no_failure(closed: str) -> None:
    found = subprocess.run(
        ["/bin/bash", "-c", f"{sys.executable} -m aipipe schema --path {closed}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (found.returncode, found.stderr) == (0, "")
    assert bool(found.stdout) == (" >&-" not in f" {closed}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_results_that_can_not_be_written_are_a_failure() -> None:
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "aipipe", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (found.returncode, found.stderr) == (
        1,
        "error: can't write the results: no space left on device\n",
    )


def test_a_variable_of_a_repeatable_option_holds_one_value_a_line() -> None:
    found = aipipe("plan", "a.yaml", AIPIPE_VAR="style=film noir\nstyle=b")

    assert (found.returncode, found.stderr) == (2, "error: --var style is given twice\n")


def test_a_variable_of_a_flag_is_true_or_false() -> None:
    found = aipipe("run", "a.yaml", AIPIPE_MOCK="perhaps")

    assert (found.returncode, found.stderr) == (
        2,
        ("error: --mock (AIPIPE_MOCK) is one of true, false, 1, 0\n  usage: aipipe run --help\n"),
    )


def test_variables_stand_in_for_options_and_options_win() -> None:
    by_variable = aipipe("run", "a.yaml", AIPIPE_MAX_COST="much")
    by_option = aipipe("run", "a.yaml", "--max-cost", "lots", AIPIPE_MAX_COST="much")

    assert "and not 'much'" in by_variable.stderr
    assert "and not 'lots'" in by_option.stderr

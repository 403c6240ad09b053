"""`--env-file`, `--no-env-file` and a `.env`, on the commands that look for keys."""

import json
from pathlib import Path

import pytest
from support.golden import golden
from support.kept import begun, keep, paid
from support.keyless import keyless

from aipipe.cli import completion
from aipipe.cli.main import main

GOLDEN = Path(__file__).parent / "golden"
PAID = """\
name: paid
prompt: a lighthouse in fog
steps: [{type: text_to_image, model: flux}]
"""
MOVED = "OPENAI_BASE_URL=http://elsewhere\n"
KEY = "FAL_KEY=canary\n"
COMMANDS = (
    ("run", "paid.yaml", "--dry-run"),
    ("plan", "paid.yaml"),
    ("estimate-cost", "paid.yaml"),
    ("jobs", "fetch", "--all"),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a home of its own, a paid pipeline, and a world without keys."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    keyless(monkeypatch)
    (tmp_path / "paid.yaml").write_text(PAID, encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def lacks_key(capsys: pytest.CaptureFixture[str], *arguments: str) -> bool:
    """Whether a run fails for want of a key."""
    code, out, _ = told(capsys, "run", "paid.yaml", "--json", "--max-cost", "0.0001", *arguments)
    assert code in {2, 3}  # nothing is sent where the key is there: it costs too much
    return bool(json.loads(out)["errors"][0]["code"] == "missing_key")


def test_a_run_finds_its_key_in_either_file_unless_told_not_to(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ci.env").write_text(KEY, encoding="utf-8")
    without = [lacks_key(capsys), lacks_key(capsys, "--env-file", "ci.env")]
    (folder / ".env").write_text(KEY, encoding="utf-8")
    (folder / "empty").touch()

    found = [
        lacks_key(capsys),
        lacks_key(capsys, "--no-env-file"),
        lacks_key(capsys, "--env-file", "empty"),
    ]

    assert (without, found) == ([True, False], [False, True, True])


def test_a_missing_key_points_to_the_file_that_was_looked_into(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ci.env").write_text(MOVED, encoding="utf-8")
    here, there, none = (
        told(capsys, "run", "paid.yaml", *more)[2]
        for more in ((), ("--env-file", "ci.env"), ("--no-env-file",))
    )

    line = "  in the environment, or as a line of '{}':  FAL_KEY=…\n"
    assert line.format(".env") in here
    assert line.format("ci.env") in there
    assert "OPENAI_BASE_URL in 'ci.env' is not used" in there
    assert "as a line of" not in none


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_an_address_in_the_file_is_told_once_on_standard_error(
    folder: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    (folder / ".env").write_text(MOVED + KEY, encoding="utf-8")

    code, out, err = told(capsys, *command)
    quiet = told(capsys, *command, "--no-env-file")

    assert (code, quiet[0]) == (0, 0)
    golden(GOLDEN / "env_address.txt", err.replace("no call is open\n", ""))
    assert (out, "OPENAI" in quiet[2]) == (quiet[1], False)


def test_a_runs_progress_tells_it_as_it_tells_all_warnings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text(MOVED, encoding="utf-8")

    plain = told(capsys, "run", "paid.yaml", "--mock", "--progress", "plain")
    data = told(capsys, "run", "paid.yaml", "--mock", "--progress", "json")
    strict = told(capsys, "run", "paid.yaml", "--mock", "--progress", "quiet", "--strict")

    assert (plain[0], data[0], strict[0]) == (0, 0, 0)
    assert [line for line in plain[2].splitlines() if " warn " in line] == [
        (
            "0:00 warn    OPENAI_BASE_URL in '.env' is not used: keys are sent to an address, "
            "so only the environment may move it"
        )
    ]
    events = [json.loads(line) for line in data[2].splitlines()]
    assert ["OPENAI_BASE_URL" in each.get("message", "") for each in events].count(True) == 1


@pytest.mark.parametrize("command", [*COMMANDS, ("doctor",)], ids=lambda words: words[0])
@pytest.mark.usefixtures("folder")
def test_a_named_file_must_be_readable(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert told(capsys, *command, "--env-file", "ci.env") == (
        2,
        "",
        (
            "error: can't read 'ci.env': no such file or directory\n"
            "  it should hold keys, one NAME=VALUE a line\n"
        ),
    )
    assert told(capsys, *command, "--env-file", " ") == (2, "", "error: --env-file is empty\n")


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--env-file", "ci.env", "--no-env-file"), {}),
        ((), {"AIPIPE_ENV_FILE": "ci.env", "AIPIPE_NO_ENV_FILE": "1"}),
    ],
)
@pytest.mark.usefixtures("folder")
def test_both_options_exclude_each_other(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    variables: dict[str, str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert told(capsys, "plan", "paid.yaml", *arguments) == (
        2,
        "",
        "error: --env-file and --no-env-file exclude each other\n",
    )


def test_what_is_typed_goes_before_a_variable(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "ci.env").write_text(KEY, encoding="utf-8")
    monkeypatch.setenv("AIPIPE_ENV_FILE", "ci.env")
    by_file = [lacks_key(capsys), lacks_key(capsys, "--no-env-file")]
    monkeypatch.delenv("AIPIPE_ENV_FILE")
    monkeypatch.setenv("AIPIPE_NO_ENV_FILE", "1")
    by_none = [lacks_key(capsys), lacks_key(capsys, "--env-file", "ci.env")]

    assert (by_file, by_none) == ([False, True], [True, False])


def test_files_of_variables_are_offered(folder: Path) -> None:
    for name in (".env", ".env.local", "ci.env", "keys.txt"):
        (folder / name).touch()
    for name in ("sub", ".git"):
        (folder / name).mkdir()

    assert completion.env_files("") == [".env", ".env.local", "ci.env", "sub/"]
    assert completion.env_files(".env.") == [".env.local"]
    assert completion.env_files("none/") == []


def test_jobs_are_fetched_with_the_key_of_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder / "home", begun("7k2m"), paid("7k2m", "hero", "flux_dev", 3, "fal"))
    (folder / ".env").write_text(KEY, encoding="utf-8")

    found = [told(capsys, "jobs", "fetch", "--all", *more)[1] for more in ((), ("--no-env-file",))]

    assert ["no key for fal" in each for each in found] == [False, True]
    assert "canary" not in found[0]

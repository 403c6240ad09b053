"""Past runs, from ledgers that real runs and a real writer have kept."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from support.golden import golden
from support.kept import NOON, a_paid_run, begun, ended, keep

from aipipe.app.runs import past_run, past_runs
from aipipe.cli import completion, runs_screen
from aipipe.cli.diagnostics import Look
from aipipe.cli.main import main
from aipipe.cli.runs_screen import View
from aipipe.memory.ledger.liveness import living

GOLDEN = Path(__file__).parent / "golden"
ON = View(look=Look(), here="/home/ann", zone=UTC)
GOOD = """\
name: two_texts
prompt: a lighthouse in fog
steps:
  - {id: one, type: text_to_text, model: local}
  - {id: two, type: text_to_text, model: local}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a pipeline, and a home that nobody has made yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = told(capsys, "runs", *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The name of a run of the good pipeline."""
    code, out, _ = told(capsys, "run", "good.yaml", "--json", "-q", *arguments)
    assert code == 0
    return str(json.loads(out)["run"])


def row(place: int, status: str, **more: Any) -> Mapping[str, Any]:
    """A row of run.json."""
    return {
        "id": f"pictures.{place}",
        "key": None,
        "label": "",
        "type": "text_to_image",
        "model": "flux",
        "provider": "fal",
        "status": status,
        "attempts": 1,
        "reused": False,
        "seconds": 3.9,
        "cost": {"estimated": "0.040", "billed": "0.000", "computed": False},
        "outputs": [],
        "ignored": False,
        "error": None,
        **more,
    }


NO_COST = {"estimated": None, "billed": "0.000", "computed": False}
ROWS = (
    row(
        1,
        "done",
        outputs=[{"path": "flux.png", "media": "image", "sha256": "0", "bytes": 9}],
        cost={"estimated": "0.025", "billed": "0.030", "computed": True},
    ),
    row(2, "running", seconds=None, attempts=0),
    row(3, "unconfirmed", error={"code": "fal.lost", "message": "no answer", "hint": None}),
)


def tell(folder: Path, run: str, *rows: object) -> None:
    """Write a run.json as it stands in the middle of a run."""
    cost = {"estimated": {"low": "0.1", "likely": "0.145", "at_most": "0.2"}, "billed": "0.030"}
    found = {"run": run, "seconds": 7.5, "counts": {"done": 1, "unconfirmed": 1}, "cost": cost}
    folder.mkdir(exist_ok=True)
    (folder / "run.json").write_text(json.dumps({**found, "steps": rows}), encoding="utf-8")


# --- the commands


def test_where_nothing_ran_yet_one_line_says_so_and_nothing_is_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "no runs yet; the first one:  aipipe run PIPELINE\n"

    assert told(capsys, "runs", "list") == (0, "", said)
    assert told(capsys, "runs", "list", "--json") == (0, "[]\n", "")
    assert told(capsys, "runs", "list", "--format", "csv") == (
        0,
        "run,started,pipeline,status,done,failed,billed,held,folder\n",
        "",
    )
    assert told(capsys, "runs", "show", "7k2m") == (
        2,
        "",
        "error: unknown run '7k2m'\n  there are no runs yet\n",
    )
    assert completion.runs("") == []
    assert [path.name for path in folder.iterdir()] == ["good.yaml"]


def test_the_newest_run_comes_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [ran(capsys), ran(capsys, "-o", "second"), ran(capsys, "-o", "third", "--mock")]

    found = data(capsys, "list")

    assert [run["run"] for run in found] == names[::-1]
    assert [run["mock"] for run in found] == [True, False, False]
    assert [run["folder"] for run in found] == [
        str(folder / place) for place in ("third/mock", "second", "output/two_texts")
    ]
    assert {key: found[-1][key] for key in ("pipeline", "status", "exit_code", "cost")} == {
        "pipeline": "two_texts",
        "status": "done",
        "exit_code": 0,
        "cost": {"estimated": "0.000", "billed": "0.000", "held": "0.000"},
    }


@pytest.mark.usefixtures("folder")
def test_no_more_than_the_limit_are_listed_and_a_note_says_that_there_are_more(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for place, name in enumerate("abcd"):
        keep(tmp_path / "home", begun(name), ended(name), at=NOON + place)

    assert [run["run"] for run in data(capsys, "list", "--limit", "2")] == ["d", "c"]
    assert told(capsys, "runs", "list", "--limit", "3")[2] == (
        "the newest 3; more of them:  --limit 15\n"
    )
    assert told(capsys, "runs", "list", "--limit", "4")[2] == ""
    assert told(capsys, "runs", "list", "--limit", "none") == (
        2,
        "",
        "error: --limit takes a whole number from 1, and not 'none'\n",
    )


@pytest.mark.usefixtures("folder")
def test_a_run_that_ended_shows_its_steps_as_they_stand_in_its_run_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name = ran(capsys, "-o", "made")
    written = json.loads((tmp_path / "made" / "run.json").read_text(encoding="utf-8"))

    found = data(capsys, "show", name)

    assert (found["run"], found["counts"]) == (name, {"done": 2})
    assert (found["steps"], found["calls"]) == (written["steps"], [])


@pytest.mark.usefixtures("folder")
def test_the_steps_of_a_later_run_into_the_folder_are_not_those_of_an_earlier_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    earlier, later = ran(capsys), ran(capsys)

    assert [step["id"] for step in data(capsys, "show", later)["steps"]] == ["one", "two"]
    assert data(capsys, "show", earlier)["steps"] == []
    assert data(capsys, "show", earlier)["counts"] == {"done": 2}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '{"run": "7k2m"}',
        '{"run": "7k2m", "steps": null}',
        '{"run": "7k2m", "steps": [1, {"id": "a"}], "counts": [], "cost": {"estimated": 1}}',
        '{"run": "7k2m", "steps": 7, "counts": {"done": "x"}, "seconds": "long"}',
    ],
)
def test_a_damaged_run_json_costs_the_steps_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    a_paid_run(tmp_path / "home", tmp_path)
    (tmp_path / "run.json").write_text(text, encoding="utf-8")

    assert (told(capsys, "runs", "list")[0], told(capsys, "runs", "show", "7k2m")[0]) == (0, 0)
    assert data(capsys, "show", "7k2m")["steps"] == []
    assert len(data(capsys, "show", "7k2m")["calls"]) == 4


@pytest.mark.usefixtures("folder")
def test_an_unknown_run_is_told_with_those_that_are_close(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    keep(tmp_path / "home", begun("7k2m"), begun("9c4f"), begun("7k2n"))

    assert told(capsys, "runs", "show", "7K2N")[2] == (
        "error: unknown run '7K2N'\n"
        "  did you mean '7k2n' or '7k2m'?\n"
        "  all of them: aipipe runs list\n"
    )
    assert told(capsys, "runs", "show", "xyz") == (
        2,
        "",
        "error: unknown run 'xyz'\n  all of them: aipipe runs list\n",
    )


@pytest.mark.usefixtures("folder")
def test_names_of_runs_are_offered(tmp_path: Path) -> None:
    keep(tmp_path / "home", begun("7k2m"), begun("9c4f"), begun("7k2n", pipeline="a\x1b[2Jb"))

    assert completion.runs("7") == [("7k2n", "a\N{REPLACEMENT CHARACTER}[2Jb"), ("7k2m", "fog")]
    assert completion.runs("8") == []


def test_a_home_that_can_not_be_read_offers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path))
    (tmp_path / "ledger.sqlite3").write_bytes(b"no ledger")

    assert completion.runs("") == []


def test_figures_that_are_none_are_unknown(tmp_path: Path) -> None:
    strange = row(1, "done", seconds=float("nan"), cost={**NO_COST, "billed": "NaN"})
    endless = row(2, "done", attempts=float("inf"))
    a_paid_run(tmp_path / "home", tmp_path / "out")
    tell(tmp_path / "out", "7k2m", strange, endless)

    (found,) = past_run(tmp_path / "home", "7k2m").steps

    assert (found.id, found.seconds, found.estimated, found.billed) == (
        "pictures.1",
        None,
        None,
        None,
    )


# --- what is known of a run


def test_a_run_goes_on_while_its_process_lives_and_was_killed_where_it_ended_without_an_end(
    tmp_path: Path,
) -> None:
    keep(tmp_path, begun("a"), begun("b"), begun("c"), ended("c", "failed", 1))

    with living(tmp_path, "a"):
        during = {run.kept.id: run.status for run in past_runs(tmp_path, limit=-1)}
        shown = past_run(tmp_path, "a").status
    after = {run.kept.id: run.status for run in past_runs(tmp_path, limit=-1)}

    assert during == {"a": "going on", "b": "killed", "c": "failed"}
    assert shown == "going on"
    assert after == {"a": "killed", "b": "killed", "c": "failed"}


def test_until_its_end_a_runs_folder_says_what_it_has_come_to(tmp_path: Path) -> None:
    a_paid_run(tmp_path / "home", tmp_path / "out")
    tell(tmp_path / "out", "7k2m", *ROWS)
    (listed,) = past_runs(tmp_path / "home", limit=1)
    shown = past_run(tmp_path / "home", "7k2m")

    assert (listed.done, listed.failed, listed.seconds) == (1, 1, None)
    assert listed == replace(shown, calls=(), steps=())


def test_what_an_earlier_process_of_a_run_came_to_is_no_longer_told_while_it_goes_on(
    tmp_path: Path,
) -> None:
    keep(tmp_path, begun("a"), ended("a", "failed", 1, done=1, failed=1))
    keep(tmp_path, begun("a"))

    with living(tmp_path, "a"):
        (found,) = past_runs(tmp_path, limit=1)

    assert (found.status, found.done, found.failed) == ("going on", None, None)


def test_the_money_of_a_run_is_what_its_calls_have_cost_and_may_still_cost(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_paid_run(folder / "home", folder / "out")
    keep(folder / "home", ended("7k2m", "unconfirmed", 4, done=1, failed=2))

    found = data(capsys, "show", "7k2m")

    assert found["cost"] == {"estimated": "0.145", "billed": "0.030", "held": "0.120"}
    assert [(call["work"], call["money"], call["cost"]) for call in found["calls"]] == [
        ("submitted", "billed", cost("0.030", held="0.000", billed="0.030", computed=True)),
        ("submitted", "held", cost("0.040", held="0.040")),
        ("unconfirmed", "held", cost("0.080", held="0.080")),
        ("rejected", "free", cost("0.080", held="0.000")),
    ]
    assert data(capsys, "list")[0]["cost"] == found["cost"]


def cost(
    at_most: str, *, held: str, billed: str | None = None, computed: bool = False
) -> dict[str, object]:
    return {"at_most": at_most, "held": held, "billed": billed, "computed": computed}


def test_the_csv_of_a_run_has_a_row_for_each_call_and_each_step(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_paid_run(folder / "home", folder / "out")
    tell(folder / "out", "7k2m", *ROWS)
    rows = list(
        csv.DictReader(told(capsys, "runs", "show", "7k2m", "--format", "csv")[1].split("\n"))
    )

    assert [
        (row["what"], row["id"], row["status"], row["held"], row["billed"]) for row in rows
    ] == [
        ("call", "pictures.1", "submitted", "0.000", "0.030"),
        ("call", "pictures.2", "submitted", "0.040", ""),
        ("call", "pictures.3", "unconfirmed", "0.080", ""),
        ("call", "pictures.4", "rejected", "0.000", ""),
        ("step", "pictures.1", "done", "", "0.030"),
        ("step", "pictures.2", "running", "", "0.000"),
        ("step", "pictures.3", "unconfirmed", "", "0.000"),
    ]
    assert (rows[1]["remote_id"], rows[4]["outputs"]) == ("r-2", "flux.png")
    assert (rows[0]["computed"], rows[2]["error"]) == ("true", "fal.lost: no answer")


# --- how it looks


def several(home: Path) -> None:
    """Runs of every kind, the paid one the newest."""
    keep(home, begun("3hd8", "/home/ann/output/fog", "multi_voice_tts_parallel"), at=NOON - 9e5)
    keep(home, ended("3hd8", "done", done=240, reused=1_000), at=NOON - 9e5)
    keep(home, begun("9c4f", "/srv/elsewhere"), ended("9c4f", "failed", 1, failed=3), at=NOON - 60)
    a_paid_run(home, "/home/ann/output/multi_model_image_comparison")


def test_runs_are_a_table(tmp_path: Path) -> None:
    several(tmp_path)

    golden(GOLDEN / "runs_list.txt", runs_screen.render(past_runs(tmp_path, limit=9), ON) + "\n")


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_on_a_terminal_every_run_and_its_status_are_there_within_its_width(
    tmp_path: Path, columns: int
) -> None:
    several(tmp_path)
    narrow = View(look=Look(columns=columns), here="/home/ann", zone=UTC)
    lines = runs_screen.render(past_runs(tmp_path, limit=9), narrow).split("\n")

    assert max(map(len, lines)) <= columns
    assert [line.split()[0] for line in lines] == ["run", "7k2m", "9c4f", "3hd8"]
    assert all(word in "\n".join(lines) for word in ("killed", "failed", "done"))


def test_a_killed_run_is_shown_in_full(tmp_path: Path) -> None:
    a_paid_run(tmp_path / "home", tmp_path / "out")
    tell(tmp_path / "out", "7k2m", *ROWS)
    found = past_run(tmp_path / "home", "7k2m")
    placed = replace(found, kept=replace(found.kept, folder="/home/ann/out"))

    golden(GOLDEN / "runs_show.txt", runs_screen.full(placed, ON) + "\n")


def test_a_run_that_cost_nothing_says_so(tmp_path: Path) -> None:
    free = replace(ended("9c4f", done=2), totals={"counts": {"done": 2}, "estimated": "0.000"})
    keep(tmp_path, replace(begun("9c4f", "/srv/out"), mock=True, command=""), free)

    golden(GOLDEN / "runs_show_free.txt", runs_screen.full(past_run(tmp_path, "9c4f"), ON) + "\n")


def test_a_folder_is_told_from_the_working_directory_where_that_is_shorter(
    tmp_path: Path,
) -> None:
    keep(tmp_path, begun("a", "/home/ann/out"), begun("b", "/srv/out"), begun("c", "/home/ann"))
    here = View(look=Look(), here="/home/ann/deep/down", zone=UTC)
    nowhere = View(look=Look(), here=None, zone=UTC)

    def folders(on: View) -> list[str]:
        lines = runs_screen.render(past_runs(tmp_path, limit=9), on).split("\n")[1:]
        return sorted(line.split()[-1] for line in lines)

    assert folders(ON) == [".", "/srv/out", "out"]
    assert folders(here) == ["../..", "../../out", "/srv/out"]
    assert folders(nowhere) == ["/home/ann", "/home/ann/out", "/srv/out"]


def test_what_a_run_is_called_can_not_steer_the_terminal(tmp_path: Path) -> None:
    steering = begun("a", "/home/ann/\x1b[2J", "\x1b[2J")
    keep(tmp_path, replace(steering, command="aipipe run \x1b[2J"))
    shown = runs_screen.full(past_run(tmp_path, "a"), ON)

    assert "\x1b" not in shown + runs_screen.render(past_runs(tmp_path, limit=1), ON)


# --- commands within a command


def test_a_group_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    bare, asked = told(capsys, "runs"), told(capsys, "runs", "--help")

    assert bare == asked
    assert bare[::2] == (0, "")
    assert "\nExamples:\n  aipipe runs list" in bare[1]


@pytest.mark.parametrize("name", ["list", "show"])
def test_every_command_of_the_group_has_help_with_examples(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = told(capsys, "runs", name, "--help")

    assert (code, err) == (0, "")
    assert f"\nExamples:\n  aipipe runs {name}" in out
    golden(GOLDEN / f"help_runs_{name}.txt", out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shwo",), "unknown command 'runs shwo'\n  did you mean 'show'?\n"),
        (
            ("7k2m",),
            "unknown command 'runs 7k2m'\n  there are: list, show, restore, forget, import\n",
        ),
        (("show",), "RUN is missing\n  usage: aipipe runs show --help\n"),
        (("show", "a", "--jsn"), "unknown option '--jsn'\n  did you mean '--json'?\n"),
        (("list", "--zzz"), "unknown option '--zzz'\n  all options: aipipe runs list --help\n"),
        (
            ("list", "--limit"),
            "option '--limit' requires an argument\n  usage: aipipe runs list --help\n",
        ),
        (("--zzz",), "unknown option '--zzz'\n  all options: aipipe runs --help\n"),
    ],
)
def test_what_can_not_be_understood_is_told_of_the_command_within(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert told(capsys, "runs", *arguments) == (2, "", f"error: {message}")

"""Open calls on the command line, from ledgers that a real writer or a real run has kept."""

import csv
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from support.buying import bought, calls, states
from support.golden import golden
from support.kept import CENT, begun, keep, paid, steps
from support.paid import KEY, Shop, texts

from aipipe.app.fetching_jobs import Asked
from aipipe.app.job_visits import Brought, Result
from aipipe.app.jobs import OpenJob, Standing, open_jobs
from aipipe.cli import bringing, completion, jobs_screen
from aipipe.cli.diagnostics import Look
from aipipe.cli.main import main
from aipipe.cli.runs_screen import View
from aipipe.cli.screen import screen
from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.outcome import Pending, Problem, Unreadable
from aipipe.contracts.registry import Registry
from aipipe.memory.ledger.records import TakeIntent
from aipipe.memory.ledger.states import Money, Work
from aipipe.memory.ledger.steps import Accept, Answer, Doubt, FinishRemotely, Settle

GOLDEN = Path(__file__).parent / "golden"
ON = View(look=Look(), here="/home/ann", zone=UTC)
CUT = Unreadable(problem=Problem(code="shop.down", message="the shop can't be reached"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that nobody has made yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(("jobs", *arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def job(name: str) -> Json:
    return {"provider": "shop", "id": name, "data": {}}


def at_shop(task: str, model: str, cents: int) -> TakeIntent:
    return paid("7k2m", task, model, cents, "shop")


def open_calls(home: Path) -> None:
    """One of each standing but `sent`, in a run that was killed."""
    keep(
        home,
        begun("7k2m"),
        at_shop("pictures.1", "flux_dev", 3),
        *steps(1, Accept(remote_id="r-1", job=job("r-1"))),
        at_shop("pictures.2", "seedream_4", 4),
        *steps(2, Accept(remote_id="r-2", job=job("r-2")), FinishRemotely(job=job("r-2"))),
        *steps(2, Settle(billed=2 * CENT, computed=False)),
        at_shop("pictures.3", "imagen4", 8),
        *steps(3, Answer(answer_path="/answers/3", answer_sha256="0")),
        at_shop("films[17].clip", "kling_2_5", 35),
        *steps(4, Doubt(error={"code": "shop.lost", "message": "no answer"})),
        at_shop("pictures.5", "imagen4", 8),
        *steps(5, Accept(remote_id=""), Settle(billed=8 * CENT, computed=True)),
    )


# --- list


def test_where_nothing_is_open_one_line_says_so_and_nothing_is_made(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "list") == (0, "", "no call is open\n")
    assert told(capsys, "list", "--unconfirmed") == (0, "", "no call is unconfirmed\n")
    assert told(capsys, "fetch", "--all") == (0, "", "no call is open\n")
    assert told(capsys, "forget", "7", "--yes")[::2] == (
        2,
        "error: unknown call '7'\n  all that are open: aipipe jobs list\n",
    )
    assert completion.jobs("") == []
    assert not home.exists()


def test_open_calls_are_a_table_with_what_to_do_next(tmp_path: Path) -> None:
    open_calls(tmp_path)
    found = open_jobs(tmp_path, Registry())
    sent = OpenJob(call=replace(found[0].call, id=6), standing=Standing.SENT, alive=True)
    shown = (*found, sent)

    golden(
        GOLDEN / "jobs_list.txt",
        f"{jobs_screen.render(shown, ON)}\n\n{jobs_screen.closing(shown, ON.look)}\n",
    )


@pytest.mark.parametrize("columns", [50, 80, 120])
def test_on_a_terminal_every_call_and_its_state_are_there_within_its_width(
    tmp_path: Path, columns: int
) -> None:
    open_calls(tmp_path)
    narrow = View(look=Look(columns=columns), here="/home/ann", zone=UTC)
    lines = jobs_screen.render(open_jobs(tmp_path, Registry()), narrow).split("\n")

    assert max(map(len, lines)) <= columns
    assert [line.split()[0] for line in lines] == ["call", "1", "2", "3", "4", "5"]
    assert all(word in "\n".join(lines) for word in ("going on", "made", "answer here", "unconf"))


@pytest.mark.usefixtures("home")
def test_the_json_has_the_sums_and_every_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_calls(tmp_path / "home")
    code, out, err = told(capsys, "list", "--json")
    found = json.loads(out)

    assert (code, err) == (0, "")
    assert {name: value for name, value in found.items() if name != "calls"} == {
        "schema_version": 1,
        "open": 5,
        "held": "0.460",
        "unconfirmed": 1,
        "at_stake": "0.350",
    }
    assert [(call["call"], call["state"], call["cost"]["held"]) for call in found["calls"]] == [
        (1, "going_on", "0.030"),
        (2, "made", "0.000"),
        (3, "answered", "0.080"),
        (4, "unconfirmed", "0.350"),
        (5, "cut_off", "0.000"),
    ]


@pytest.mark.usefixtures("home")
def test_those_in_doubt_can_be_listed_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_calls(tmp_path / "home")
    monkeypatch.setenv("AIPIPE_UNCONFIRMED", "retry")  # means runs
    _, out, _ = told(capsys, "list", "--unconfirmed", "--format", "csv")
    (row,) = csv.DictReader(out.split("\n"))

    assert (row["call"], row["state"], row["held"]) == ("4", "unconfirmed", "0.350")
    assert row["error"] == "shop.lost: no answer"


@pytest.mark.usefixtures("home")
def test_numbers_of_open_calls_are_offered(tmp_path: Path) -> None:
    open_calls(tmp_path / "home")

    assert [number for number, _ in completion.jobs("")] == ["5", "4", "3", "2", "1"]
    assert completion.jobs("4") == [("4", "films[17].clip, kling_2_5")]


def test_what_a_call_is_called_can_not_steer_the_terminal(tmp_path: Path) -> None:
    keep(tmp_path, begun("7k2m"), at_shop("\x1b[2J", "\x1b[2J", 3))
    found = open_jobs(tmp_path, Registry())

    assert "\x1b" not in jobs_screen.render(found, ON) + jobs_screen.closing(found, ON.look)


# --- fetch


def performed(place: Path, shop: Shop, form: str = "table", **options: Any) -> int:
    asked = Asked(home=place / "home", environment={KEY: "secret"}, **options)
    return bringing.perform(asked, shop.world.registry, form, screen())


def shop_with_open_jobs(folder: Path) -> Shop:
    shop = Shop(has_jobs=True, polls=[CUT, CUT])
    bought(texts("1", "1"), folder, shop)
    return shop


def test_what_became_of_each_call_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = shop_with_open_jobs(tmp_path)
    first, second = (call.id for call in calls(tmp_path))
    shop.polls.append(Pending(poll_after=1.0))
    capsys.readouterr()

    code = performed(tmp_path, shop, "json", calls=(first,))
    found = json.loads(capsys.readouterr().out)
    again = performed(tmp_path, shop, "csv", folder=tmp_path / "made")
    rows = list(csv.DictReader(capsys.readouterr().out.split("\n")))

    assert (code, found["exit_code"], found["schema_version"]) == (5, 5, 1)
    assert [(each["call"], each["result"]) for each in found["calls"]] == [(first, "going_on")]
    assert (again, [(row["call"], row["result"], row["billed"]) for row in rows]) == (
        0,
        [(str(first), "home", "1.000"), (str(second), "home", "1.000")],
    )
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == [
        "texts.1-1.txt",
        "texts.2-1.txt",
    ]


def test_those_who_wait_hear_of_each_call_as_it_comes_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = shop_with_open_jobs(tmp_path)
    capsys.readouterr()
    code = performed(tmp_path, shop, waits=True)
    lines = capsys.readouterr().err.splitlines()

    assert (code, lines[0]) == (
        0,
        "waiting for 2 calls; Ctrl-C ends the waiting, and the jobs go on",
    )
    assert sorted(line.split(" ", 2)[2] for line in lines[1:]) == ["texts.1: home", "texts.2: home"]


def test_a_signal_ends_the_waiting_with_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop(has_jobs=True, polls=[CUT])
    bought(texts("1"), tmp_path, shop)
    shop.polls.append(Pending(poll_after=3600.0))
    shop.look = lambda _what: os.kill(os.getpid(), signal.SIGTERM)
    code = performed(tmp_path, shop, "csv", waits=True)

    assert (code, "going_on" in capsys.readouterr().out) == (143, True)
    assert states(tmp_path) == [("texts.1", Work.SUBMITTED, Money.HELD)]


def test_what_was_asked_for_is_a_table_with_the_reasons_below(tmp_path: Path) -> None:
    open_calls(tmp_path)
    found = open_jobs(tmp_path, Registry())
    made = ArtefactRef(sha256="0", medium="image", extension="png", bytes=9)
    silent = Problem(code="shop.lost", message="no answer", hint="look at the shop")
    ends = (
        Brought(call=found[1].call, result=Result.HOME, outputs=(made,), paths=("out/p.2-1.png",)),
        Brought(call=found[2].call, result=Result.FAILED, problem=CUT.problem),
        Brought(call=found[3].call, result=Result.UNCONFIRMED, problem=silent),
        Brought(call=found[0].call, result=Result.GOING_ON),
        Brought(call=found[4].call, result=Result.LEFT),
    )
    parts = (
        jobs_screen.brought(ends, ON.look),
        jobs_screen.problems(ends, ON.look),
        jobs_screen.sums(ends, 4),
    )

    golden(GOLDEN / "jobs_fetch.txt", "\n\n".join(parts) + "\n")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (),
            (
                "no call is named\n"
                "  all that are open: aipipe jobs list\n"
                "  to fetch all of them: --all\n"
            ),
        ),
        (("--all", "7"), "--all takes all open calls, so name none, or leave it out\n"),
        (("--all", "--job-id", "a"), "--job-id says it of one call, so name that call alone\n"),
        (("1", "2", "--job-id", "a"), "--job-id says it of one call, so name that call alone\n"),
        (("1", "--job-id", " "), "--job-id is empty\n"),
        (
            ("x",),
            (
                "a call is known by its number, such as 7, and not by 'x'\n"
                "  all that are open: aipipe jobs list\n"
            ),
        ),
        (
            ("9" * 30,),
            "unknown call '9223372036854775807'\n  all that are open: aipipe jobs list\n",
        ),
    ],
)
def test_which_calls_are_meant_must_be_clear(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    open_calls(tmp_path / "home")

    assert told(capsys, "fetch", *arguments) == (2, "", f"error: {message}")


# --- forget


@pytest.mark.usefixtures("home")
def test_without_a_terminal_forgetting_takes_a_yes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_calls(tmp_path / "home")

    assert told(capsys, "forget", "1", "4") == (
        2,
        "",
        (
            "error: forgetting a call needs somebody who agrees\n"
            "  forgetting 2 calls ($0.380 stays held and counted): no result is ever asked for or"
            " fetched again, and the same step may then be sent, and paid for, again\n"
            "  to forget without being asked: --yes\n"
        ),
    )
    assert told(capsys, "forget", "1", "4", "--yes", "-q") == (
        0,
        "forgotten: 1 (pictures.1), 4 (films[17].clip) · $0.380 stays held\n",
        "",
    )
    left = json.loads(told(capsys, "list", "--json")[1])["calls"]
    assert [call["call"] for call in left] == [2, 3, 5]


@pytest.mark.usefixtures("home")
def test_what_was_forgotten_is_told_as_json_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_calls(tmp_path / "home")
    code, out, err = told(capsys, "forget", "3", "--yes", "--json")
    found = json.loads(out)

    assert (code, err.splitlines()[-1].split(":")[0]) == (
        0,
        "forgetting 1 call ($0.080 stays held and counted)",
    )
    assert (found["schema_version"], found["forgotten"], found["held"]) == (1, 1, "0.080")
    assert [call["work"] for call in found["calls"]] == ["abandoned"]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Any]:
    """`aipipe jobs forget` at a terminal, once it has asked."""
    pexpect = pytest.importorskip("pexpect", reason="there are no pseudo-terminals here")
    shop = Shop(has_jobs=True, polls=[CUT])
    bought(texts("1"), tmp_path, shop)
    child = pexpect.spawn(
        sys.executable,
        ["-m", "aipipe", "jobs", "forget", str(calls(tmp_path)[0].id)],
        env={**os.environ, "AIPIPE_HOME": str(tmp_path / "home"), "TERM": "xterm"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=60,
    )
    try:
        child.expect_exact(r"Forget them? [y/N] ")
        yield child
    finally:
        child.close(force=True)


@pytest.mark.parametrize(
    ("answer", "said", "work"),
    [
        ("", "declined · nothing was forgotten · exit 2", Work.SUBMITTED),
        ("y", "forgotten: 1 (texts.1)", Work.ABANDONED),
    ],
)
def test_at_a_terminal_it_asks_and_takes_silence_for_a_no(
    terminal: Any, tmp_path: Path, answer: str, said: str, work: Work
) -> None:
    assert "stays held and counted" in terminal.before.replace("\r\n ", "")
    terminal.sendline(answer)
    terminal.expect_exact(said)
    terminal.wait()

    assert states(tmp_path) == [("texts.1", work, Money.HELD)]


@pytest.mark.parametrize("name", ["list", "fetch", "forget"])
def test_every_command_of_the_group_has_help_with_examples(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = told(capsys, name, "--help")

    assert (code, err) == (0, "")
    assert f"\nExamples:\n  aipipe jobs {name}" in out
    golden(GOLDEN / f"help_jobs_{name}.txt", out)

"""The store on the command line: looked at, pruned, and asked about before paid results go."""

import json
import os
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.buying import bought
from support.golden import golden
from support.paid import Shop, texts

from aipipe.app.cache import Bill, Info, Pruning, Sum
from aipipe.cli import cache_screen, measures
from aipipe.cli.diagnostics import Look
from aipipe.cli.main import main
from aipipe.errors import UsageError
from aipipe.memory.pruning import Limits

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, and a home that nobody has made yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(("cache", *arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, _ = told(capsys, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def stored(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "home" / "store").rglob("*"))


INFO = Info(
    folder=Path("/home/ann/.local/share/aipipe/store"),
    all=Sum(files=1204, bytes=4_312_000_000, paid=118, cost=Decimal("41.2")),
    media={
        "video": Sum(files=84, bytes=3_100_000_000, paid=80, cost=Decimal("33.2")),
        "image": Sum(files=800, bytes=1_200_000_000, paid=38, cost=Decimal(8)),
        "text": Sum(files=320, bytes=812),
    },
    paid=Sum(files=118, bytes=2_100_000_000, paid=118, cost=Decimal("41.2")),
    unused=Sum(files=640, bytes=2_940_000_000, paid=12, cost=Decimal("3.2")),
    answers=Sum(files=3, bytes=1_240_000),
)
PRUNED = Pruning(
    home=Path("/home/ann"),
    limits=Limits(most_bytes=1_000_000_000),
    going=(),
    answers=(),
    removed=Sum(files=412, bytes=3_200_000_000, paid=12, cost=Decimal("3.2")),
    removed_answers=Sum(files=1, bytes=900),
    spared=Sum(files=8, bytes=210_000_000, paid=8, cost=Decimal(4)),
    left=Sum(files=88, bytes=1_100_000_000, paid=50, cost=Decimal(9)),
    bill=Bill({}),
    stuck={},
)


def test_a_full_store_looks_so() -> None:
    golden(GOLDEN / "cache_info.txt", cache_screen.holds(INFO, Look()) + "\n")


def test_a_pruning_looks_so() -> None:
    plan = cache_screen.pruned(PRUNED, Look(), dry_run=True)
    done = cache_screen.pruned(PRUNED, Look(), dry_run=False)

    golden(GOLDEN / "cache_prune.txt", f"{plan}\n\n{done}\n")


def test_on_a_narrow_terminal_no_line_is_wider() -> None:
    look = Look(columns=50)
    texts = (cache_screen.holds(INFO, look), cache_screen.pruned(PRUNED, look, dry_run=True))

    assert max(len(line) for text in texts for line in text.splitlines()) <= 50


def test_what_cannot_be_removed_is_told_a_few_by_name() -> None:
    stuck = {Path(f"/store/{number}"): "permission denied" for number in range(7)}
    lines = list(cache_screen.complaints(replace(PRUNED, stuck=stuck)))

    assert lines[0] == "warning: can't remove '/store/0': permission denied"
    assert lines[5:] == ["warning: nor 2 more files"]


def test_an_absent_home_holds_nothing_and_stays_absent(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, "info")

    assert (code, err) == (0, "")
    assert out == f"store      {folder}/home/store\nholds      0 files, 0 B\npaid       nothing\n"
    assert data(capsys, "prune", "--max-size", "0")["removed"]["files"] == 0
    assert list(folder.iterdir()) == []


def test_the_json_has_bytes_and_exact_dollars(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bought(texts("1"), folder, Shop())
    found = data(capsys, "info")

    assert found["schema_version"] == 1
    assert (found["paid"], found["cost"]) == (1, "1.000")
    assert found["files"] == found["media"]["text"]["files"] == stored(folder)


def test_the_csv_has_a_line_for_each_medium(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bought(texts("1"), folder, Shop())
    _, out, _ = told(capsys, "info", "--format", "csv")

    size = data(capsys, "info")["bytes"]
    assert out == f"medium,files,bytes,paid,cost\ntext,{stored(folder)},{size},1,1.000\n"


def test_nothing_says_what_may_go(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "prune")

    assert (code, out) == (2, "")
    golden(GOLDEN / "cache_prune_what.txt", err)
    assert list(folder.iterdir()) == []


def test_without_a_terminal_paid_results_go_only_with_yes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bought(texts("1"), folder, Shop())
    before = stored(folder)
    code, out, err = told(capsys, "prune", "--max-size", "0")

    assert (code, out, stored(folder)) == (2, "", before)
    golden(GOLDEN / "cache_prune_paid.txt", err)
    found = data(capsys, "prune", "--max-size", "0", "--yes")
    assert (found["removed"]["paid"], found["removed"]["cost"]) == (1, "1.000")
    assert [each["cost"] for each in found["files"]][-1] == "1.000"
    assert stored(folder) == 0


def test_a_dry_run_says_what_would_go_and_removes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bought(texts("1"), folder, Shop())
    before = stored(folder)
    code, out, err = told(capsys, "prune", "--max-size", "0", "--dry-run")

    assert (code, err) == (0, "nothing was removed: --dry-run\n")
    assert out.startswith("to go      ")
    assert stored(folder) == before
    assert data(capsys, "prune", "--max-size", "0", "--dry-run")["dry_run"] is True


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("812", 812),
        ("1B", 1),
        ("5GB", 5_000_000_000),
        ("5 gb", 5_000_000_000),
        ("500M", 500_000_000),
        ("1.5GiB", 1_610_612_736),
        ("2KiB", 2048),
        ("1T", 1_000_000_000_000),
    ],
)
def test_a_size_is_a_number_and_a_unit(text: str, size: int) -> None:
    assert measures.size("--max-size", text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "5 apples", "1iB", "1e3", "5GBB", "٣GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="takes a size, such as 5GB"):
        measures.size("--max-size", text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("12h", 43_200), ("30d", 2_592_000), ("2w", 1_209_600), ("0.5d", 43_200)]
)
def test_an_age_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert measures.age("--older-than", text) == seconds


@pytest.mark.parametrize("text", ["", "30", "0d", "d", "30m", "-1d", "99999999999w", "1e3d"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="takes an age, such as 12h"):
        measures.age("--older-than", text)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (4_312_000_000, "4.3 GB"),
        (10**19, "10000 PB"),
    ],
)
def test_a_size_is_written_in_two_or_three_digits(size: int, words: str) -> None:
    assert measures.written(size) == words


@pytest.mark.parametrize("name", ["info", "prune"])
def test_both_have_help_with_examples(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = told(capsys, name, "--help")

    assert (code, err) == (0, "")
    golden(GOLDEN / f"help_cache_{name}.txt", out)


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [("y", 0, "removed    "), ("", 2, "declined · nothing was removed · exit 2")],
)
def test_at_a_terminal_a_person_is_asked_before_paid_results_go(
    answer: str, code: int, told: str, tmp_path: Path
) -> None:
    pexpect = pytest.importorskip("pexpect", reason="there are no pseudo-terminals here")
    bought(texts("1"), tmp_path, Shop())
    child = pexpect.spawn(
        sys.executable,
        ["-m", "aipipe", "cache", "prune", "--max-size", "0"],
        env={**os.environ, "AIPIPE_HOME": str(tmp_path / "home"), "TERM": "xterm", "NO_COLOR": "1"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=60,
    )
    try:
        child.expect(r"1 result, \$1.00 to make again")
        child.expect(r"Remove them\? \[y/N\] ")
        child.sendline(answer)
        child.expect_exact(told)
        child.expect(pexpect.EOF)
    finally:
        child.close()

    assert child.exitstatus == code
    assert (stored(tmp_path) == 0) is (code == 0)

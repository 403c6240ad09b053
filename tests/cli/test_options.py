"""What the command line says, read once."""

import io
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from aipipe.cli import options
from aipipe.errors import UsageError


@pytest.mark.parametrize(
    ("written", "read"), [("2.50", "2.50"), ("$2.50", "2.50"), ("0", "0"), (" 1e1 ", "10")]
)
def test_an_amount_is_exact(written: str, read: str) -> None:
    assert options.amount("--max-cost", written) == Decimal(read)


@pytest.mark.parametrize("written", ["", "abc", "-1", "nan", "inf", "1,50", "2€"])
def test_what_is_no_amount_is_told(written: str) -> None:
    with pytest.raises(UsageError) as error:
        options.amount("--max-cost", written)

    assert error.value.message == (
        f"--max-cost takes an amount in USD, such as 2.50, and not '{written}'"
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("1h1m1s", 3661)],
)
def test_a_time_is_seconds(written: str, read: float) -> None:
    assert options.seconds("--time-limit", written) == read


@pytest.mark.parametrize("written", ["", "0", "ten", "10 minutes", "-5", "5d", "m", "1m2h"])
def test_what_is_no_time_is_told(written: str) -> None:
    with pytest.raises(UsageError, match="takes a time, such as 90s, 10m or 1h30m"):
        options.seconds("--time-limit", written)


@pytest.mark.parametrize("written", ["", "0", "-1", "1.5", "x", "²"])
def test_a_number_is_whole_and_above_zero(written: str) -> None:
    with pytest.raises(UsageError, match="takes a whole number from 1"):
        options.whole("--max-workers", written)


def test_variables_keep_what_follows_the_first_equals_sign() -> None:
    assert options.variables(["a=b=c", "empty="]) == {"a": "b=c", "empty": ""}


@pytest.mark.parametrize("pairs", [["a"], ["=b"], ["a=1", "a=2"]])
def test_variables_are_pairs_each_given_once(pairs: list[str]) -> None:
    with pytest.raises(UsageError, match="--var"):
        options.variables(pairs)


def test_a_text_is_itself_a_file_or_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "script.txt").write_bytes("\N{BOM}fog\r\nand sea\r\n".encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a pipe\n")))

    assert options.text("--prompt", "fog") == "fog"
    assert options.text("--prompt", "@@home") == "@home"
    assert options.text("--prompt", f"@{tmp_path}/script.txt") == "fog\r\nand sea"
    assert options.text("--prompt", "-") == "from a pipe"


def test_a_text_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")

    with pytest.raises(UsageError) as missing:
        options.text("--prompt", "@nothing.txt")
    with pytest.raises(UsageError) as binary:
        options.text("--prompt", f"@{tmp_path}/picture.png")

    assert missing.value.message == "--prompt can't read 'nothing.txt': no such file or directory"
    assert missing.value.hints == ("a text that begins with @ is written  --prompt @@text",)
    assert binary.value.message == f"--prompt: '{tmp_path}/picture.png' is not UTF-8 text (byte 1)"


def test_a_text_that_is_empty_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "blank.txt").write_text(" \n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n")))
    told = {}
    for given in ("", "-", f"@{tmp_path}/blank.txt"):
        with pytest.raises(UsageError) as empty:
            options.text("--prompt", given)
        told[given] = empty.value.message

    assert list(told.values()) == [
        "--prompt: the text is empty",
        "--prompt: standard input is empty",
        f"--prompt: '{tmp_path}/blank.txt' is empty",
    ]

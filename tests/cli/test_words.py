"""Short words that several screens share."""

import pytest
from support.stories import HTTP_500, ended, voices_plan

from aipipe.cli.words import advice, clock, counts, failure, files, seconds
from aipipe.contracts.codes.registry import CODES
from aipipe.contracts.status import Status
from aipipe.running.groups import ErrorGroup


@pytest.mark.parametrize(
    ("length", "shown"),
    [(0.0, "0.0s"), (5.84, "5.8s"), (99.94, "99.9s"), (99.97, "1m40s"), (3_725, "1h02m")],
)
def test_a_length_of_time_is_short(length: float, shown: str) -> None:
    assert seconds(length) == shown


@pytest.mark.parametrize(
    ("length", "shown"), [(0, "0:00"), (5.6, "0:06"), (61, "1:01"), (3_723, "1:02:03")]
)
def test_a_clock_counts_seconds_up_to_hours(length: float, shown: str) -> None:
    assert clock(length) == shown


def test_counts_come_in_one_order_and_without_noughts() -> None:
    found = {Status.FAILED: 1, Status.DONE: 1_200, Status.SKIPPED: 0}

    assert counts(found) == "1,200 done, 1 failed"
    assert counts({}) == "nothing done"


def test_many_files_are_the_first_and_a_number() -> None:
    assert files([]) == "-"
    assert files(["a.png", "b.png"]) == "a.png, b.png"
    assert files([f"a_{n}.png" for n in range(50)]) == "a_0.png (+49)"


def test_only_a_failure_has_words_of_failure() -> None:
    rachel, *_ = voices_plan().tasks
    failed = ended(rachel, 1, seconds=1, status=Status.FAILED, problem=HTTP_500, attempts=1)

    assert failure(failed) == "fal.server_error: HTTP 500 three times"
    assert failure(ended(rachel, 1, seconds=1)) is None


@pytest.mark.parametrize(
    ("code", "hints", "told"),
    [
        ("overloaded", ("wait",), ("wait",)),
        ("overloaded", (), (CODES["overloaded"].todo,)),
        ("a_plugins_own", (), ()),
    ],
)
def test_an_error_without_advice_of_its_own_has_that_of_its_code(
    code: str, hints: tuple[str, ...], told: tuple[str, ...]
) -> None:
    group = ErrorGroup(
        provider="fal", code=code, ignored=False, count=1, messages=(), hints=hints, steps=()
    )

    assert advice(group) == told

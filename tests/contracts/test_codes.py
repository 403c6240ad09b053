"""Whatever code a user can meet is in the registry, and the registry has no other."""

from pathlib import Path

import pytest
from contracts.code_search import codes, hidden, source

from aipipe.contracts.codes.code import Again, Spent
from aipipe.contracts.codes.registry import CODES, KINDS
from aipipe.providers.http import verdicts

FOR_PROVIDERS = {"job_failed", "refused.output"}
"""Words that providers are to use, of which none in this package does yet."""


def test_every_code_in_the_source_is_explained_and_no_other_one() -> None:
    used = codes(source())
    told = {*verdicts.CODES, *verdicts.BY_STATUS.values(), *FOR_PROVIDERS}

    assert {code: file for code, file in used.items() if code not in CODES} == {}
    assert set(CODES) - set(used) - told == set()
    assert told <= set(CODES)


def test_every_code_can_be_read_off_the_source() -> None:
    assert hidden(source()) == []


def test_no_code_has_two_meanings() -> None:
    assert len(CODES) == sum(len(kind.codes) for kind in KINDS)


def test_every_code_is_told_in_whole_words_without_a_full_stop() -> None:
    texts = [text for each in CODES.values() for text in (each.meaning, each.todo)]

    assert [
        text for text in texts if not text or text.endswith((".", " ")) or "invalid" in text
    ] == []
    assert [text for text in texts if "\n" in text] == []


@pytest.mark.parametrize("code", sorted(verdicts.CODES))
def test_what_is_sent_again_by_itself_is_told_as_such(code: str) -> None:
    known = verdicts.CODES[code]
    again = Again.FREELY if known.throttled else Again.ATTEMPTS if known.retryable else Again.NO

    assert CODES[code].again is again


def test_a_new_attempt_follows_only_where_nothing_can_have_been_spent() -> None:
    attempted = [each for each in CODES.values() if each.again is Again.ATTEMPTS]

    assert {each.spent for each in attempted} == {Spent.NO}


SOURCES = {
    "keyword": ('Problem(code="found", message="x")', {"found"}),
    "either": ('Problem(code="found" if x else "other", message="x")', {"found", "other"}),
    "name": ('FOUND = "found"\nProblem(code=FOUND, message="x")', {"found"}),
    "first argument": (
        'class StepError:\n def __init__(self, code, message): ...\nStepError("found", "x y")',
        {"found"},
    ),
    "first field": ('class Verdict:\n code: str\nVerdict("found", "x y")', {"found"}),
    "function": ('def fault(self, code): ...\nself.fault("found")', {"found"}),
    "base": ('def f(self): super().__init__("found", "x y")', {"found"}),
    "class": ('class OwnError:\n code = "found"', {"found"}),
    "plain data": ('LOST = {"code": "found"}', {"found"}),
    "a text for people": ('def note(code): ...\non.note("two words")', set()),
}


@pytest.mark.parametrize(("text", "found"), SOURCES.values(), ids=SOURCES)
def test_a_code_is_found_wherever_it_is_given(tmp_path: Path, text: str, found: set[str]) -> None:
    (tmp_path / "made.py").write_text(text, encoding="utf-8")
    known = source(tmp_path)

    assert (set(codes(known)), hidden(known)) == (found, [])


@pytest.mark.parametrize("made", ['f"split.{mode}"', "state.value", "str(error)"])
def test_a_code_that_is_put_together_is_hidden(tmp_path: Path, made: str) -> None:
    (tmp_path / "made.py").write_text(f'Problem(code={made}, message="x")', encoding="utf-8")

    assert len(hidden(source(tmp_path))) == 1

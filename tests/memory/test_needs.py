"""What open runs need: what their calls made, what they used, the answers they wait for."""

from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import pytest

from aipipe.memory.ledger.answers import Forbidden
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.past import Product
from aipipe.memory.ledger.reading import reading
from aipipe.memory.ledger.records import (
    Advance,
    CallFacts,
    EndRun,
    OpenRun,
    Record,
    TakeIntent,
    of_run,
)
from aipipe.memory.ledger.steps import Answer, Finish, Keep, Settle
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.memory.needs import Needs, Span, needs

DAY = 86_400.0
Keeps = Callable[..., None]


@pytest.fixture
def keep(tmp_path: Path) -> Keeps:
    """Puts records into a ledger, at a time."""

    def put(*records: Record, at: float) -> None:
        replies: SimpleQueue[Reply] = SimpleQueue()
        world = World(now=lambda: at, is_alive=lambda _: True)
        with Writer(Place(home=tmp_path), world) as writer:
            writer.put(records, replies.put)
        answers = replies.get()
        assert not isinstance(answers, Exception)
        assert not [each for each in answers if isinstance(each, Forbidden)]

    return put


def begun(run: str, file_key: str = "f") -> OpenRun:
    return OpenRun(
        run=run,
        pipeline="fog",
        file="/fog.yaml",
        file_key=file_key,
        inputs_key="i",
        command="aipipe run fog.yaml",
        folder="/out",
    )


def ended(run: str, *, finished: bool) -> EndRun:
    return EndRun(run=run, status="done", exit_code=int(not finished), finished=finished)


def sent(run: str, key: str = "") -> TakeIntent:
    call = CallFacts(
        run=run,
        task="picture",
        type="text_to_image",
        provider="fal",
        model="flux",
        endpoint="fal-ai/flux",
        key=key,
        open_key="",
    )
    return TakeIntent(call=call, hold=50, scopes=(of_run(run),))


def made(call: int, *hashes: str, billed: int | None = 40) -> list[Advance]:
    outputs = [{"sha256": each, "extension": "png", "text": "x" * 9} for each in hashes]
    settled = () if billed is None else (Settle(billed=billed, computed=False),)
    steps = (Answer(answer_path="", answer_sha256=""), Keep(outputs=outputs), Finish(), *settled)  # type: ignore[arg-type]
    return [Advance(call=call, transition=each) for each in steps]


def needed(home: Path, *alive: str) -> Needs:
    with reading(Place(home=home)) as ledger:
        assert ledger is not None
        return needs(ledger, ledger.products(), lambda run: run in alive)


def products(home: Path) -> tuple[Product, ...]:
    with reading(Place(home=home)) as ledger:
        assert ledger is not None
        return ledger.products()


def test_a_finished_run_needs_nothing(tmp_path: Path, keep: Keeps) -> None:
    keep(begun("a"), sent("a"), *made(1, "1" * 64), ended("a", finished=True), at=100.0)

    assert needed(tmp_path) == Needs()


def test_an_unfinished_run_needs_what_it_made_and_what_it_used(tmp_path: Path, keep: Keeps) -> None:
    keep(begun("a"), sent("a"), *made(1, "1" * 64), at=100.0)
    keep(ended("a", finished=False), at=200.0)

    assert needed(tmp_path) == Needs(
        names=frozenset({"1" * 64 + ".png"}), spans=(Span(start=100.0, end=200.0),)
    )


def test_of_a_killed_run_a_day_after_its_last_sign_of_life_counts(
    tmp_path: Path, keep: Keeps
) -> None:
    keep(begun("a"), at=100.0)
    keep(sent("a"), *made(1, "1" * 64), at=300.0)

    assert needed(tmp_path).spans == (Span(start=100.0, end=300.0 + DAY),)


def test_a_run_that_a_later_one_of_the_same_command_replaced_needs_nothing(
    tmp_path: Path, keep: Keeps
) -> None:
    keep(begun("a"), sent("a"), *made(1, "1" * 64), ended("a", finished=False), at=100.0)
    keep(begun("b"), ended("b", finished=True), at=200.0)
    keep(begun("c", file_key="another"), ended("c", finished=True), at=300.0)

    assert needed(tmp_path) == Needs()


def test_a_run_with_an_open_call_needs_all_that_was_used_since(tmp_path: Path, keep: Keeps) -> None:
    keep(begun("a"), sent("a"), ended("a", finished=True), at=100.0)
    keep(begun("b"), ended("b", finished=True), at=200.0)

    assert needed(tmp_path) == Needs(spans=(Span(start=100.0),))


def test_an_open_call_needs_its_raw_answer(tmp_path: Path, keep: Keeps) -> None:
    keep(begun("a"), sent("a"), sent("a", key="m"), at=100.0)
    answer = Answer(answer_path="/elsewhere/answers/7.json", answer_sha256="7" * 64)
    keep(Advance(call=1, transition=answer), at=100.0)

    assert needed(tmp_path).answers == {"7.json"}


def test_while_a_run_is_alive_every_paid_result_is_needed(tmp_path: Path, keep: Keeps) -> None:
    keep(begun("a"), sent("a"), *made(1, "1" * 64), ended("a", finished=True), at=100.0)
    keep(begun("b"), sent("b"), *made(2, "2" * 64, billed=0), at=200.0)
    keep(ended("b", finished=True), at=200.0)
    keep(begun("c", file_key="another"), at=300.0)

    assert needed(tmp_path, "c") == Needs(
        names=frozenset({"1" * 64 + ".png"}), spans=(Span(start=300.0),)
    )


def test_a_product_costs_its_bill_or_else_what_is_held_for_it(tmp_path: Path, keep: Keeps) -> None:
    keep(begun("a"), sent("a"), *made(1, "1" * 64, "2" * 64), at=100.0)
    keep(sent("a", key="m"), *made(2, "3" * 64, billed=None), sent("a", key="n"), at=100.0)

    assert products(tmp_path) == (
        Product(call=1, run="a", name="1" * 64 + ".png", cost=40),
        Product(call=1, run="a", name="2" * 64 + ".png", cost=40),
        Product(call=2, run="a", name="3" * 64 + ".png", cost=50),
    )

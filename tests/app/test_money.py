"""What a run may spend: decided before anything is sent, and kept to while it runs."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.paid import DOLLAR, KEY, Shop, texts

from aipipe.app.options import Options
from aipipe.app.prepare import Prepared, prepare
from aipipe.app.run import run
from aipipe.contracts.status import Status
from aipipe.errors import CapError, MissingKeyError, UsageError


def prepared(text: str, folder: Path, shop: Shop, **options: object) -> Prepared:
    file = folder / "texts.yaml"
    file.write_text(text, encoding="utf-8")
    given: dict[str, object] = {
        "file": str(file),
        "output_dir": str(folder / "out"),
        "environment": {"AIPIPE_HOME": str(folder / "home"), KEY: "secret"},
    }
    return prepare(Options(**{**given, **options}), shop.world)  # type: ignore[arg-type]


def test_without_a_terminal_the_printed_most_is_the_cap(tmp_path: Path) -> None:
    assert prepared(texts("1", "2"), tmp_path, Shop()).cap == Decimal(3)


def test_at_a_terminal_nobody_makes_up_a_cap(tmp_path: Path) -> None:
    assert prepared(texts("1", "2"), tmp_path, Shop(), asks=True).cap is None


@pytest.mark.parametrize(
    ("budget", "most", "cap"),
    [("5", "9", "5"), ("9", "5", "5"), (None, "5", "5"), ("5", None, "3")],
)
def test_the_lowest_of_all_caps_counts(
    tmp_path: Path, budget: str | None, most: str | None, cap: str
) -> None:
    head = f"budget: {budget}\n" if budget else ""
    found = prepared(
        texts("1", "2", head=head),
        tmp_path,
        Shop(),
        max_cost=None if most is None else Decimal(most),
    )

    assert found.cap == Decimal(cap)


def test_likely_above_the_cap_starts_nothing(tmp_path: Path) -> None:
    shop = Shop()

    with pytest.raises(CapError) as told:
        prepared(texts("1", "2"), tmp_path, shop, max_cost=Decimal(2))

    assert told.value.message == "likely $3.00 is above the cap of $2.00"
    assert (told.value.exit_code, shop.calls) == (3, [])


def test_partial_does_what_fits_and_refuses_the_rest(tmp_path: Path) -> None:
    shop = Shop()
    ready = prepared(texts("1", "1", "1"), tmp_path, shop, max_cost=Decimal(2), partial=True)

    summary = run(ready)

    assert shop.charged == 2 * DOLLAR
    assert (summary.counts, summary.exit_code) == ({Status.DONE: 2, Status.REFUSED: 1}, 3)
    assert summary.billed == 2


def test_a_missing_key_is_named_before_anything_runs(tmp_path: Path) -> None:
    shop = Shop()

    with pytest.raises(MissingKeyError) as told:
        prepared(texts("1"), tmp_path, shop, environment={"AIPIPE_HOME": str(tmp_path / "home")})

    assert KEY in told.value.message
    assert any("--mock" in hint for hint in told.value.hints)
    assert shop.calls == []


def test_an_unknown_price_needs_a_bound_where_nobody_can_be_asked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown for 'texts\.1'"):
        prepared(texts(None, "1"), tmp_path, Shop())


def test_an_unknown_price_may_be_bounded(tmp_path: Path) -> None:
    ready = prepared(texts(None, "1"), tmp_path, Shop(), unknown_price=Decimal("2.50"))

    assert ready.cap == Decimal("3.50")
    assert run(ready).exit_code == 0


def test_a_mock_needs_no_key_calls_nobody_and_costs_nothing(tmp_path: Path) -> None:
    shop = Shop()
    ready = prepared(texts("1", None), tmp_path, shop, mock=True, environment={})

    assert (ready.estimate.at_most, ready.cap) == (Decimal(0), Decimal(0))
    assert ready.output == tmp_path / "out" / "mock"
    assert shop.calls == []

"""The file of prices that providers have told: whole or not there, and never a crash."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aipipe.contracts.provider import ListedPrice
from aipipe.memory.price_lists import PriceList, PriceListError, keep, path_in, read

FLUX = ListedPrice(
    amount=Decimal("0.0250"),
    unit="megapixels",
    currency="USD",
    address="https://api.fal.ai/v1",
)
LIST = PriceList(on=date(2026, 11, 24), prices={"fal-ai/flux/dev": FLUX})


def test_what_is_kept_is_read_again_exactly(tmp_path: Path) -> None:
    keep(tmp_path / "home", {"fal": LIST})

    assert read(tmp_path / "home") == {"fal": LIST}
    assert str(read(tmp_path / "home")["fal"].prices["fal-ai/flux/dev"].amount) == "0.0250"


def test_the_file_is_for_its_owner_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    keep(home, {"fal": LIST})
    keep(home, {"fal": LIST})

    assert path_in(home).stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in home.iterdir()] == ["prices.json"]


def test_where_nothing_was_kept_there_are_no_lists_and_nothing_is_made(tmp_path: Path) -> None:
    assert read(tmp_path / "home") == {}
    assert list(tmp_path.iterdir()) == []


def test_what_can_not_be_written_leaves_the_old_as_it_was(tmp_path: Path) -> None:
    keep(tmp_path, {"fal": LIST})
    unwritable = replace(FLUX, unit=object())  # type: ignore[arg-type] # that is the point
    broken = PriceList(on=LIST.on, prices={"x": unwritable})

    with pytest.raises(TypeError):
        keep(tmp_path, {"fal": broken})

    assert read(tmp_path) == {"fal": LIST}
    assert [each.name for each in tmp_path.iterdir()] == ["prices.json"]


def damage(change: Callable[[dict[str, object]], object]) -> Callable[[str], str]:
    def damaged(text: str) -> str:
        whole = json.loads(text)
        change(whole["lists"]["fal"]["prices"]["fal-ai/flux/dev"])
        return json.dumps(whole)

    return damaged


@pytest.mark.parametrize(
    "damaged",
    [
        lambda text: text[:-20],
        lambda _text: "",
        lambda _text: "[]",
        lambda _text: "null",
        lambda _text: "[" * 100_000,
        lambda _text: '{"v": 1}',
        lambda _text: '{"v": 1, "lists": []}',
        lambda _text: '{"v": 1, "lists": {"fal": 7}}',
        lambda _text: '{"v": 1, "lists": {"fal": {"on": "yesterday", "prices": {}}}}',
        damage(lambda price: price.update(amount=0.025)),
        damage(lambda price: price.update(amount="NaN")),
        damage(lambda price: price.update(amount="Infinity")),
        damage(lambda price: price.update(amount="much")),
        damage(lambda price: price.pop("unit")),
    ],
)
def test_a_damaged_file_is_told_as_such(damaged: Callable[[str], str], tmp_path: Path) -> None:
    keep(tmp_path, {"fal": LIST})
    path_in(tmp_path).write_text(damaged(path_in(tmp_path).read_text(encoding="utf-8")))

    with pytest.raises(PriceListError, match=r"^it is damaged$"):
        read(tmp_path)


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    path_in(tmp_path).write_bytes(b'{"v": 1, "\xff": 1}')

    with pytest.raises(PriceListError, match=r"^it is damaged$"):
        read(tmp_path)


def test_a_file_of_another_version_is_told_as_such(tmp_path: Path) -> None:
    path_in(tmp_path).write_text('{"v": 2, "lists": {}}')

    with pytest.raises(PriceListError, match=r"^its version is 2, and this aipipe knows 1$"):
        read(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path_in(tmp_path).write_text(" " * ((4 << 20) + 1))

    with pytest.raises(PriceListError, match=r"^it is larger than 4 MB$"):
        read(tmp_path)


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    path_in(tmp_path).mkdir()

    with pytest.raises(PriceListError, match=r"^is a directory$"):
        read(tmp_path)

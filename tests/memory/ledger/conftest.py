"""What the ledger's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from memory.ledger.keeping import world

from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.writer import Writer


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(home=tmp_path / "home", patience=10.0)


@pytest.fixture
def writer(place: Place) -> Iterator[Writer]:
    with Writer(place, world()) as opened:
        yield opened

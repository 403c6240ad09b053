"""One provider for all tests of a file: each has prompts of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.till.starting import Till, started


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    with started(tmp_path_factory.mktemp("till")) as till:
        yield till


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Till]:
    with started(tmp_path / "till") as till:
        yield till

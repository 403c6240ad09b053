"""Lists that lie partly on disk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aipipe.running.results import Results

places = st.dictionaries(st.integers(0, 19), st.one_of(st.none(), st.text(), st.integers()))


@given(places, st.integers(0, 20))
def test_a_list_reads_as_it_was_filled_wherever_it_lies(
    values: dict[int, object], kept: int
) -> None:
    results = Results(20, kept=kept)
    for index, value in values.items():
        results.put(index, value)  # type: ignore[arg-type]

    assert list(results) == [values.get(index) for index in range(20)]


def test_a_place_can_be_filled_again() -> None:
    results = Results(3, kept=1)
    for value in ("first", "second"):
        results.put(2, value)

    assert list(results) == [None, None, "second"]

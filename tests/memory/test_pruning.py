"""What goes was unused for longest, free files before paid ones; what is needed never goes."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aipipe.memory.inventory import Stored
from aipipe.memory.needs import Needs, Span
from aipipe.memory.pruning import Choice, Limits, choice


def stored(number: int, size: int, used: int) -> Stored:
    return Stored(path=Path(f"{number}.txt"), bytes=size, used=used)


@st.composite
def shelves(draw: st.DrawFn) -> tuple[list[Stored], frozenset[str], frozenset[str]]:
    """Files, the names of the needed ones, the names of the paid ones."""
    facts = draw(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=12))
    files = [stored(number, size, used) for number, (size, used) in enumerate(facts)]
    some = st.frozensets(st.sampled_from([file.name for file in files] or [""]))
    return files, draw(some), draw(some)


LIMITS = st.builds(
    Limits,
    unused_since=st.none() | st.integers(0, 21),
    most_bytes=st.none() | st.integers(0, 300),
)
Shelf = tuple[list[Stored], frozenset[str], frozenset[str]]


def chosen(shelf: Shelf, limits: Limits) -> Choice:
    files, needed, paid = shelf
    return choice(
        files,
        limits,
        is_needed=lambda file: file.name in needed,
        is_paid=lambda file: file.name in paid,
    )


def size(files: tuple[Stored, ...]) -> int:
    return sum(file.bytes for file in files)


def is_old(file: Stored, limits: Limits) -> bool:
    return limits.unused_since is not None and file.used < limits.unused_since


@given(shelf=shelves(), limits=LIMITS)
def test_every_file_goes_or_stays_and_the_needed_stay(shelf: Shelf, limits: Limits) -> None:
    found = chosen(shelf, limits)

    assert sorted((*found.going, *found.staying), key=lambda file: file.name) == sorted(
        shelf[0], key=lambda file: file.name
    )
    assert {file.name for file in found.staying} >= shelf[1] & {file.name for file in shelf[0]}
    assert set(found.spared) <= set(found.staying)
    assert {file.name for file in found.spared} <= shelf[1]


@given(shelf=shelves(), limits=LIMITS)
def test_all_that_was_unused_for_too_long_goes_unless_it_is_needed(
    shelf: Shelf, limits: Limits
) -> None:
    found = chosen(shelf, limits)

    assert [file for file in found.staying if is_old(file, limits)] == [
        file for file in shelf[0] if is_old(file, limits) and file.name in shelf[1]
    ]


@given(shelf=shelves(), most=st.integers(0, 300))
def test_what_is_left_fits_or_is_needed_and_no_more_goes_than_must(shelf: Shelf, most: int) -> None:
    found = chosen(shelf, Limits(most_bytes=most))

    assert size(found.staying) <= most or {file.name for file in found.staying} <= shelf[1]
    if found.going:
        assert size(found.staying) + found.going[-1].bytes > most


@given(shelf=shelves(), most=st.integers(0, 300))
def test_no_file_goes_before_one_that_is_free_or_longer_unused(shelf: Shelf, most: int) -> None:
    found = chosen(shelf, Limits(most_bytes=most))

    def rank(file: Stored) -> tuple[bool, int]:
        return file.name in shelf[2], file.used

    candidates = [file for file in found.staying if file.name not in shelf[1]]
    assert list(map(rank, found.going)) == sorted(map(rank, found.going))
    assert all(rank(gone) <= rank(left) for gone in found.going for left in candidates)


@given(shelf=shelves())
def test_without_limits_nothing_goes(shelf: Shelf) -> None:
    assert chosen(shelf, Limits()) == Choice(going=(), staying=tuple(shelf[0]), spared=())


@given(shelf=shelves(), limits=LIMITS)
def test_what_stays_is_not_chosen_again(shelf: Shelf, limits: Limits) -> None:
    found = chosen(shelf, limits)

    assert chosen((list(found.staying), shelf[1], shelf[2]), limits).going == ()


def test_the_spared_are_those_that_only_a_need_keeps() -> None:
    files = [stored(1, 10, 1), stored(2, 10, 2), stored(3, 10, 9)]
    needed = frozenset({"1.txt", "3.txt"})
    found = chosen((files, needed, frozenset()), Limits(unused_since=5))

    assert (found.going, found.spared) == ((files[1],), (files[0],))


def test_a_span_holds_what_was_used_within_it_give_or_take_a_second() -> None:
    closed, still = Span(start=100.0, end=200.0), Span(start=100.0)
    seconds = [98, 99, 150, 201, 202]

    assert [closed.holds(at * 10**9) for at in seconds] == [False, True, True, True, False]
    assert [still.holds(at * 10**9) for at in seconds] == [False, True, True, True, True]


def test_a_file_is_needed_by_its_name_or_by_its_last_use() -> None:
    needs = Needs(names=frozenset({"1.txt"}), spans=(Span(start=100.0),))
    files = [stored(1, 1, 0), stored(2, 1, 0), stored(3, 1, 150 * 10**9)]

    assert [needs.of(file) for file in files] == [True, False, True]
    assert [needs.of_answer(file) for file in files] == [False, False, True]

"""One thread writes: it groups what is queued, answers from the disk, and outlives trouble."""

import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory.ledger.keeping import (
    all_calls,
    ask,
    intent,
    kept_totals,
    reply,
    rows,
    run,
    steps,
    summed_totals,
    taken,
    world,
)
from support.golden import golden

from aipipe.memory.ledger import ballast
from aipipe.memory.ledger.answers import Forbidden, Kept, NoRoomOnDisk, Taken
from aipipe.memory.ledger.connecting import Place, connect
from aipipe.memory.ledger.faults import FullError, LedgerError
from aipipe.memory.ledger.inbox import LARGEST_GROUP
from aipipe.memory.ledger.records import Advance, AppendEvents, Record, of_run
from aipipe.memory.ledger.steps import (
    Abandon,
    Accept,
    Answer,
    Cancel,
    Doubt,
    Expire,
    Fail,
    Finish,
    FinishRemotely,
    Free,
    Intend,
    Keep,
    Reject,
    RequestCancel,
    Settle,
)
from aipipe.memory.ledger.writer import Reply, Writer


class Held:
    """The lock of a ledger, in the hands of another connection, until it is released."""

    def __init__(self, place: Place) -> None:
        self.connection = connect(place)
        self.connection.execute("BEGIN IMMEDIATE")

    def release(self) -> None:
        self.connection.close()


def test_all_that_is_queued_goes_into_one_transaction(writer: Writer, place: Place) -> None:
    held, replies = Held(place), SimpleQueue[Reply]()
    writer.put([run()], replies.put)
    for n in range(100):
        writer.put(
            [intent(1, key=f"key {n}"), AppendEvents(run="r", events=(f"{n}",))], replies.put
        )
    held.release()

    answers = [replies.get() for _ in range(101)]

    assert answers == [(Kept(),), *((Taken(call=n + 1), Kept()) for n in range(100))]
    assert writer.commits <= 2
    events = rows(place, "SELECT seq, json FROM events ORDER BY seq")
    assert [tuple(row) for row in events] == [(n + 1, f"{n}") for n in range(100)]


def test_a_group_has_a_largest_size(writer: Writer, place: Place) -> None:
    held, replies = Held(place), SimpleQueue[Reply]()
    for _ in range(2 * LARGEST_GROUP):
        writer.put([AppendEvents(run="r", events=("{}",))], replies.put)
    held.release()

    assert [replies.get() for _ in range(2 * LARGEST_GROUP)] == [(Kept(),)] * (2 * LARGEST_GROUP)
    assert 2 <= writer.commits <= 4


def test_threads_get_the_answers_to_their_own_records(writer: Writer) -> None:
    found: dict[int, list[Reply]] = {}

    def work(n: int) -> None:
        found[n] = [reply(writer, intent(n, key=f"{n}.{m}"), run(f"r{n}")) for m in range(20)]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    answers = [a[0] for all_told in found.values() for a in all_told if isinstance(a, tuple)]
    numbers = [answer.call for answer in answers if isinstance(answer, Taken)]
    assert sorted(numbers) == list(range(1, 161))
    assert writer.commits <= 160


def test_closing_answers_all_that_was_put(place: Place) -> None:
    replies = SimpleQueue[Reply]()
    with Writer(place, world()) as writer:
        for n in range(50):
            writer.put([intent(1, key=f"key {n}")], replies.put)

    assert [replies.get_nowait() for _ in range(50)] == [(Taken(call=n + 1),) for n in range(50)]
    with pytest.raises(RuntimeError):
        writer.put([run()], replies.put)


def test_a_step_that_is_not_allowed_is_answered_and_changes_nothing(
    writer: Writer, place: Place
) -> None:
    (call,) = taken(writer, intent(5))
    before = all_calls(place), kept_totals(place)

    answers = ask(writer, *steps(call, Finish()), *steps(99, Finish()))

    assert [type(answer) for answer in answers] == [Forbidden, Forbidden]
    assert (all_calls(place), kept_totals(place)) == before


def test_a_bug_in_one_request_is_that_requests_alone(writer: Writer, place: Place) -> None:
    held, replies = Held(place), SimpleQueue[Reply]()
    writer.put([intent(1)], replies.put)
    writer.put([run(), intent(-1)], replies.put)
    writer.put([intent(2)], replies.put)
    held.release()

    first, second, third = (replies.get() for _ in range(3))

    assert (first, third) == ((Taken(call=1),), (Taken(call=2),))
    assert isinstance(second, ValueError)
    assert rows(place, "SELECT * FROM runs") == []


def test_a_callback_that_raises_keeps_nobody_from_an_answer(place: Place) -> None:
    def fail(_: Reply) -> None:
        raise ZeroDivisionError

    writer = Writer(place, world())
    writer.put([intent(1)], fail)

    assert ask(writer, intent(1)) == (Taken(call=2),)
    with pytest.raises(ZeroDivisionError):
        writer.close()


def test_a_lock_that_another_process_keeps_is_told_and_the_queue_goes_on(place: Place) -> None:
    with Writer(replace(place, patience=0.01), world()) as writer:
        held = Held(place)
        answer = reply(writer, intent(1))
        held.release()

        assert isinstance(answer, LedgerError)
        assert answer.message == f"the ledger '{place.file}' is locked by another process"
        assert ask(writer, intent(1)) == (Taken(call=1),)


CAP = 15
SOME_STEPS = st.sampled_from(
    [
        Accept(remote_id="j1", job={"url": "https://queue"}),
        FinishRemotely(job={"url": "https://media"}),
        Answer(answer_path="answers/1", answer_sha256="00"),
        Keep(outputs=[{"sha256": "00"}]),
        Finish(),
        Reject(error={"code": "429"}),
        Fail(error={"code": "broken"}),
        RequestCancel(),
        Cancel(),
        Expire(error={"code": "gone"}),
        Doubt(error={"code": "reset"}),
        Abandon(),
        Intend(),
        Free(evidence="documented"),
    ]
) | st.builds(Settle, billed=st.integers(0, 12), computed=st.booleans())
SOME_RECORDS = st.one_of(
    st.builds(
        intent,
        st.integers(0, 9),
        st.builds(of_run, st.sampled_from("ab"), cap=st.just(CAP)),
        key=st.sampled_from("xy"),
        open_key=st.sampled_from(["", "", "o"]),
    ),
    st.builds(Advance, call=st.integers(1, 6), transition=SOME_STEPS),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(SOME_RECORDS, max_size=8), max_size=6))
def test_totals_are_the_sums_of_the_rows_and_stay_below_the_cap(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Record]]
) -> None:
    place = Place(home=tmp_path_factory.mktemp("home") / "home")
    with Writer(place, world()) as writer:
        answers = [answer for batch in batches for answer in ask(writer, *batch)]

    totals = kept_totals(place)
    assert totals == summed_totals(place)
    assert all(total.held <= CAP for total in totals.values())
    numbers = [answer.call for answer in answers if isinstance(answer, Taken)]
    assert [call.id for call in all_calls(place)] == numbers


MOUNT = ("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs")
UMOUNT = ("umount",)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run([*MOUNT, str(folder)], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run([*UMOUNT, str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room on a disk."""
    rest = disk / "rest"
    descriptor = os.open(rest, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(descriptor, bytes(4096))
    except OSError:
        os.close(descriptor)
    return rest


def test_on_a_full_disk_remote_ids_still_find_room_and_nothing_new_begins(
    small_disk: Path,
) -> None:
    place = Place(home=small_disk / "home")
    with Writer(place, world()) as writer:
        calls = taken(writer, *(intent(1, key=f"key {n}") for n in range(100)))
        assert not writer.full
        rest = fill(small_disk)

        accepted = [
            ask(writer, *steps(call, Accept(remote_id=f"job {call}", job="x" * 500)))
            for call in calls
        ]

        assert accepted == [(Kept(),)] * 100
        assert writer.full
        assert ask(writer, intent(1), run()) == (NoRoomOnDisk(), Kept())
    assert [call.remote_id for call in all_calls(place)] == [f"job {call}" for call in calls]
    rest.unlink()
    with Writer(place, world()) as writer:
        assert not writer.full
        assert ask(writer, intent(1)) == (Taken(call=101),)


def test_a_disk_on_which_even_the_ballast_is_used_up_is_told(small_disk: Path) -> None:
    place = Place(home=small_disk / "home")
    with Writer(place, world()) as writer:
        fill(small_disk)
        large = AppendEvents(run="r", events=("x" * 4_000_000,))
        answer = reply(writer, large)

        assert isinstance(answer, FullError)
        small = ask(writer, AppendEvents(run="r", events=("{}",)))
    golden(
        Path(__file__).parent / "messages" / "full.txt",
        "\n".join([answer.message, *answer.hints, ""]).replace(str(place.home), "HOME"),
    )
    assert small == (Kept(),)
    assert not ballast.is_kept(place.home)


def test_a_log_that_is_never_empty_is_brought_in_while_it_is_written(
    writer: Writer, place: Place
) -> None:
    log = place.file.with_name(f"{place.file.name}-wal")
    with closing(connect(place, mode="ro")):
        sizes = []
        for n in range(12):
            ask(writer, *(AppendEvents(run=f"{n}.{m}", events=("x" * 900,)) for m in range(500)))
            sizes.append(log.stat().st_size)

    assert max(sizes) < 4_000_000
    assert place.file.stat().st_size > 4_000_000


def test_where_many_begin_at_one_time_none_takes_the_disk_for_full(place: Place) -> None:
    began = threading.Barrier(8)

    def is_full() -> bool:
        began.wait()
        with Writer(place, world()) as writer:
            return writer.full

    with ThreadPoolExecutor(8) as pool:
        told = [pool.submit(is_full) for _ in range(8)]

    assert not any(each.result() for each in told)
    assert {path.name for path in place.home.iterdir()} == {place.file.name, "ballast"}

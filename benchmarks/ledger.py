"""What the ledger costs, against bare SQLite with the same settings in the same run.

python benchmarks/ledger.py [STEPS] [PAST CALLS]
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from aipipe.memory.ledger.answers import Taken
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.opening import open_ledger
from aipipe.memory.ledger.records import (
    Advance,
    AppendEvents,
    CallFacts,
    Record,
    TakeIntent,
    of_run,
    of_today,
)
from aipipe.memory.ledger.steps import Answer, Finish, Keep, Settle
from aipipe.memory.ledger.writer import Reply, Writer

WORLD = World(now=time.time, is_alive=lambda _: True)
IN_FLIGHT = 32
PER_COMMIT = 16
PAST = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
    INSERT INTO calls (run, task, type, provider, model, endpoint, key, open_key, occurrence,
        attempt, scopes, work, money, held, billed, outputs, created, updated)
    SELECT 'run ' || i / 50, 'hero', 'text_to_image', 'fal', 'flux', 'fal/flux',
        hex(randomblob(32)), hex(randomblob(32)), 1, 1, '[]',
        CASE i % 5000 WHEN 0 THEN 'unconfirmed' ELSE 'done' END, 'billed', 40, 40,
        '[{{"sha256": "' || hex(randomblob(32)) || '"}}]', i, i FROM n"""


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def intent(n: int) -> TakeIntent:
    key = f"{n:064x}"
    call = CallFacts(
        run="r",
        task=f"voices[{n}]",
        type="text_to_image",
        provider="fal",
        model="flux",
        endpoint="fal/flux",
        key=key,
        open_key=key,
    )
    return TakeIntent(call=call, hold=40, scopes=(of_run("r", cap=10**12), of_today(cap=10**12)))


def result(call: int) -> list[Record]:
    """What a synchronous call comes to, and the events of its step."""
    steps = (
        Answer(answer_path=f"answers/{call}", answer_sha256="0" * 64),
        Settle(billed=40, computed=True),
        Keep(outputs=[{"sha256": "0" * 64}]),
        Finish(),
    )
    event = AppendEvents(run="r", events=(f'{{"task": "voices[{call}]", "status": "done"}}',))
    return [*(Advance(call=call, transition=step) for step in steps), event]


def bare(home: Path, rows: int, per_commit: int) -> float:
    """Seconds for a bare insert."""
    home.mkdir()
    connection = sqlite3.connect(home / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("CREATE TABLE calls (id INTEGER PRIMARY KEY, key TEXT, work TEXT, held INT)")

    def work() -> None:
        for start in range(0, rows, per_commit):
            connection.execute("BEGIN IMMEDIATE")
            for n in range(start, start + per_commit):
                insert = "INSERT INTO calls (key, work, held) VALUES (?, 'intent', 40)"
                connection.execute(insert, (f"{n:064x}",))
            connection.execute("COMMIT")

    took = seconds(work) / rows
    connection.close()
    return took


def one_by_one(home: Path, calls: int) -> float:
    """Seconds for an intent when each waits for the one before."""
    replies: SimpleQueue[Reply] = SimpleQueue()
    with Writer(Place(home=home), WORLD) as writer:

        def work() -> None:
            for n in range(calls):
                writer.put([intent(n)], replies.put)
                assert isinstance(replies.get(), tuple)

        return seconds(work) / calls


def under_load(home: Path, steps: int) -> tuple[float, float, float]:
    """Seconds for a paid step that does nothing, and commits for a step and for a record."""
    replies: SimpleQueue[Reply] = SimpleQueue()
    records = 0
    with Writer(Place(home=home), WORLD) as writer:

        def put(wanted: list[Record]) -> None:
            nonlocal records
            records += len(wanted)
            writer.put(wanted, replies.put)

        def work() -> None:
            begun, ended = 0, 0
            while ended < steps:
                while begun < steps and begun - ended < IN_FLIGHT:
                    put([intent(begun)])
                    begun += 1
                answers = replies.get()
                assert isinstance(answers, tuple), answers
                if isinstance(answers[0], Taken):
                    put(result(answers[0].call))
                else:
                    ended += 1

        took = seconds(work)
        return took / steps, writer.commits / steps, writer.commits / records


def opening(home: Path, calls: int) -> float:
    """Seconds to open a ledger that has seen so many calls: the median of 20."""
    place = Place(home=home)
    connection = open_ledger(place)
    if calls:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(PAST.format(count=calls))
    connection.close()
    found = []
    for _ in range(20):
        started = time.perf_counter()
        connection = open_ledger(place)
        found.append(time.perf_counter() - started)
        connection.close()
    return statistics.median(found)


def main(steps: int, past: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        single = bare(home / "a", 400, 1)
        alone = one_by_one(home / "b", 400)
        grouped = bare(home / "c", 400 * PER_COMMIT, PER_COMMIT)
        step, commits, per_record = under_load(home / "d", steps)
        empty = opening(home / "e", 0)
        large = opening(home / "f", past)
    print(f"bare insert, one a commit: {1 / single:.0f} commits/s, {single * 1e6:.0f} µs")
    print(f"intent, one after another: {1 / alone:.0f} commits/s, {alone / single:.2f} times that")
    print(f"bare insert, {PER_COMMIT} a commit: {1 / grouped:.0f} rows/s, {grouped * 1e6:.0f} µs")
    print(f"paid step that does nothing, {IN_FLIGHT} at once: {step * 1e6:.0f} µs", end=", ")
    print(f"{step / single:.2f} bare commits (aim 2.00)")
    print(f"commits a step {commits:.3f} (aim 0.125), a record {per_record:.3f} (aim 0.125)")
    print(f"opening an empty ledger: {empty * 1e3:.2f} ms", end=", ")
    print(f"with {past:,} calls {(large - empty) * 1e3:+.2f} ms (aim 20)")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [10_000, 1_000_000][len(given) :]))

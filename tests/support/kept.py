"""Ledgers of runs that never were, kept by a real writer."""

from pathlib import Path
from queue import SimpleQueue

from aipipe.contracts.artefact import Json
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.records import (
    Advance,
    CallFacts,
    EndRun,
    OpenRun,
    Record,
    TakeIntent,
    of_run,
)
from aipipe.memory.ledger.steps import Accept, Doubt, Free, Reject, Settle, Transition
from aipipe.memory.ledger.writer import Reply, Writer

NOON = 1_795_521_600.0
"""2026-11-24, 12:00 UTC."""
CENT = 10_000_000
"""In nano-dollars."""


def keep(home: Path, *records: Record, at: float = NOON) -> None:
    """Put records into a ledger, whose first call has the number 1."""
    replies: SimpleQueue[Reply] = SimpleQueue()
    world = World(now=lambda: at, is_alive=lambda _: True)
    with Writer(Place(home=home), world) as writer:
        writer.put(records, replies.put)
    answers = replies.get()
    assert not isinstance(answers, Exception)


def begun(run: str, folder: Path | str = "/home/ann/out", pipeline: str = "fog") -> OpenRun:
    return OpenRun(
        run=run,
        pipeline=pipeline,
        file="/home/ann/fog.yaml",
        file_key="f",
        inputs_key="i",
        command="aipipe run fog.yaml",
        folder=str(folder),
    )


def ended(run: str, status: str = "done", exit_code: int = 0, **counts: int) -> EndRun:
    totals: dict[str, Json] = {
        "counts": dict(counts),
        "seconds": 41.9,
        "estimated": "0.145",
        "billed": "0.000",
    }
    return EndRun(
        run=run,
        status=status,
        exit_code=exit_code,
        finished=not exit_code,
        totals={**totals, "outputs": 0},
    )


def paid(run: str, task: str, model: str, cents: int, provider: str = "fal") -> TakeIntent:
    call = CallFacts(
        run=run,
        task=task,
        type="text_to_image",
        provider=provider,
        model=model,
        endpoint=f"{provider}/{model}",
        key=task,
        open_key="",
    )
    return TakeIntent(call=call, hold=cents * CENT, scopes=(of_run(run),))


def steps(call: int, *transitions: Transition) -> list[Advance]:
    return [Advance(call=call, transition=each) for each in transitions]


def a_paid_run(home: Path, folder: Path | str) -> None:
    """One that was killed: a call is done, one goes on, one is in doubt, one was rejected."""
    keep(
        home,
        begun("7k2m", folder),
        paid("7k2m", "pictures.1", "flux_dev", 3),
        *steps(1, Accept(remote_id="r-1"), Settle(billed=3 * CENT, computed=True)),
        paid("7k2m", "pictures.2", "seedream_4", 4),
        *steps(2, Accept(remote_id="r-2")),
        paid("7k2m", "pictures.3", "imagen4", 8),
        *steps(3, Doubt(error={"code": "fal.lost", "message": "no answer"})),
        paid("7k2m", "pictures.4", "imagen4", 8),
        *steps(4, Reject(error="HTTP 422"), Free(evidence="a 422 is never billed")),
    )

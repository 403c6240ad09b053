"""Writes calls from four threads until it is killed, and says which records were answered.

python -m memory.ledger.program_busy HOME SEED
"""

import json
import os
import random
import sys
import threading
import traceback
from itertools import count
from pathlib import Path

from memory.ledger.keeping import NOON, ask, intent, steps

from aipipe.memory.ledger.answers import Taken
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.records import AppendEvents, of_run, of_today
from aipipe.memory.ledger.steps import Accept, Doubt, Fail, Free, Reject, Settle, Transition
from aipipe.memory.ledger.writer import Writer

ENDINGS: list[list[Transition]] = [
    [Accept(remote_id="j"), Settle(billed=3, computed=False)],
    [Accept(remote_id="j"), Fail(error="broken"), Free(evidence="documented")],
    [Reject(error="429"), Free(evidence="429")],
    [Doubt(error="reset")],
    [],
]


def tell(**fact: object) -> None:
    os.write(1, f"{json.dumps(fact)}\n".encode())


def work(writer: Writer, name: str) -> None:
    """Spends until the process ends, and ends it where something is not as it should be."""
    try:
        spend(writer, name, random.Random(name))
    finally:
        traceback.print_exc()
        os._exit(1)


def spend(writer: Writer, name: str, chance: random.Random) -> None:
    for n in count():
        key = f"{name}.{n}"
        wanted = intent(chance.randrange(9), of_run("r"), of_today(cap=10**9), key=key)
        (answer,) = ask(writer, wanted)
        assert isinstance(answer, Taken)
        tell(call=answer.call, key=key, work="intent")
        for step in chance.choice(ENDINGS):
            event = AppendEvents(run=name, events=(key,))
            ask(writer, *steps(answer.call, step), event)
            tell(call=answer.call, key=key, step=type(step).__name__)


def main(home: Path, seed: str) -> None:
    writer = Writer(Place(home=home), World(now=lambda: NOON, is_alive=lambda _: True))
    for n in range(4):
        threading.Thread(target=work, args=(writer, f"{seed}-{n}")).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

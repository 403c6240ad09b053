"""64 threads that spend from one day's cap; tells each hold that was refused, then 'end'.

python -m memory.ledger.program_spending HOME SEED CAP
"""

import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from memory.ledger.keeping import NOON, ask, intent, steps

from aipipe.memory.ledger.answers import MustWait, Refused, Taken
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.liveness import is_alive, living
from aipipe.memory.ledger.records import of_run, of_today
from aipipe.memory.ledger.steps import Accept, Fail, Free, Reject, Settle, Transition
from aipipe.memory.ledger.writer import Writer

THREADS, CALLS = 64, 4
TRIES = 1_000_000


def ending(hold: int, chance: random.Random) -> list[Transition]:
    """Billed in full or in part, or free."""
    accept = Accept(remote_id="j")
    return chance.choice(
        [
            [accept, Settle(billed=hold, computed=False)],
            [accept, Settle(billed=chance.randint(0, hold), computed=True)],
            [accept, Fail(error="broken"), Free(evidence="documented")],
            [Reject(error="429"), Free(evidence="429")],
        ]
    )


def spend(writer: Writer, run: str, cap: int, chance: random.Random) -> None:
    for _ in range(CALLS):
        hold = chance.randint(1, cap // 20)
        wanted = intent(hold, of_run(run), of_today(cap=cap), run=run)
        for _ in range(TRIES):
            (answer,) = ask(writer, wanted)
            if not isinstance(answer, MustWait):
                break
        if isinstance(answer, Refused):
            os.write(1, f"{hold}\n".encode())
            continue
        assert isinstance(answer, Taken)
        ask(writer, *steps(answer.call, *ending(hold, chance)))


def main(home: Path, seed: str, cap: int) -> None:
    world = World(now=lambda: NOON, is_alive=lambda run: is_alive(home, run))
    with living(home, seed), Writer(Place(home=home), world) as writer:
        with ThreadPoolExecutor(THREADS) as pool:
            chances = [random.Random(f"{seed}{n}") for n in range(THREADS)]
            spending = [pool.submit(spend, writer, seed, cap, chance) for chance in chances]
        for thread in spending:
            thread.result()
    os.write(1, b"end\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

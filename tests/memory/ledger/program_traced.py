"""Writes five intents, one after the other, and says after each what it was answered.

python -m memory.ledger.program_traced HOME
"""

import os
import sys
from pathlib import Path

from memory.ledger.keeping import intent, reply, world

from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.writer import Writer

if __name__ == "__main__":
    with Writer(Place(home=Path(sys.argv[1])), world()) as writer:
        os.write(1, b"opened\n")
        for n in range(5):
            answer = reply(writer, intent(1, key=f"{n}"))
            os.write(1, f"answered {answer}\n".encode())

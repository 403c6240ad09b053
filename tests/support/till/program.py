"""Runs the provider until it is killed: `program.py FOLDER`. Its port is in `FOLDER/port`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from support.till.server import Server
from support.till.service import Service


def main(folder: Path) -> None:
    """Serve. The line on standard output says that it can be called."""
    server = Server(Service(folder))
    port = folder / "port.part"
    port.write_text(f"{server.server_port}\n", encoding="utf-8")
    port.replace(folder / "port")
    print(server.server_port, flush=True)  # noqa: T201 (whoever started it waits for this)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

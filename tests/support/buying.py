"""Runs of a paid pipeline in a folder, and what the ledger knows of their calls."""

from collections.abc import Callable
from pathlib import Path

from aipipe.app.options import Options
from aipipe.app.prepare import Prepared, prepare
from aipipe.app.run import run
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.states import Money, Work
from aipipe.running.summary import Summary
from support.paid import KEY, Shop, texts


def bought(
    text: str, folder: Path, shop: Shop, per_day: str | None = None, **options: object
) -> Summary:
    """A run to its end."""
    return run(ready(text, folder, shop, per_day, **options))


def ready(
    text: str, folder: Path, shop: Shop, per_day: str | None = None, **options: object
) -> Prepared:
    """A run that may begin."""
    file = folder / "texts.yaml"
    file.write_text(text, encoding="utf-8")
    environment = {"AIPIPE_HOME": str(folder / "home"), KEY: "secret"}
    if per_day is not None:
        environment["AIPIPE_MAX_COST_PER_DAY"] = per_day
    given: dict[str, object] = {
        "file": str(file),
        "output_dir": str(folder / "out"),
        "environment": environment,
    }
    return prepare(Options(**{**given, **options}), shop.world)  # type: ignore[arg-type]


def asked(folder: Path, question: "Callable[[Reader], object]") -> object:
    with reading(Place(home=folder / "home")) as ledger:
        assert ledger is not None
        return question(ledger)


def calls(folder: Path) -> list[Call]:
    def all_calls(ledger: Reader) -> list[Call]:
        return [call for each in ledger.runs() for call in (ledger.run(each.id) or (None, ()))[1]]

    found = asked(folder, all_calls)
    assert isinstance(found, list)
    return found


def states(folder: Path) -> list[tuple[str, Work, Money | None]]:
    return [(call.task, call.state.work, call.state.money) for call in calls(folder)]


def leave_open(folder: Path, shop: Shop) -> None:
    """A run whose process ended, as it stood when its only call was sent, asked for or read."""
    keep = folder / "home"
    seen: list[bytes] = []
    moments = (("poll ", shop.has_jobs), ("body ", shop.keeps), ("", True))
    wanted = next(moment for moment, comes in moments if comes) + "texts.1"

    def look(what: str) -> None:
        if what == wanted:
            asked(folder, _into(seen))

    shop.look = look
    bought(texts("1"), folder, shop)
    shop.look = lambda _what: None
    for name in ("ledger.sqlite3-wal", "ledger.sqlite3-shm"):
        (keep / name).unlink(missing_ok=True)
    (keep / "ledger.sqlite3").write_bytes(seen[0])
    (folder / "out" / "texts-1.txt").unlink(missing_ok=True)
    (folder / "out" / "run.json").unlink()
    shop.calls.clear()


def _into(seen: list[bytes]) -> Callable[[Reader], None]:
    def question(ledger: Reader) -> None:
        seen.append(ledger.connection.serialize())

    return question

"""The line before a run: how many calls, what they cost, where the files go."""

from pathlib import Path

from aipipe.cli import reuse_words
from aipipe.cli.money import places_of, usd
from aipipe.cli.text import clean, count
from aipipe.memory.ledger.connecting import NAME
from aipipe.planning.estimate import Estimate
from aipipe.planning.plan import Plan


def line(plan: Plan, found: Estimate, continues: str | None = None) -> str:
    """`multi_voice · 3 new calls, 0 reused · likely $0.300, at most $0.375`.

    `continues` is the run that is gone on with.
    """
    on = f" · goes on with run {continues}" if continues else ""
    mock = " · mock" if plan.mock else ""
    return f"{clean(plan.name)}{on} · {cost(found)}{mock}"


def cost(found: Estimate) -> str:
    """`3 new calls, 2 reused · likely $0.300, at most $0.375`, or that all is reused."""
    if reuse_words.is_all_reused(found):
        return reuse_words.all_reused(found)
    new = (
        "an unknown number of new calls" if found.calls is None else count(found.calls, "new call")
    )
    return f"{new}, {reuse_words.counts(found)} · {amounts(found)}"


def amounts(found: Estimate) -> str:
    """`likely $0.300, at most $0.375`; what is unknown says so."""
    if found.at_most == 0:
        return "$0.00"
    places = places_of((found.likely, found.at_most, found.known_likely))
    at_most = f"at most {usd(found.at_most, places)}"
    if found.likely is not None:
        return f"likely {usd(found.likely, places)}, {at_most}"
    if found.known_likely:
        return f"likely over {usd(found.known_likely, places)}, {at_most}"
    return "cost unknown"


def ledger(home: Path) -> str:
    """Where runs and paid calls are kept: `~/.local/share/aipipe`; `(new)` before the first run."""
    try:
        short = f"~/{home.absolute().relative_to(Path.home())}"
    except (ValueError, RuntimeError):  # elsewhere, or nobody's home
        short = str(home)
    is_new = not (home / NAME).exists()
    return f"{clean(short)}{' (new)' if is_new else ''}"

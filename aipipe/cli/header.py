"""The line before a run: how many calls, what they cost, where the files go."""

from aipipe.cli.money import places_of, usd
from aipipe.cli.text import clean, count
from aipipe.planning.estimate import Estimate
from aipipe.planning.plan import Plan


def line(plan: Plan, found: Estimate) -> str:
    """`multi_voice · 3 new calls, 0 reused · likely $0.300, at most $0.375`."""
    mock = " · mock" if plan.mock else ""
    return f"{clean(plan.name)} · {cost(found)}{mock}"


def cost(found: Estimate) -> str:
    """`3 new calls, 0 reused · likely $0.300, at most $0.375`."""
    new = (
        "an unknown number of new calls" if found.calls is None else count(found.calls, "new call")
    )
    return f"{new}, {found.reused:,} reused · {amounts(found)}"


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

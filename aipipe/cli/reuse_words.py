"""What is said of earlier results that stand in for calls: in header, estimate and plan."""

from collections.abc import Iterator, Sequence

from aipipe.cli.money import usd
from aipipe.cli.text import clean
from aipipe.planning.estimate import Estimate
from aipipe.planning.forecast import Changed, Forecast, HeldBack, Outlook

_WORDS = {"endpoint": "model"}
"""Parts of a call whose name is not the user's."""
_BOTH = 2


def is_all_reused(found: Estimate) -> bool:
    """Whether no paid call is left to make, and earlier results stand in for them."""
    open_ones = found.attached or found.forecast.doubtful
    return found.reused > 0 and found.paid == 0 and not open_ones


def all_reused(found: Estimate) -> str:
    """`all 3 reused from run 7k2m, $0.00; new ones: --fresh ($0.300)`."""
    which = f"all {found.reused:,} reused" if found.reused > 1 else "1 reused"
    ones = "new ones" if found.reused > 1 else "a new one"
    return f"{which} from {runs(found.forecast.runs)}, $0.00; {ones}: --fresh ({usd(found.whole)})"


def counts(found: Estimate) -> str:
    """`2 reused, 1 re-attached`; what there is none of is left out, but for the first."""
    doubtful = found.forecast.doubtful
    parts = [f"{found.reused:,} reused"]
    parts += [f"{found.attached:,} re-attached"] if found.attached else []
    parts += [f"{doubtful:,} not sent again"] if doubtful else []
    return ", ".join(parts)


def line(found: Estimate, places: int) -> str:
    """`3 reused from run 7k2m, 2 changed: prompt of hero, +$1.12`; empty if nothing is known."""
    parts = list(_parts(found))
    if parts and found.likely:
        parts.append(f"+{usd(found.likely, places)}")
    return ", ".join(parts)


def _parts(found: Estimate) -> Iterator[str]:
    forecast = found.forecast
    if forecast.reused:
        yield f"{forecast.reused:,} reused from {runs(forecast.runs)}"
    if forecast.changes:
        yield f"{forecast.changes:,} changed{_named(forecast)}"
    if forecast.attached:
        yield f"{forecast.attached:,} re-attached"
    if forecast.doubtful:
        why = _reasons([why for each in forecast.outlooks.values() for why in each.held_back])
        yield f"{forecast.doubtful:,} not sent again ({why})"


def _named(forecast: Forecast) -> str:
    named = [_changed(each) for each in forecast.changed]
    return f": {', '.join(named)}" if named else ""


def _changed(each: Changed) -> str:
    """`prompt of hero`."""
    return f"{_listed([_WORDS.get(part, part) for part in each.parts])} of {clean(each.task)}"


def of_step(outlook: Outlook) -> str:
    """`reused from run 7k2m`, `new: prompt changed`, `re-attached`, `4 new, 12 reused …`."""
    several = sum(map(bool, (outlook.new, outlook.reused, outlook.attached, outlook.doubtful))) > 1
    told = (
        (outlook.new, f"new{_why_new(outlook)}"),
        (outlook.reused, f"reused from {runs(outlook.runs)}"),
        (outlook.attached, "re-attached"),
        (outlook.doubtful, f"not sent again: {_reasons(outlook.held_back)}"),
    )
    return ", ".join(f"{n:,} {word}" if several else word for n, word in told if n)


def _why_new(outlook: Outlook) -> str:
    if outlook.changed is None:
        return ""
    if not outlook.changed:
        return ": what it is made from is new"
    return f": {_listed([_WORDS.get(part, part) for part in outlook.changed])} changed"


def runs(names: Sequence[str]) -> str:
    """`run 7k2m`, `runs 7k2m and 9c4f`, `run 7k2m and 4 others`."""
    match names:
        case []:
            return "an earlier run"
        case [only]:
            return f"run {only}"
        case [newest, other]:
            return f"runs {newest} and {other}"
        case [newest, *others]:
            return f"run {newest} and {len(others)} others"
    raise AssertionError(names)


def _reasons(found: Sequence[HeldBack]) -> str:
    return "; ".join(dict.fromkeys(each.value for each in found))


def _listed(words: Sequence[str]) -> str:
    """`prompt`, `prompt and seed`, `prompt, seed and size`."""
    clean_words = [clean(word) for word in words]
    if len(clean_words) < _BOTH:
        return "".join(clean_words)
    return f"{', '.join(clean_words[:-1])} and {clean_words[-1]}"

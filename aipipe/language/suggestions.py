"""What the user may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def close(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """The known words that are most like this one."""
    by_fold: dict[str, str] = {}
    for each in known:
        by_fold.setdefault(_plain(each), each)
    found = get_close_matches(_plain(word), list(by_fold), most, cutoff=0.6)
    return [by_fold[each] for each in found]


def did_you_mean(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The hint, or none."""
    found = close(word, known)
    return (f"did you mean '{found[0]}'?",) if found else ()


def one_of(known: Iterable[object], most: int = 12) -> str:
    """`6, 10`, cut short where there are many."""
    words = [str(each) for each in known]
    more = f", … ({len(words)})" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")

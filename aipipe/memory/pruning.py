"""Which files go when the store is pruned: a choice that touches nothing.

What has not been used for longest goes first; to come below a size, files that cost nothing go
before results that were paid for. What an open run needs never goes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aipipe.memory.inventory import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is asked for; None: it does not matter. A file that either one rules out goes."""

    unused_since: int | None = None
    """Files that were last used before this time go: nanoseconds since 1970."""
    most_bytes: int | None = None
    """What may stay, all files together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Every file is either going or staying."""

    going: tuple[Stored, ...]
    """In the order in which they go."""
    staying: tuple[Stored, ...]
    spared: tuple[Stored, ...]
    """Those among the staying that would go if no open run needed them."""


def choice(
    files: Iterable[Stored],
    limits: Limits,
    *,
    is_needed: Callable[[Stored], bool],
    is_paid: Callable[[Stored], bool],
) -> Choice:
    """What goes and what stays within the limits."""
    files = tuple(files)
    free_to_go = [file for file in files if not is_needed(file)]
    kept_bytes = sum(file.bytes for file in files) - sum(file.bytes for file in free_to_go)
    going = _going(free_to_go, limits, is_paid, kept_bytes)
    without_needs = _going(files, limits, is_paid, 0)
    gone = set(going)
    return Choice(
        going=going,
        staying=tuple(file for file in files if file not in gone),
        spared=tuple(file for file in without_needs if is_needed(file)),
    )


def _going(
    files: Iterable[Stored], limits: Limits, is_paid: Callable[[Stored], bool], kept_bytes: int
) -> tuple[Stored, ...]:
    """Those that go, where `kept_bytes` more stay whatever happens."""
    by_age = sorted(files, key=lambda file: (file.used, file.name))
    old = [file for file in by_age if _is_old(file, limits.unused_since)]
    rest = sorted(by_age[len(old) :], key=is_paid)
    over = kept_bytes + sum(file.bytes for file in rest) - _most(limits)
    return (*old, *_first(rest, over))


def _is_old(file: Stored, unused_since: int | None) -> bool:
    return unused_since is not None and file.used < unused_since


def _most(limits: Limits) -> float:
    return float("inf") if limits.most_bytes is None else limits.most_bytes


def _first(files: list[Stored], over: float) -> list[Stored]:
    """As many as it takes to lose so many bytes."""
    going: list[Stored] = []
    for file in files:
        if over <= 0:
            break
        going.append(file)
        over -= file.bytes
    return going

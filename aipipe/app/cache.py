"""The store as its owner sees it: what it holds, what may go, and what that would cost again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from aipipe.contracts.media import KINDS
from aipipe.memory import scratch, usage
from aipipe.memory.inventory import Stored, raw_answers, stored_files
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Product
from aipipe.memory.ledger.reading import reading
from aipipe.memory.needs import Needs, needs
from aipipe.memory.pruning import Limits, choice
from aipipe.running import amounts

DAY = 86_400
LONG_UNUSED = 30 * DAY
"""Seconds after which a file is counted as not used for long."""
OTHER = "other"
"""What is of no medium."""
_NANO = 1_000_000_000
_MEDIA = {extension: kind.name for kind in KINDS for extension in kind.formats}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What some files come to."""

    files: int = 0
    bytes: int = 0
    paid: int = 0
    """How many of them paid calls have made."""
    cost: Decimal = Decimal(0)
    """USD for making those again, each call counted once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What the store holds."""

    folder: Path
    all: Sum
    media: Mapping[str, Sum]
    """By the name of the medium, or `OTHER`, the largest first."""
    paid: Sum
    unused: Sum
    """Not used for `LONG_UNUSED`."""
    answers: Sum
    """Raw answers, which lie beside the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What goes and what stays, planned or done."""

    home: Path
    limits: Limits
    going: tuple[Stored, ...]
    answers: tuple[Stored, ...]
    """Raw answers that go too: no open call needs them."""
    removed: Sum
    removed_answers: Sum
    spared: Sum
    """What would go if no open run needed it."""
    left: Sum
    bill: "Bill"
    stuck: Mapping[Path, str]
    """What could not be removed, and why."""

    @property
    def is_above(self) -> bool:
        """More is left than was asked for."""
        most = self.limits.most_bytes
        return most is not None and self.left.bytes > most


@dataclass(frozen=True, slots=True)
class Bill:
    """What calls cost, in nano-dollars, by the outputs that they made and by their number."""

    calls: Mapping[str, Mapping[int, int]]

    def is_paid(self, file: Stored) -> bool:
        """Whether a paid call made it."""
        return file.name in self.calls

    def of(self, file: Stored) -> Decimal:
        """USD that its calls cost."""
        return amounts.usd(sum(self.calls.get(file.name, {}).values()))

    def sum(self, files: Iterable[Stored]) -> Sum:
        """What the files come to."""
        files = tuple(files)
        calls: dict[int, int] = {}
        for file in files:
            calls |= self.calls.get(file.name, {})
        return Sum(
            files=len(files),
            bytes=sum(file.bytes for file in files),
            paid=sum(self.is_paid(file) for file in files),
            cost=amounts.usd(sum(calls.values())),
        )


def info(home: Path, *, now: float) -> Info:
    """What the store below `home` holds; `now` is in seconds since 1970.

    Raises:
        LedgerError: the ledger can't be used.
    """
    files = tuple(stored_files(_store(home)))
    _, bill = _known(home)
    long_ago = _nano(now - LONG_UNUSED)
    return Info(
        folder=_store(home),
        all=bill.sum(files),
        media=_by_medium(files, bill),
        paid=bill.sum(filter(bill.is_paid, files)),
        unused=bill.sum(file for file in files if file.used < long_ago),
        answers=bill.sum(raw_answers(_answers(home))),
    )


def plan(
    home: Path, *, now: float, unused_for: float | None = None, most_bytes: int | None = None
) -> Pruning:
    """What would go: files not used for so many seconds, then the longest unused ones.

    Raises:
        LedgerError: the ledger can't be used.
    """
    since = None if unused_for is None else _nano(now - unused_for)
    limits = Limits(unused_since=since, most_bytes=most_bytes)
    # Listed before the ledger is read: who uses a file later is told by the file's time.
    files = tuple(stored_files(_store(home)))
    old_answers = [each for each in raw_answers(_answers(home)) if each.used < _nano(now - DAY)]
    needed, bill = _known(home)
    chosen = choice(files, limits, is_needed=needed.of, is_paid=bill.is_paid)
    answers = tuple(each for each in old_answers if not needed.of_answer(each))
    return Pruning(
        home=home,
        limits=limits,
        going=chosen.going,
        answers=answers,
        removed=bill.sum(chosen.going),
        removed_answers=bill.sum(answers),
        spared=bill.sum(chosen.spared),
        left=bill.sum(chosen.staying),
        bill=bill,
        stuck={},
    )


def carry_out(planned: Pruning) -> Pruning:
    """What went of it. A file that was used since, or that an open run needs now, stays.

    The ledger is not written to. A process that is killed meanwhile leaves each file whole or
    gone.

    Raises:
        LedgerError: the ledger can't be used; nothing is gone.
    """
    needed, bill = _known(planned.home)
    stuck: dict[Path, str] = {}
    going = _removed(_store(planned.home), planned.going, needed.of, stuck)
    answers = _removed(_answers(planned.home), planned.answers, needed.of_answer, stuck)
    scratch.sweep(_store(planned.home) / scratch.FOLDER)
    return replace(
        planned,
        going=going,
        answers=answers,
        removed=bill.sum(going),
        removed_answers=bill.sum(answers),
        left=bill.sum(stored_files(_store(planned.home))),
        stuck=stuck,
    )


def _removed(
    folder: Path,
    files: Iterable[Stored],
    is_needed: Callable[[Stored], bool],
    stuck: dict[Path, str],
) -> tuple[Stored, ...]:
    """Those that are gone now; `stuck` learns of those that can't be removed."""
    gone: list[Stored] = []
    for file in files:
        try:
            if not is_needed(file) and usage.remove(folder, file.path, file.used):
                gone.append(file)
        except OSError as error:
            stuck[file.path] = (error.strerror or str(error)).lower()
    return tuple(gone)


def _known(home: Path) -> tuple[Needs, Bill]:
    """What the ledger tells of open runs and of costs; nothing where there is no ledger."""
    with reading(Place(home=home)) as ledger:
        if ledger is None:
            return Needs(), Bill({})
        products = ledger.products()
        return needs(ledger, products, partial(is_alive, home)), _bill(products)


def _bill(products: Iterable[Product]) -> Bill:
    calls: dict[str, dict[int, int]] = {}
    for each in products:
        if each.cost:
            calls.setdefault(each.name, {})[each.call] = each.cost
    return Bill(calls)


def _by_medium(files: Iterable[Stored], bill: Bill) -> Mapping[str, Sum]:
    found: dict[str, list[Stored]] = {}
    for file in files:
        found.setdefault(_MEDIA.get(file.path.suffix[1:], OTHER), []).append(file)
    sums = {medium: bill.sum(some) for medium, some in found.items()}
    return dict(sorted(sums.items(), key=lambda item: (-item[1].bytes, item[0])))


def _store(home: Path) -> Path:
    return home / "store"


def _answers(home: Path) -> Path:
    return home / "answers"


def _nano(seconds: float) -> int:
    return int(seconds * _NANO)

"""Files at addresses, brought into the store: each once a run, however many steps read it."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from aipipe.backends.pools import Pool
from aipipe.contracts.addresses import extension_of, shown, stem_of
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.media import TEXT, VIDEO, Medium
from aipipe.errors import CancelledError, StepError, UsageError
from aipipe.memory.store import Session, Store
from aipipe.planning.downloads import Wanted, wanted
from aipipe.planning.plan import Plan
from aipipe.providers.http.downloading import download
from aipipe.providers.http.errors import CutOffError, GoneError, UnreachedError
from aipipe.providers.http.site import Site

LARGEST: Final[Mapping[Medium, int]] = {VIDEO: 2 << 30, TEXT: 64 << 20}
OTHERWISE: Final = 500 << 20
"""Bytes of what is still downloaded, by its medium."""
LONGEST: Final = 1_800.0
"""Seconds for one file."""
PAUSES: Final = (1.0, 4.0)
"""Seconds after which a download that broke off is tried again."""
AT_ONCE: Final = 8
_NAMED = 5
"""Failures that are told; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much and how long one file may take, and how often it is tried."""

    largest: Callable[[Medium], int] = lambda medium: LARGEST.get(medium, OTHERWISE)
    seconds: float = LONGEST
    pauses: tuple[float, ...] = PAUSES


def store_of(home: Path) -> Store:
    """The store of everything that runs read and make."""
    from aipipe.media.probe import probe  # noqa: PLC0415 (heavy, and needed by runs alone)

    return Store(root=home / "store", probe=probe)


def downloaded(plan: Plan, home: Path, tell: Callable[[str], None]) -> "Downloads":
    """The files at addresses that a plan reads, in the store.

    Raises:
        UsageError: one that is needed can't be had.
    """
    downloads = Downloads(store=store_of(home))
    files = wanted(plan)
    if files:
        tell(f"downloading {len(files)} file" + ("s" if len(files) > 1 else ""))
        downloads.all(files)
    return downloads


@dataclass(slots=True, kw_only=True)
class Downloads:
    """The downloads of one run. Questions may come from any thread."""

    store: Store
    bounds: Bounds = field(default_factory=Bounds)
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _found: "dict[Wanted, Future[ArtefactRef]]" = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    def all(self, files: Mapping[Wanted, bool]) -> None:
        """Bring all of them, as many at once as is polite.

        Raises:
            UsageError: one that is needed (`True`) can't be had; nothing was spent.
        """
        pool = Pool("download", AT_ONCE)
        ends: dict[Wanted, Future[StepError | None]] = {file: Future() for file in files}
        for file, end in ends.items():
            pool.do(partial(self._end, file, end))
        try:
            errors = {file: end.result() for file, end in ends.items()}
        except BaseException:  # Ctrl-C: nobody waits for the others
            self._over.set()
            raise
        finally:
            pool.close()
        failed = [str(error) for each, error in errors.items() if error and files[each]]
        if failed:
            raise _needed(failed)

    def of(self, address: str, medium: Medium) -> ArtefactRef:
        """The file at an address, downloaded by whoever asks first.

        Raises:
            StepError: `input.download`, the same for all who ask.
        """
        file = Wanted(address, medium)
        with self._lock:
            known = self._found.get(file)
            future = known or self._found.setdefault(file, Future())
        if known is None:
            try:
                future.set_result(self._brought(file))
            except BaseException as error:  # noqa: BLE001 (others wait for it)
                future.set_exception(error)
        return future.result()

    def _end(self, file: Wanted, end: "Future[StepError | None]") -> None:
        try:
            end.set_result(self._error(file))
        except BaseException as error:  # noqa: BLE001 (it is raised where they are waited for)
            end.set_exception(error)

    def _error(self, file: Wanted) -> StepError | None:
        try:
            self.of(file.address, file.medium)
        except StepError as error:
            return error
        return None

    def _brought(self, file: Wanted) -> ArtefactRef:
        if self._over.is_set():
            raise CancelledError
        try:
            with self.store.session() as session:
                path = self._fetched(file, session)
                made = session.adopt(path, file.medium, label=stem_of(file.address))
                return replace(made, address=file.address)
        except CancelledError:
            raise
        except StepError as error:
            raise _unusable(file, error) from None
        except OSError as error:
            full = StepError("input.download", f"it can't be kept: {error.strerror}")
            raise _unusable(file, full) from error

    def _fetched(self, file: Wanted, session: Session) -> Path:
        """The file as it came, in the session's scratch folder."""
        from aipipe.media.arrived import check_arrived  # noqa: PLC0415 (needed by downloads alone)

        until = self.clock() + self.bounds.seconds
        for wait in (*self.bounds.pauses, None):
            path = session.scratch(_extension(file))
            try:
                self._download(file, path, until)
            except (UnreachedError, CutOffError):
                if wait is None or self.clock() + wait > until or self._over.is_set():
                    raise
                self.pause(wait)
            else:
                check_arrived(path, file.medium)
                return path
        raise AssertionError(file)

    def _download(self, file: Wanted, path: Path, until: float) -> None:
        def late() -> bool:
            if self.clock() > until:
                raise _SlowError(self.bounds.seconds)
            return self._over.is_set()

        site = Site(base=file.address)  # without credentials: they are for providers alone
        limit = self.bounds.largest(file.medium)
        download(site, file.address, path, limit=limit, cancelled=late)


class _SlowError(StepError):
    """The time is up."""

    def __init__(self, seconds: float) -> None:
        super().__init__("input.download", f"it took longer than {seconds:,.0f} s")


def _extension(file: Wanted) -> str:
    return "txt" if file.medium == TEXT else extension_of(file.address) or file.medium


def _unusable(file: Wanted, error: StepError) -> StepError:
    where = shown(file.address)
    why = "there is no such file (404)" if isinstance(error, GoneError) else error.message
    why = why.replace(f"'{where}'", "the server").replace("the answer has", "it has")
    hint = "open it in a browser, or download it and name the file"
    return StepError("input.download", f"can't take '{where}': {why}", hint=hint)


def _needed(errors: Iterable[str]) -> UsageError:
    first, *others = errors
    more = [*others[: _NAMED - 1]]
    if len(others) >= _NAMED:
        more.append(f"and {len(others) - _NAMED + 1} more")
    return UsageError(first, hints=more or ["open it in a browser, or name a file"])

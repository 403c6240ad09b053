"""Files at addresses, brought into the store: each once a run, however many steps read it."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from aipipe.contracts.addresses import extension_of, shown, stem_of
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.media import TEXT, VIDEO, Medium
from aipipe.errors import CancelledError, StepError, UsageError
from aipipe.memory.store import Session, Store
from aipipe.planning.downloads import Wanted
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


@dataclass(slots=True, kw_only=True)
class Downloads:
    """The downloads of one run. Questions may come from any thread."""

    store: Store
    stopped: Callable[[], bool] = lambda: False
    bounds: Bounds = field(default_factory=Bounds)
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _found: "dict[Wanted, Future[ArtefactRef]]" = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self, wanted: Mapping[Wanted, bool]) -> None:
        """Bring all of them, as many at once as is polite.

        Raises:
            UsageError: one that is needed (`True`) can't be had; nothing was spent.
        """
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="download") as pool:
            errors = dict(zip(wanted, pool.map(self._error, wanted), strict=True))
        failed = [str(error) for each, error in errors.items() if error and wanted[each]]
        if failed and not self.stopped():
            raise _needed(failed)

    def of(self, address: str, medium: Medium) -> ArtefactRef:
        """The file at an address, downloaded by whoever asks first.

        Raises:
            StepError: `input.download`, the same for all who ask.
        """
        wanted = Wanted(address, medium)
        with self._lock:
            known = self._found.get(wanted)
            future = known or self._found.setdefault(wanted, Future())
        if known is None:
            try:
                future.set_result(self._brought(wanted))
            except BaseException as error:  # noqa: BLE001 (others wait for it)
                future.set_exception(error)
        return future.result()

    def _error(self, wanted: Wanted) -> StepError | None:
        try:
            self.of(wanted.address, wanted.medium)
        except StepError as error:
            return error
        return None

    def _brought(self, wanted: Wanted) -> ArtefactRef:
        try:
            with self.store.session() as session:
                path = self._fetched(wanted, session)
                made = session.adopt(path, wanted.medium, label=stem_of(wanted.address))
                return replace(made, address=wanted.address)
        except CancelledError:
            raise
        except StepError as error:
            raise _unusable(wanted, error) from None
        except OSError as error:
            full = StepError("input.download", f"it can't be kept: {error.strerror}")
            raise _unusable(wanted, full) from error

    def _fetched(self, wanted: Wanted, session: Session) -> Path:
        """The file as it came, in the session's scratch folder."""
        from aipipe.media.arrived import check_arrived  # noqa: PLC0415 (needed by downloads alone)

        until = self.clock() + self.bounds.seconds
        for wait in (*self.bounds.pauses, None):
            path = session.scratch(_extension(wanted))
            try:
                self._download(wanted, path, until)
            except (UnreachedError, CutOffError):
                if wait is None or self.clock() + wait > until or self.stopped():
                    raise
                self.pause(wait)
            else:
                check_arrived(path, wanted.medium)
                return path
        raise AssertionError(wanted)

    def _download(self, wanted: Wanted, path: Path, until: float) -> None:
        def late() -> bool:
            if self.clock() > until:
                raise _SlowError(self.bounds.seconds)
            return self.stopped()

        site = Site(base=wanted.address)  # without credentials: they are for providers alone
        limit = self.bounds.largest(wanted.medium)
        download(site, wanted.address, path, limit=limit, cancelled=late)


class _SlowError(StepError):
    """The time is up."""

    def __init__(self, seconds: float) -> None:
        super().__init__("input.download", f"it took longer than {seconds:,.0f} s")


def _extension(wanted: Wanted) -> str:
    return "txt" if wanted.medium == TEXT else extension_of(wanted.address) or wanted.medium


def _unusable(wanted: Wanted, error: StepError) -> StepError:
    where = shown(wanted.address)
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

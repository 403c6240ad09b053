"""Running what was prepared: the store, the threads and the loop put together."""

import os
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from aipipe.app.downloads import store_of
from aipipe.app.given_files import GivenFiles
from aipipe.app.prepare import Prepared
from aipipe.app.recording import Recording, Shelves, recorded
from aipipe.app.synchronous import answered
from aipipe.backends.execution import Workshop
from aipipe.backends.lookup import finder
from aipipe.backends.publishing import Appearing, Folder, sweep
from aipipe.backends.threads import ThreadBackend, sizes_for
from aipipe.catalog.price import PriceEstimate
from aipipe.contracts.event import Noticed, RunEvent
from aipipe.contracts.in_flight import Running
from aipipe.errors import UsageError
from aipipe.memory.answers import RawAnswers
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.store import Store
from aipipe.planning.approving import is_approved
from aipipe.planning.pricing import price_of
from aipipe.planning.select import redone
from aipipe.reporting.journal import Journal, was_cut_off
from aipipe.reporting.run_json import RunJson, published_files
from aipipe.running.desk import Terms, nano
from aipipe.running.instructions import Decided, StopRequested
from aipipe.running.loop import Loop
from aipipe.running.machine import Machine
from aipipe.running.summary import Summary, SummaryFold
from aipipe.running.values import Binder

Listener = Callable[[RunEvent], None]


class Control:
    """A way to stop a run from outside. Safe to use from a signal handler."""

    def __init__(self, running: Running = Running.LEAVE) -> None:
        self._running = running
        self._loop: Loop | None = None
        self._folder: Folder | None = None
        self._early: StopRequested | None = None

    def interrupt(self, signal: str) -> None:
        """Start nothing new; calls in flight are left, finished or cancelled, as was asked."""
        self._stop(StopRequested(signal, self._running))

    def time_is_up(self) -> None:
        """Start nothing new and let calls in flight finish."""
        self._stop(StopRequested(None, Running.FINISH))

    def decide(self, step: str, agrees: bool) -> None:  # noqa: FBT001 (the answer itself)
        """Answer whether a step may begin that waits for a person."""
        if self._loop is not None:
            self._loop.inbox.put(Decided(step, agrees))

    def abandon(self) -> None:
        """Leave no half-written file in the output folder: the process is about to end."""
        if self._folder is not None:
            self._folder.abandon()

    def attach(self, loop: Loop, folder: Folder) -> None:
        """Control this loop; a stop that came before it counts."""
        self._loop, self._folder = loop, folder
        if self._early is not None:
            loop.inbox.put(self._early)

    def _stop(self, stop: StopRequested) -> None:
        if self._loop is None:
            self._early = stop
        else:
            self._loop.inbox.put(stop)


def run(
    prepared: Prepared,
    *,
    listeners: Sequence[Listener] = (),
    ticks: Sequence[Callable[[float], None]] = (),
    control: Control | None = None,
    command: str = "",
    asks: bool = False,
) -> Summary:
    """Run to the end. Blocks; `run.json` in the output folder is kept up to date meanwhile.

    `command` is what started it, for the list of runs. Where a listener `asks`, it gives every
    `StepWaiting` an answer by `control`.

    Raises:
        LedgerError: the ledger can't be used; nothing ran.
        UsageError: the output folder can't be made; nothing ran.
    """
    _make_folder(prepared.output)
    store = store_of(prepared.home)
    files = GivenFiles(store, prepared.downloads)
    answers = RawAnswers(prepared.home / "answers")
    shop = _workshop(prepared, files)
    shelves = Shelves(store=store, files=files, answers=answers, find=finder(shop))
    with recorded(prepared, command, shelves) as recording:
        shop = replace(shop, answered=partial(answered, recording.keeper, answers))
        scene = _Scene(
            prepared=prepared,
            recording=recording,
            store=store,
            files=files,
            shop=shop,
            asks=asks,
        )
        summary = _run(scene, listeners, ticks, control or Control())
        trouble = recording.end(summary)
        if trouble is not None:
            told = f"the ledger could not keep all of this run: {trouble}"
            for listener in listeners:
                listener(Noticed(at=summary.seconds, level="warning", message=told))
        return summary


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"can't make the output folder '{output}': {reason}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """All that one run stands on."""

    prepared: Prepared
    recording: Recording
    store: Store
    files: GivenFiles
    shop: Workshop
    asks: bool


def _run(
    scene: _Scene,
    listeners: Sequence[Listener],
    ticks: Sequence[Callable[[float], None]],
    control: Control,
) -> Summary:
    prepared, store, name = scene.prepared, scene.store, scene.recording.run
    plan, options = prepared.plan, prepared.options
    before = published_files(prepared.output)
    fold = SummaryFold(plan, run=name, earlier=before, found=prepared.estimate)
    report = RunJson(fold, prepared.output)
    terms = _terms(scene)
    binder = Binder(run=name, pipeline=plan.name, read_text=scene.files.text_of)
    machine = Machine(plan, terms, binder)
    if was_cut_off(prepared.output):
        sweep(prepared.output, lambda run: run != name and is_alive(prepared.home, run))
    journal = Journal(prepared.output)
    folder = Folder(
        path=prepared.output,
        tags=plan.tags,
        source_of=store.path_of,
        run=name,
        note=partial(_note, journal, scene.recording),
    )
    backend = ThreadBackend(scene.shop, folder, sizes_for(terms.max_workers))
    loop = Loop(
        machine,
        backend,
        scene.recording.desk,
        clock=time.monotonic,
        listeners=(fold.add, report.add, *listeners),
        ticks=(report.tick, *ticks),
    )
    control.attach(loop, folder)
    _limit_time(options.time_limit, control)
    with closing(backend):
        loop.run()
    if report.trouble is None:
        journal.close()
    return fold.summary()


def _note(journal: Journal, recording: Recording, file: Appearing) -> None:
    journal.note(file.path, file.sha256)
    recording.published(file)


def _limit_time(seconds: float | None, control: Control) -> None:
    if seconds is None:
        return
    timer = threading.Timer(seconds, control.time_is_up)
    timer.daemon = True
    timer.start()


def _terms(scene: _Scene) -> Terms:
    prepared, plan, options = scene.prepared, scene.prepared.plan, scene.prepared.options
    providers = prepared.setting.registry.providers
    return Terms(
        run=scene.recording.run,
        max_workers=options.max_workers or plan.limits.max_workers or 32,
        encoders=max(1, min(2, os.cpu_count() or 1)),
        concurrency=lambda provider: providers[provider].concurrency,
        poll_every=lambda provider: providers[provider].poll_every,
        cap=None if prepared.cap is None else nano(prepared.cap),
        hold_of=lambda task, call: _worst(price_of(task, call), options.unknown_price),
        likely_of=lambda task, call: _nano_of(price_of(task, call).likely),
        spent=scene.recording.spent,
        skips_doubtful=options.unconfirmed == "skip",
        anew=lambda task, path: prepared.fresh or redone(task, path, options.redo),
        random=random.random,
        strict=options.strict,
        approved=lambda template: is_approved(template, options.approve),
        asks=scene.asks,
    )


def _worst(price: PriceEstimate, unknown: Decimal | None) -> int | None:
    return _nano_of(price.at_most if price.at_most is not None else unknown)


def _nano_of(amount: Decimal | None) -> int | None:
    return None if amount is None else nano(amount)


def _workshop(prepared: Prepared, files: GivenFiles) -> Workshop:
    environment: Mapping[str, str] = prepared.options.environment
    return Workshop(
        registry=prepared.setting.registry,
        store=files,
        clock=time.monotonic,
        secret=environment.get,
        knows_by_call=any(task.is_remote for task in prepared.plan.tasks),
    )

"""One piece of work, carried out where it is called: the only caller of plug-ins."""

import contextlib
import json
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from aipipe.backends.hidden_keys import hidden
from aipipe.contracts.artefact import ArtefactRef, InputFile, Json, Value
from aipipe.contracts.call import Call, Job, Produced, Receipt
from aipipe.contracts.media import DATA, Medium
from aipipe.contracts.outcome import (
    Failed,
    FetchOutcome,
    Finished,
    PollOutcome,
    Problem,
    Rejected,
    Stopped,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
    problem_of,
)
from aipipe.contracts.provider import Provider
from aipipe.contracts.registry import Registry
from aipipe.contracts.split import SplitMode
from aipipe.contracts.tools import Sink, Tools
from aipipe.errors import CancelledError, StepError
from aipipe.memory import keys
from aipipe.running.instructions import Cancel, Fetch, Poll, Submit
from aipipe.running.tally import BUG


class ArtefactStore(Protocol):
    """The store, as far as calls need it."""

    def session(self) -> "AbstractContextManager[Sink]":
        """A sink whose scratch files go when the call ends."""
        ...

    def ingest(self, path: str, medium: Medium) -> ArtefactRef:
        """Copy a file of the user's into the store."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """All that calls use of the world."""

    registry: Registry
    store: ArtefactStore
    clock: Callable[[], float]
    secret: Callable[[str], str | None]
    answered: Callable[[int, Job, Receipt | None, Iterable[bytes]], Job] | None = None
    """`Tools.answered` of a ticket's call; None: nothing is sent here."""
    knows_by_call: bool = False
    """What local calls make is known by its call: paid calls may read it."""


def submit(
    work: Submit,
    shop: Workshop,
    report: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> SubmitOutcome:
    """How a call ended."""
    with shop.store.session() as sink:
        try:
            call = replace(work.call, inputs=read_in(work.call.inputs, shop.store))
        except Exception as error:  # noqa: BLE001 (whatever it is, nothing was sent)
            return Rejected(problem=_problem(error))
        tools = tools_of(sink, shop, report, cancelled)
        if call.plugin.startswith("provider:"):
            if shop.answered is not None:
                tools = replace(tools, answered=partial(shop.answered, work.ticket))
            provider = shop.registry.providers[call.provenance.provider]
            return hidden(_send(call, provider, tools), provider, call, shop.secret)
        return _work(call, shop, tools)


def _send(call: Call, provider: Provider, tools: Tools) -> SubmitOutcome:
    """What a provider answered. Whatever it raises may have come after the call was sent."""
    if provider.submit is None:
        message = f"provider '{provider.name}' can't be called yet"
        return Rejected(problem=Problem(code="not_connected", message=message))
    try:
        return provider.submit(call, tools)
    except CancelledError:
        return Stopped()
    except Exception as error:  # noqa: BLE001 (a bug in one plug-in must not take others with it)
        return Unconfirmed(problem=_problem(error))


def _work(call: Call, shop: Workshop, tools: Tools) -> SubmitOutcome:
    """What became of a local call."""
    try:
        return Finished(produced=_made(call, shop, tools))
    except CancelledError:
        return Stopped()
    except StepError as error:
        return Failed(problem=problem_of(error), retryable=error.retryable)
    except Exception as error:  # noqa: BLE001 (a bug in one plug-in must not take others with it)
        return Failed(problem=_problem(error))


def poll(
    work: Poll,
    shop: Workshop,
    report: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> PollOutcome:
    """What a remote job answered. What goes wrong here does not make it a failed job."""
    provider = shop.registry.providers[work.job.provider]
    if provider.poll is None:
        raise TypeError(f"{provider.name} accepted a job and has no poll")
    outcome: PollOutcome
    try:
        with shop.store.session() as sink:
            outcome = provider.poll(work.job, work.call, tools_of(sink, shop, report, cancelled))
    except CancelledError:
        outcome = Stopped()
    except Exception as error:  # noqa: BLE001 (a bug in one plug-in must not take others with it)
        outcome = Unreadable(problem=_problem(error))
    return hidden(outcome, provider, work.call, shop.secret)


def fetch(
    work: Fetch,
    shop: Workshop,
    report: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> FetchOutcome:
    """What came of bringing a result into the store. What goes wrong here loses nothing."""
    provider = shop.registry.providers[work.result.provider]
    if provider.fetch is None:
        raise TypeError(f"{provider.name} makes results and has no fetch")
    outcome: FetchOutcome
    try:
        with shop.store.session() as sink:
            outcome = provider.fetch(
                work.result, work.call, tools_of(sink, shop, report, cancelled)
            )
    except CancelledError:
        outcome = Stopped()
    except Exception as error:  # noqa: BLE001 (a bug in one plug-in must not take others with it)
        outcome = Unreadable(problem=_problem(error))
    return hidden(outcome, provider, work.call, shop.secret)


def _problem(error: Exception) -> Problem:
    match error:
        case StepError():
            return problem_of(error)
        case OSError():
            return disk_of(error)
        case _:
            return bug_of(error)


def cancel(work: Cancel, shop: Workshop) -> None:
    """Ask a provider to stop a job. A request only: polling goes on."""
    if work.job is None:
        return
    ask = shop.registry.providers[work.job.provider].cancel
    if ask is None:
        return
    with shop.store.session() as sink, contextlib.suppress(Exception):  # it was only a request
        ask(work.job, tools_of(sink, shop))


def _unheard(_fraction: float, _phase: str) -> None:
    """Nobody listens."""


def _never() -> bool:
    return False


def tools_of(
    sink: Sink,
    shop: Workshop,
    report: Callable[[float, str], None] = _unheard,
    cancelled: Callable[[], bool] = _never,
) -> Tools:
    """What one call may use of the world."""
    return Tools(
        sink=sink,
        report=report,
        cancelled=cancelled,
        clock=shop.clock,
        secret=shop.secret,
    )


def _made(call: Call, shop: Workshop, tools: Tools) -> Produced:
    """What a local call makes."""
    produced = _worked(call, shop.registry, tools)
    if not shop.knows_by_call:
        return produced
    kind, name = call.plugin.split(":", 1)
    captions = kind == "merge" and shop.registry.merges[name].shows_labels(call.params)
    return keys.made_locally(call, produced, captions=captions)


def _worked(call: Call, registry: Registry, tools: Tools) -> Produced:
    kind, name = call.plugin.split(":", 1)
    if kind == "split":
        return _split(call, registry.splits[name], tools)
    engine = registry.steps[name].local if kind == "step" else registry.merges[name].run
    if engine is None:
        raise TypeError(f"{call.plugin} has nothing to run")
    return engine(call, tools)


def _split(call: Call, mode: SplitMode, tools: Tools) -> Produced:
    if mode.text is None:
        if mode.run is None:
            raise TypeError(f"{call.plugin} has nothing to run")
        return mode.run(call, tools)
    whole = call.inputs["input"]
    text = tools.sink.text_of(whole) if isinstance(whole, ArtefactRef) else str(whole)
    try:
        parts = mode.text(text, call.params)
    except ValueError as error:
        raise StepError("split.failed", str(error)) from error
    if call.output.extension is None:
        return Produced(values=parts)
    made = [_adopted(part, call, tools, str(n)) for n, part in enumerate(parts, start=1)]
    return Produced(artefacts=tuple(made))


def _adopted(part: Json, call: Call, tools: Tools, label: str) -> ArtefactRef:
    """A part of a text as an artefact; a row is data, in JSON."""
    if isinstance(part, str):
        extension = call.output.extension or "txt"
        return tools.sink.adopt_text(part, extension=extension, label=label)
    row = json.dumps(part, ensure_ascii=False)
    return tools.sink.adopt_text(row, extension="json", medium=DATA, label=label)


def read_in(inputs: Mapping[str, Value], store: ArtefactStore) -> dict[str, Value]:
    """Inputs in which the user's files have entered the store.

    Raises:
        StepError: one can't be read.
    """
    return {slot: _stored(value, store) for slot, value in inputs.items()}


def _stored(value: Value, store: ArtefactStore) -> Value:
    """A value in which the user's files have entered the store."""
    if isinstance(value, InputFile):
        try:
            return replace(store.ingest(value.path, value.medium), label=value.label)
        except OSError as error:
            raise StepError("input.unreadable", f"can't read '{value.path}': {error}") from error
    if isinstance(value, tuple):
        return tuple(None if each is None else _stored(each, store) for each in value)
    return value


def disk_of(error: OSError) -> Problem:
    """What the user is told when this machine can't read or write a file."""
    what = f"'{error.filename}': " if error.filename else ""
    return Problem(
        code="disk",
        message=f"{what}{(error.strerror or str(error)).lower()}",
        hint="AIPIPE_HOME  says where finished media is kept",
    )


def bug_of(error: Exception) -> Problem:
    """What the user is told of aipipe's own fault."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({last[0].name}, line {last[0].lineno})" if last else ""
    return Problem(
        code=BUG,
        message=f"{type(error).__name__}: {error}{where}",
        hint="this is a bug in aipipe; please report it with this line",
    )

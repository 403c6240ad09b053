"""The Python API: the same engine as the command line, without its words."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Literal

from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import Control
from aipipe.app.run import run as run_prepared
from aipipe.contracts.event import RunEvent
from aipipe.contracts.in_flight import Running
from aipipe.running.summary import Summary


def run(  # noqa: PLR0913 (each an option of its own, by name)
    pipeline: str | Path,
    *,
    prompt: str | None = None,
    inputs: Sequence[str | Path] = (),
    vars: Mapping[str, object] | None = None,  # noqa: A002 (its name in the language)
    output_dir: str | Path | None = None,
    only: Sequence[str] = (),
    mock: bool = False,
    max_cost: Decimal | str | None = None,
    max_workers: int | None = None,
    time_limit: float | None = None,
    strict: bool = False,
    overwrite: bool = False,
    fresh: bool = False,
    redo: Sequence[str] = (),
    approve: Sequence[str] = (),
    new_run: bool = False,
    unconfirmed: Literal["fail", "skip", "retry"] = "fail",
    unconfirmed_max: Decimal | str | None = None,
    rebuy: bool = False,
    retry_refused: bool = False,
    on_event: Callable[[RunEvent], None] | None = None,
    control: Control | None = None,
) -> Summary:
    """The summary of a run to its end; failed steps are in it, not raised.

    Amounts are in USD and exact (`Decimal` or text, never `float`), `time_limit` is in seconds.
    `fresh` makes everything anew, whatever was paid for before, `redo` these steps (globs).
    `unconfirmed="retry"` sends calls again that may have been paid for, up to `unconfirmed_max`;
    `"skip"` goes on without them. `rebuy` buys again what was paid for and is gone,
    `retry_refused` sends again what moderation refused. An unfinished run of the same file and
    inputs is gone on with, unless `new_run`.
    `approve` names steps that somebody has agreed to (globs).
    Nobody is asked: without `max_cost` the estimate's *at most* is the cap.

    Raises:
        PipelineFaultsError: the file has errors; `faults` holds them.
        UsageError: a file or an option is wrong, or a key is missing.
        CapError: the likely cost is above the cap. Nothing ran in any of these cases.
    """
    options = Options(
        file=os.fspath(pipeline),
        prompt=prompt,
        inputs=tuple(os.fspath(each) for each in inputs),
        vars={name: _said(value) for name, value in (vars or {}).items()},
        output_dir=None if output_dir is None else os.fspath(output_dir),
        only=tuple(only),
        mock=mock,
        max_cost=None if max_cost is None else Decimal(max_cost),
        max_workers=max_workers,
        time_limit=time_limit,
        strict=strict,
        overwrite=overwrite,
        fresh=fresh,
        redo=tuple(redo),
        approve=tuple(approve),
        new_run=new_run,
        unconfirmed=unconfirmed,
        unconfirmed_max=None if unconfirmed_max is None else Decimal(unconfirmed_max),
        rebuy=rebuy,
        retry_refused=retry_refused,
        environment=os.environ,
    )
    listeners = () if on_event is None else (on_event,)
    return run_prepared(prepare(options), listeners=listeners, control=control)


def _said(value: object) -> str:
    """A value as `--var NAME=VALUE` would say it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(_said(each) for each in value)
    return str(value)


async def run_async(  # noqa: PLR0913 (each an option of its own, by name)
    pipeline: str | Path,
    *,
    prompt: str | None = None,
    inputs: Sequence[str | Path] = (),
    vars: Mapping[str, object] | None = None,  # noqa: A002 (its name in the language)
    output_dir: str | Path | None = None,
    only: Sequence[str] = (),
    mock: bool = False,
    max_cost: Decimal | str | None = None,
    max_workers: int | None = None,
    time_limit: float | None = None,
    strict: bool = False,
    overwrite: bool = False,
    fresh: bool = False,
    redo: Sequence[str] = (),
    approve: Sequence[str] = (),
    new_run: bool = False,
    unconfirmed: Literal["fail", "skip", "retry"] = "fail",
    unconfirmed_max: Decimal | str | None = None,
    rebuy: bool = False,
    retry_refused: bool = False,
    on_interrupt: Literal["leave", "finish", "cancel"] = "leave",
    on_event: Callable[[RunEvent], None] | None = None,
) -> Summary:
    """As `run`, on a thread of its own. Cancelling the task stops the run and waits for its end.

    `on_interrupt` says what becomes of calls in flight then: remote jobs are left to themselves
    (the same call of this function collects them), or calls are finished, or cancelled.
    """
    control = Control(Running(on_interrupt))
    work = asyncio.create_task(
        asyncio.to_thread(
            run,
            pipeline,
            prompt=prompt,
            inputs=inputs,
            vars=vars,
            output_dir=output_dir,
            only=only,
            mock=mock,
            max_cost=max_cost,
            max_workers=max_workers,
            time_limit=time_limit,
            strict=strict,
            overwrite=overwrite,
            fresh=fresh,
            redo=redo,
            approve=approve,
            new_run=new_run,
            unconfirmed=unconfirmed,
            unconfirmed_max=unconfirmed_max,
            rebuy=rebuy,
            retry_refused=retry_refused,
            on_event=on_event,
            control=control,
        )
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        control.interrupt("cancelled")
        await work
        raise

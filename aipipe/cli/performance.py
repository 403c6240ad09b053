"""A run from its options to its exit code: prepared, announced, agreed to, run, told."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from aipipe.app import cheaper
from aipipe.app.options import Options
from aipipe.app.prepare import Prepared, prepare
from aipipe.app.run import Control, run
from aipipe.cli import approving, dry_run, header, interrupts, question, tables_formats
from aipipe.cli.approving import Approver
from aipipe.cli.checked import tell
from aipipe.cli.money import usd
from aipipe.cli.paint import coloured
from aipipe.cli.progress_choice import Mode, Progress, choose, mode_of
from aipipe.cli.screen import Screen
from aipipe.cli.tables_closing import end
from aipipe.cli.text import clean
from aipipe.contracts.event import Noticed, RunEvent, RunStarted
from aipipe.contracts.in_flight import Running
from aipipe.contracts.status import Status
from aipipe.language.diagnostics import Diagnostic, Severity
from aipipe.reporting import run_json
from aipipe.running.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a run is shown and asked about; what it does is in its `Options`."""

    form: str
    progress: str
    on_interrupt: str
    """What Ctrl-C does to calls in flight: `leave`, `finish` or `cancel`."""
    dry_run: bool
    yes: bool


def perform(options: Options, manner: Manner, on: Screen) -> int:
    """The exit code of the run.

    Raises:
        AipipeError: it did not start.
    """
    if manner.dry_run:
        on.print(dry_run.told(options, manner.form, on))
        return 0
    mode = mode_of(manner.progress, sys.stderr, on.environment, quiet=on.quiet)
    prepared = prepare(options, tell=_teller(mode, on))
    if mode == "tty":
        tell(prepared.diagnostics, on)
        _announce(prepared, on)
    _agree(prepared, manner, mode, on)
    summary = _run(prepared, manner, mode, on)
    with suppress(BrokenPipeError):  # nobody reads; the run's exit code stands
        for text in _results(summary, prepared, manner, on):
            on.write(text)
    return int(summary.exit_code or 0)


def _teller(mode: Mode, on: Screen) -> Callable[[str], None]:
    """What tells of the time before a run begins, where words are read at all."""
    return on.say if mode in {"tty", "plain"} else lambda _words: None


def _announce(prepared: Prepared, on: Screen) -> None:
    on.say(header.line(prepared.plan, prepared.estimate, prepared.continues))
    ledger, output = header.ledger(prepared.home), clean(str(prepared.output))
    on.say(f"ledger {ledger} · output {output}\n")


def _agree(prepared: Prepared, manner: Manner, mode: Mode, on: Screen) -> None:
    """Ask, where somebody is there and it costs enough.

    Raises:
        DeclinedError: the answer is no.
    """
    needed = question.is_needed(
        prepared.estimate,
        limit=question.ask_above(prepared.options.environment),
        max_cost=prepared.options.max_cost,
        yes=manner.yes,
    )
    if not (on.interactive and needed):
        return
    if mode != "tty":
        _announce(prepared, on)
    question.confirm(question.at_terminal)


def _run(prepared: Prepared, manner: Manner, mode: Mode, on: Screen) -> Summary:
    control = Control(Running(manner.on_interrupt))
    display = choose(
        mode,
        prepared.plan,
        sys.stderr,
        on.environment,
        found=prepared.estimate,
        ledger=header.ledger(prepared.home),
        continues=prepared.continues,
        coloured=on.err.paint is coloured,
        verbose=on.verbose > 0,
    )
    warned = () if mode == "tty" else prepared.diagnostics

    def abort() -> None:
        display.abort()
        control.abandon()

    approver = Approver(
        prepared.plan,
        prepared.estimate,
        str(prepared.output),
        ask=approving.at_terminal,
        answer=control.decide,
        paused=display.paused,
    )
    asking = approver if on.interactive else nullcontext()
    with display, interrupts.listening(control.interrupt, abort), asking:
        return run(
            prepared,
            listeners=(_with_warnings(display, warned), *[approver.add] * on.interactive),
            ticks=(display.tick,),
            control=control,
            command=f"aipipe {shlex.join(sys.argv[1:])}",
            asks=on.interactive,
        )


def _with_warnings(display: Progress, found: Sequence[Diagnostic]) -> Callable[[RunEvent], None]:
    """A listener that tells the file's warnings right after the run has begun."""

    def listen(event: RunEvent) -> None:
        display.add(event)
        if isinstance(event, RunStarted):
            for each in found:
                display.add(_noticed(each, event.at))

    return listen


def _noticed(found: Diagnostic, at: float) -> Noticed:
    place = f"{found.file}:{found.line}:{found.column} " if found.line else f"{found.file} "
    named = found.line is None and f"'{found.file}'" in found.message
    level = "warning" if found.severity is Severity.WARNING else "note"
    return Noticed(at=at, level=level, message=found.message if named else place + found.message)


def _results(summary: Summary, prepared: Prepared, manner: Manner, on: Screen) -> Iterator[str]:
    folder = str(prepared.output)
    match manner.form:
        case "json":
            yield from run_json.chunks(summary)
        case "csv":
            yield from tables_formats.as_csv(summary)
        case "paths":
            yield from tables_formats.as_paths(summary, folder)
        case "github":
            yield from tables_formats.as_markdown(summary, folder=folder)
        case _:
            planned = prepared.estimate.calls
            yield (
                end(
                    summary,
                    on.out,
                    folder=folder,
                    go_on=_same_command(summary.waiting),
                    planned=planned,
                    keeps=_kept(prepared),
                    fits=list(_fits(summary, prepared)),
                )
                + "\n"
            )


def _fits(summary: Summary, prepared: Prepared) -> Iterator[str]:
    """`pictures.3  model: flux_schnell $0.003, flux_dev $0.025`, of refused steps."""
    if prepared.cap is None or Status.REFUSED not in summary.counts:
        return
    faulty = (step for group in summary.errors for step in group.steps)
    refused = [step.template for step in faulty if step.status is Status.REFUSED]
    left = prepared.cap - prepared.already - summary.billed
    world, options = prepared.setting, prepared.options
    for fit in cheaper.fitting(prepared.plan, refused, left, world, options):
        models = ", ".join(f"{each.model} {usd(each.likely)}" for each in fit.offers)
        yield f"{fit.task.path}  model: {models}"


def _kept(prepared: Prepared) -> dict[str, str]:
    """How long providers keep what they make, where that is known."""
    known = prepared.setting.registry.providers.items()
    return {name: provider.keeps for name, provider in known if provider.keeps is not None}


def _same_command(waiting: Sequence[str]) -> str:
    """What goes on with this run, which another `--new-run` would not, also where it waits."""
    words = [word for word in sys.argv[1:] if word != "--new-run"]
    return f"aipipe {shlex.join([*words, *(w for step in waiting for w in ('--approve', step))])}"

"""All that stands at the end of a run: table, errors, and the closing lines."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from aipipe.cli import errors_table, tables
from aipipe.cli.diagnostics import Look
from aipipe.cli.differences import differences
from aipipe.cli.money import places_of, usd
from aipipe.cli.text import clean, count, wrapped
from aipipe.cli.words import counts, seconds
from aipipe.contracts.event import RunStatus
from aipipe.running.groups import GOOD
from aipipe.running.summary import Summary

_UNBROKEN = "\N{NO-BREAK SPACE}"
_TOLD = frozenset({RunStatus.INTERRUPTED, RunStatus.STOPPED, RunStatus.WAITING})
"""Statuses that the counts of steps don't tell."""


def end(
    summary: Summary,
    look: Look,
    *,
    folder: str,
    go_on: str | None = None,
    planned: int | None = None,
    keeps: Mapping[str, str] | None = None,
    fits: Sequence[str] = (),
) -> str:
    """The end of a run as text, without a last line end.

    `folder` is where the outputs are, as the user knows it; `go_on` the same command, which does
    what is left or makes one step anew; `keeps` how long providers keep what they make; `fits`
    what of the refused steps would fit under the cap.
    """
    parts = (
        tables.cost(summary, look),
        errors_table.errors(summary, look),
        "\n".join(
            [
                verdict(summary, look, planned),
                *_collected(summary, keeps or {}),
                *_closing(summary, folder),
                *_titled("fits", fits),
                *_next(summary, go_on),
            ]
        ),
    )
    return "\n\n".join(part for part in parts if part)


def _closing(summary: Summary, folder: str) -> Iterator[str]:
    if summary.mock:
        yield "mock      every model was replaced by the embedded engine; nothing was billed"
    if summary.computed and not summary.free:
        yield f"computed  what {', '.join(summary.computed)} billed is from the price list"
    for index, words in enumerate(differences(summary)):
        yield f"{'' if index else 'differs':10}{words}"
    outputs = f"{count(summary.published, 'output')}, " if summary.published else ""
    yield f"files     {clean(folder.rstrip('/'))}/  ({outputs}run.json)"


def _collected(summary: Summary, keeps: Mapping[str, str]) -> Iterator[str]:
    """By when jobs must be fetched that go on."""
    known = [f"within {keeps[name]} ({clean(name)})" for name in summary.left if name in keeps]
    if known:
        yield f"collect   {', '.join(known)}"


def _titled(title: str, texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield f"{title:<10}{clean(text)}"
        title = ""


def _next(summary: Summary, go_on: str | None) -> Iterator[str]:
    """The command that does what is left, or makes a paid step anew."""
    if go_on is None:
        return
    if summary.exit_code:
        yield f"go on     {clean(go_on)}"
    elif summary.priced and not {"--redo", "--fresh"} & set(go_on.split()):
        paid = (row.id for row in summary.rows() if row.status in GOOD and row.provider != "local")
        for one in islice(paid, 1):
            yield f"redo one  {clean(f'{go_on} --redo {shlex.quote(one)}')}"


def verdict(summary: Summary, look: Look, planned: int | None = None) -> str:
    """`2 done, 1 failed in 41.9s · billed $0.105, estimated $0.145 · run 9c4f · exit 1`."""
    good = summary.exit_code == 0 and not summary.ignored
    style = "bold green" if good else "bold yellow" if summary.exit_code == 0 else "bold red"
    jobs = sum(summary.left.values())
    words = counts(summary.counts, jobs)
    left = (planned or 0) - summary.ended - summary.running
    if summary.status in _TOLD and left > 0:
        words += f", {left:,} not started"
    money = [_money(summary)]
    money += [f"saved {usd(summary.saved, _places(summary))}"] if summary.saved else []
    run = f"run {summary.run}"
    told = [f"{run} {summary.status.value}", *money] if summary.status in _TOLD else [*money, run]
    parts = [f"{words} in {seconds(summary.seconds)}", *told]
    parts += [f"exit {int(summary.exit_code)}"] if summary.exit_code else []
    parts += [_fetches(jobs)] if jobs else []
    return _joined(parts, look).replace(words, look.paint(style, words), 1)


def _joined(parts: Sequence[str], look: Look) -> str:
    """`a · b · c`, on a narrow terminal in lines that break between the parts."""
    whole = (part.replace(" ", _UNBROKEN) for part in parts)
    text = wrapped(f"{_UNBROKEN}· ".join(whole), look.columns)
    return text.replace(_UNBROKEN, " ")


def _money(summary: Summary) -> str:
    if summary.free:
        return "mock, nothing billed" if summary.mock else "free (local)"
    places, estimated = _places(summary), summary.estimated.likely
    billed = f"billed {usd(summary.billed, places)}"
    nothing_new = summary.saved and not summary.billed and estimated == 0
    if nothing_new or summary.status in _TOLD:
        return billed
    return f"{billed}, estimated {usd(estimated, places)}"


def _places(summary: Summary) -> int:
    return places_of([summary.billed, summary.estimated.likely, summary.saved])


def _fetches(left: int) -> str:
    """What the same command does about jobs that go on."""
    which = {1: "it", 2: "both"}.get(left, f"all {left:,}")
    return f"the same command fetches {which}, paying no more"

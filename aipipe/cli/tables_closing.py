"""All that stands at the end of a run: table, errors, and the closing lines."""

from collections.abc import Iterator, Sequence

from aipipe.cli import errors_table, tables
from aipipe.cli.diagnostics import Look
from aipipe.cli.differences import differences
from aipipe.cli.money import places_of, usd
from aipipe.cli.text import clean, count, wrapped
from aipipe.cli.words import counts, seconds
from aipipe.contracts.event import RunStatus
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
) -> str:
    """The end of a run as text, without a last line end.

    `folder` is where the outputs are, as the user knows it; `go_on` the command that does
    what is left, shown only where something is.
    """
    parts = (
        tables.cost(summary, look),
        errors_table.errors(summary, look),
        "\n".join([verdict(summary, look, planned), *_closing(summary, folder, go_on)]),
    )
    return "\n\n".join(part for part in parts if part)


def _closing(summary: Summary, folder: str, go_on: str | None) -> Iterator[str]:
    if summary.mock:
        yield "mock      every model was replaced by the embedded engine; nothing was billed"
    if summary.computed and not summary.free:
        yield f"computed  what {', '.join(summary.computed)} billed is from the price list"
    for index, words in enumerate(differences(summary)):
        yield f"{'' if index else 'differs':10}{words}"
    outputs = f"{count(summary.published, 'output')}, " if summary.published else ""
    yield f"files     {clean(folder.rstrip('/'))}/  ({outputs}run.json)"
    if go_on is not None and summary.exit_code:
        yield f"go on     {clean(go_on)}"


def verdict(summary: Summary, look: Look, planned: int | None = None) -> str:
    """`2 done, 1 failed in 41.9s · billed $0.105, estimated $0.145 · run 9c4f · exit 1`."""
    good = summary.exit_code == 0 and not summary.ignored
    style = "bold green" if good else "bold yellow" if summary.exit_code == 0 else "bold red"
    words = counts(summary.counts)
    left = (planned or 0) - summary.ended - summary.running
    if summary.status in _TOLD and left > 0:
        words += f", {left:,} not started"
    parts = [f"{words} in {seconds(summary.seconds)}"]
    if summary.status in _TOLD:
        parts.append(summary.status.value)
    parts += [_money(summary), f"run {summary.run}"]
    if summary.saved:
        parts.insert(-1, f"saved {usd(summary.saved)}")
    if summary.exit_code:
        parts.append(f"exit {int(summary.exit_code)}")
    return _joined(parts, look).replace(words, look.paint(style, words), 1)


def _joined(parts: Sequence[str], look: Look) -> str:
    """`a · b · c`, on a narrow terminal in lines that break between the parts."""
    whole = (part.replace(" ", _UNBROKEN) for part in parts)
    text = wrapped(f"{_UNBROKEN}· ".join(whole), look.columns)
    return text.replace(_UNBROKEN, " ")


def _money(summary: Summary) -> str:
    if summary.free:
        return "mock, nothing billed" if summary.mock else "free (local)"
    places = places_of([summary.billed, summary.estimated.likely])
    return (
        f"billed {usd(summary.billed, places)}, estimated {usd(summary.estimated.likely, places)}"
    )

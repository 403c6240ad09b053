"""All that stands at the end of a run: table, errors, and the closing lines."""

from collections.abc import Iterator

from aipipe.cli import errors_table, tables
from aipipe.cli.diagnostics import Look
from aipipe.cli.money import places_of, usd
from aipipe.cli.text import clean, count
from aipipe.cli.words import counts, seconds
from aipipe.contracts.event import RunStatus
from aipipe.running.summary import Summary

_TOLD = frozenset({RunStatus.INTERRUPTED, RunStatus.STOPPED, RunStatus.WAITING})
"""Statuses that the counts of steps don't tell."""


def end(summary: Summary, look: Look, *, folder: str, go_on: str | None = None) -> str:
    """The end of a run as text, without a last line end.

    `folder` is where the outputs are, as the user knows it; `go_on` the command that does
    what is left, shown only where something is.
    """
    parts = (
        tables.cost(summary, look),
        errors_table.errors(summary, look),
        "\n".join(_closing(summary, look, folder, go_on)),
    )
    return "\n\n".join(part for part in parts if part)


def _closing(summary: Summary, look: Look, folder: str, go_on: str | None) -> Iterator[str]:
    yield verdict(summary, look)
    if summary.mock:
        yield "mock      every model was replaced by the embedded engine; nothing was billed"
    if summary.computed and not summary.free:
        yield f"computed  what {', '.join(summary.computed)} billed is from the price list"
    outputs = f"{count(summary.published, 'output')}, " if summary.published else ""
    yield f"files     {clean(folder.rstrip('/'))}/  ({outputs}run.json)"
    if go_on is not None and summary.exit_code:
        yield f"go on     {clean(go_on)}"


def verdict(summary: Summary, look: Look) -> str:
    """`2 done, 1 failed in 41.9s · billed $0.105, estimated $0.145 · run 9c4f · exit 1`."""
    good = summary.exit_code == 0 and not summary.ignored
    style = "bold green" if good else "bold yellow" if summary.exit_code == 0 else "bold red"
    parts = [f"{look.paint(style, counts(summary.counts))} in {seconds(summary.seconds)}"]
    if summary.status in _TOLD:
        parts.append(summary.status.value)
    parts += [_money(summary), f"run {summary.run}"]
    if summary.saved:
        parts.insert(-1, f"saved {usd(summary.saved)}")
    if summary.exit_code:
        parts.append(f"exit {int(summary.exit_code)}")
    return " · ".join(parts)


def _money(summary: Summary) -> str:
    if summary.free:
        return "mock, nothing billed" if summary.mock else "free (local)"
    places = places_of([summary.billed, summary.estimated.likely])
    return (
        f"billed {usd(summary.billed, places)}, estimated {usd(summary.estimated.likely, places)}"
    )

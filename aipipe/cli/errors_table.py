"""The errors of a run by provider and code, with their steps and what to do."""

from collections.abc import Iterator

from aipipe.cli.diagnostics import Look
from aipipe.cli.money import usd
from aipipe.cli.tables_grid import Cell, Column, drawn
from aipipe.cli.text import clean, count, wrapped
from aipipe.cli.words import advice
from aipipe.contracts.status import Status
from aipipe.running.groups import ErrorGroup, FaultyStep
from aipipe.running.summary import Summary

MOST = 20
"""Failures that are named; run.json has them all."""


def errors(summary: Summary, look: Look) -> str:
    """A block of lines for every group, blank lines between them; empty if there are none."""
    room = MOST
    blocks: list[str] = []
    for group in summary.errors:
        steps = group.steps[:room]
        room -= len(steps)
        blocks.append("\n".join(_block(group, steps, summary, look)))
    return "\n\n".join(blocks)


def _block(
    group: ErrorGroup, steps: tuple[FaultyStep, ...], summary: Summary, look: Look
) -> Iterator[str]:
    yield _head(group, look)
    same = len(group.messages) == 1
    wide = max((len(clean(step.id)) for step in steps), default=0)
    lines = [_step(step, wide, summary, with_message=not same) for step in steps]
    yield from (f"  {line}" for line in drawn([Column()] * 3, lines, Look(paint=look.paint)))
    if group.count > len(steps):
        and_more = f"and {group.count - len(steps):,} more" if steps else f"{group.count:,}"
        yield f"  {and_more}: all of them are in run.json"
    yield from _advice(advice(group), look)


def _head(group: ErrorGroup, look: Look) -> str:
    word, style = ("warning:", "bold yellow") if group.ignored else ("error:", "bold red")
    message = f": {clean(group.messages[0])}" if len(group.messages) == 1 else ""
    ignored = ", ignored" if group.ignored else ""
    text = f"{clean(group.code)}{message} ({count(group.count, 'step')}{ignored})"
    return f"{look.paint(style, word)} {wrapped(text, look.columns, taken=len(word) + 1)}"


def _step(step: FaultyStep, wide: int, summary: Summary, *, with_message: bool) -> list[Cell]:
    label = "" if step.label == step.id else clean(step.label)
    message = clean(step.message) if with_message else ""
    named = f"{clean(step.id).ljust(wide)}  {label}".rstrip()
    return [Cell(named), Cell(message), Cell(_money(step, summary), "dim")]


def _money(step: FaultyStep, summary: Summary) -> str:
    if summary.free:
        return ""
    if step.status is Status.UNCONFIRMED:
        return f"may be billed ({usd(step.estimated)})"
    return f"billed {usd(step.billed)}" if step.billed else "not billed"


def _advice(hints: tuple[str, ...], look: Look) -> Iterator[str]:
    lead = "what to do: "
    for hint in hints:
        told = wrapped(clean(hint), look.columns, taken=2 + len(lead))
        yield f"  {look.paint('bold', lead) if lead.strip() else lead}{told}"
        lead = " " * len(lead)

"""A run's result for programs: CSV, published paths, a Markdown job summary."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from aipipe.cli.diagnostics import Look
from aipipe.cli.differences import differences
from aipipe.cli.errors_table import MOST as MOST_FAILURES
from aipipe.cli.money import places_of, usd
from aipipe.cli.tables import MOST_ROWS
from aipipe.cli.tables_closing import verdict
from aipipe.cli.text import clean, count
from aipipe.cli.words import advice, files, seconds
from aipipe.running import amounts
from aipipe.running.groups import ErrorGroup, ModelTotal
from aipipe.running.rows import RUNNING, Row
from aipipe.running.summary import Summary

_COLUMNS = (
    "id",
    "key",
    "label",
    "type",
    "model",
    "provider",
    "status",
    "attempts",
    "reused",
    "seconds",
    "estimated",
    "billed",
    "outputs",
    "error",
    "message",
)


def as_csv(summary: Summary) -> Iterator[str]:
    """Lines, each with its end: a header, then one row a step; outputs are joined by spaces."""
    yield _csv_line(_COLUMNS)
    for row in summary.rows():
        yield _csv_line(_values(row))


def _values(row: Row) -> tuple[object, ...]:
    return (
        row.id,
        row.key,
        row.label,
        row.type,
        row.model,
        row.provider,
        row.status.value if row.status else RUNNING,
        row.attempts,
        "true" if row.status == "reused" else "false",
        f"{row.seconds:.3f}",
        amounts.written(row.estimated),
        amounts.written(row.billed),
        " ".join(output.path for output in row.outputs),
        row.problem.code if row.problem else None,
        row.problem.message if row.problem else None,
    )


def _csv_line(values: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(values)
    return buffer.getvalue()


def as_paths(summary: Summary, folder: str) -> Iterator[str]:
    """Lines, each with its end: the published files below `folder`, in the order written.

    Where the pipeline names its outputs, those alone.
    """
    for row in summary.rows():
        for output in row.outputs:
            if not summary.named_outputs or output.path in summary.outputs:
                yield f"{folder.rstrip('/')}/{output.path}\n"


# --- Markdown


def as_markdown(summary: Summary, *, folder: str) -> Iterator[str]:
    """Lines, each with its end, for `GITHUB_STEP_SUMMARY`."""
    yield f"### {_plain(summary.pipeline)}\n\n"
    if summary.ended + summary.running > MOST_ROWS:
        yield from _model_lines(summary)
    else:
        yield from _row_lines(summary)
    for group in summary.errors:
        yield from _error_lines(group)
    yield f"\n{_plain(verdict(summary, Look()))}\n\n"
    if summary.mock:
        yield "Mock: every model was replaced by the embedded engine; nothing was billed.\n\n"
    if differs := tuple(differences(summary)):
        yield "Billed otherwise than estimated:\n\n"
        yield from (f"- {_plain(words)}\n" for words in differs)
        yield "\n"
    yield f"Files: `{folder.rstrip('/')}/` ({count(summary.published, 'output')}, run.json)\n"


def _row_lines(summary: Summary) -> Iterator[str]:
    rows = tuple(summary.rows())
    places = places_of([*(a for row in rows for a in (row.estimated, row.billed)), summary.billed])
    yield "| step | label | model | status | attempts | time | likely | billed | output |\n"
    yield "|---|---|---|---|--:|--:|--:|--:|---|\n"
    for row in rows:
        status = row.status.value if row.status else RUNNING
        money = f"{usd(row.estimated, places)} | {usd(row.billed, places)}"
        facts = f"{status} | {row.attempts} | {seconds(row.seconds)} | {money}"
        output = _plain(files([output.path for output in row.outputs]))
        named = f"{_plain(row.id)} | {_plain(row.label)} | {_plain(row.model)}"
        yield f"| {named} | {facts} | {output} |\n"


def _model_lines(summary: Summary) -> Iterator[str]:
    places = places_of([a for each in summary.models for a in (each.estimated, each.billed)])
    yield "| group | model | done | failed | median | likely | billed |\n"
    yield "|---|---|--:|--:|--:|--:|--:|\n"
    for each in summary.models:
        yield _model_line(each, summary.sections[each.section], places)


def _model_line(each: ModelTotal, title: str, places: int) -> str:
    median = seconds(each.seconds) if each.seconds is not None else "-"
    money = f"{usd(each.estimated, places)} | {usd(each.billed, places)}"
    named = f"{_plain(title)} | {_plain(each.model)}"
    return f"| {named} | {each.done:,} | {each.failed:,} | {median} | {money} |\n"


def _error_lines(group: ErrorGroup) -> Iterator[str]:
    message = f": {_plain(group.messages[0])}" if len(group.messages) == 1 else ""
    yield f"\n**{_plain(group.code)}**{message} ({count(group.count, 'step')})\n\n"
    for step in islice(group.steps, MOST_FAILURES):
        more = f": {_plain(step.message)}" if not message else ""
        yield f"- {_plain(step.id)} {_plain(step.label)}{more}\n"
    if group.count > len(group.steps):
        yield f"- and {group.count - len(group.steps):,} more\n"
    for hint in advice(group):
        yield f"\nWhat to do: {_plain(hint)}\n"


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|~"})


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return clean(text).translate(_MARKS)

"""A table by its rows: CSV with a line of names, JSON objects in a list or one a line."""

import io
import json
from collections.abc import Iterator, Mapping

from aipipe.contracts.artefact import Json
from aipipe.contracts.media import DATA, TEXT
from aipipe.contracts.split import SplitMode

FORMATS = ("auto", "csv", "json", "jsonl")
_BEGINNINGS = {"[": "json", "{": "jsonl"}
DELIMITERS = (",", ";", "\t", "|")


def _rows(text: str, params: Mapping[str, Json]) -> tuple[Json, ...]:
    plain = text.removeprefix("\ufeff")
    written = str(params.get("format") or "auto")
    if written not in FORMATS:
        raise ValueError(f"'format' is '{written}', it must be one of {', '.join(FORMATS)}")
    form = _BEGINNINGS.get(plain.lstrip()[:1], "csv") if written == "auto" else written
    if form == "json":
        return tuple(_listed(plain))
    if form == "jsonl":
        return tuple(_objects(plain))
    return tuple(_records(plain, params.get("delimiter")))


def _listed(text: str) -> Iterator[Json]:
    try:
        rows: Json = json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        raise ValueError(f"this is no JSON: {error}") from error
    except RecursionError as error:
        raise ValueError("this is nested too deeply") from error
    if not isinstance(rows, list):
        raise ValueError("this is no JSON list")  # noqa: TRY004 - for the user
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise ValueError(f"entry {number} is no JSON object")  # noqa: TRY004 - for the user
        yield row


def _objects(text: str) -> Iterator[Json]:
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.strip():
            yield _object(line, number)


def _object(line: str, number: int) -> Json:
    try:
        row: Json = json.loads(line, parse_constant=_refuse)
    except ValueError as error:
        raise ValueError(f"line {number} is no JSON: {error}") from error
    except RecursionError as error:
        raise ValueError(f"line {number} is nested too deeply") from error
    if not isinstance(row, dict):
        raise ValueError(f"line {number} is no JSON object")  # noqa: TRY004 - for the user
    return row


def _refuse(constant: str) -> None:
    raise ValueError(f"'{constant}' is no JSON number")


def _records(text: str, delimiter: Json) -> Iterator[Json]:
    import csv  # noqa: PLC0415 - only where a table is read

    if not text.strip():
        return
    mark = delimiter if isinstance(delimiter, str) and delimiter else _delimiter_of(text)
    if len(mark) != 1:
        raise ValueError(f"'delimiter' is '{mark}', it must be one character")
    table = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        names = _names(next(cells for cells in table if cells))
        for cells in table:
            if cells:
                yield _record(names, cells, table.line_num)
    except csv.Error as error:
        raise ValueError(f"line {table.line_num}: {error}") from error


def _delimiter_of(text: str) -> str:
    """The one that the first line has most of."""
    first = text.lstrip().splitlines()[0]
    return max(DELIMITERS, key=first.count)


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if empty := [place for place, name in enumerate(names, start=1) if not name]:
        raise ValueError(f"column {empty[0]} has no name in the first line")
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"two columns are named '{twice[0]}'")
    return names


def _record(names: list[str], cells: list[str], line: int) -> Json:
    if len(cells) != len(names):
        raise ValueError(f"line {line} has {len(cells)} values for {len(names)} columns")
    return dict(zip(names, cells, strict=True))


SPLIT = SplitMode(
    name="rows",
    summary="One part for each row of a CSV, JSON or JSONL table, its values by column.",
    accepts=TEXT,
    produces=DATA,
    params={
        "format": {
            "type": "string",
            "enum": list(FORMATS),
            "default": "auto",
            "description": "How the table is written: 'auto' tells by its first character.",
        },
        "delimiter": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1,
            "description": "What separates the values of a CSV row; else told by the first line.",
        },
    },
    text=_rows,
)

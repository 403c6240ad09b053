"""The store as plain data: sizes in bytes, money as strings in USD, times in UTC."""

from collections.abc import Iterator
from datetime import UTC, datetime

from aipipe.app.cache import Info, Pruning, Sum
from aipipe.contracts.artefact import Json
from aipipe.memory.inventory import Stored
from aipipe.running import amounts

SCHEMA_VERSION = 1
_CSV = ("medium", "files", "bytes", "paid", "cost")
_NANO = 1_000_000_000


def info_json(found: Info) -> dict[str, Json]:
    """What the store holds, as an object."""
    return {
        "schema_version": SCHEMA_VERSION,
        "folder": str(found.folder),
        **_sum(found.all),
        "media": {medium: _sum(each) for medium, each in found.media.items()},
        "unused_30_days": _sum(found.unused),
        "paid_results": _sum(found.paid),
        "answers": _size(found.answers),
    }


def info_csv(found: Info) -> Iterator[tuple[object, ...]]:
    """A header and a row for each medium."""
    yield _CSV
    for medium, each in found.media.items():
        yield medium, each.files, each.bytes, each.paid, amounts.written(each.cost)


def pruning_json(found: Pruning, *, dry_run: bool) -> dict[str, Json]:
    """What went, or would go, as an object with each file of it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "dry_run": dry_run,
        "removed": _sum(found.removed),
        "answers": _size(found.removed_answers),
        "needed": _sum(found.spared),
        "left": _sum(found.left),
        "files": [_file(file, found) for file in found.going],
        "errors": [f"{path}: {why}" for path, why in found.stuck.items()],
    }


def _sum(found: Sum) -> dict[str, Json]:
    return {**_size(found), "paid": found.paid, "cost": amounts.written(found.cost)}


def _size(found: Sum) -> dict[str, Json]:
    return {"files": found.files, "bytes": found.bytes}


def _file(file: Stored, of: Pruning) -> dict[str, Json]:
    used = datetime.fromtimestamp(file.used / _NANO, UTC)
    return {
        "file": file.name,
        "bytes": file.bytes,
        "used": f"{used:%Y-%m-%dT%H:%M:%SZ}",
        "cost": amounts.written(of.bill.of(file)),
    }

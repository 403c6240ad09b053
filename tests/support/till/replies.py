"""What the server answers, and in which manner."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Manner(StrEnum):
    """How a reply reaches the client, if it does."""

    WHOLE = "whole"
    CHUNKED = "chunked"
    CUT_OFF = "cut_off"
    CUT_OFF_CHUNKED = "cut_off_chunked"
    RESET = "reset"
    SILENT = "silent"
    ENDLESS = "endless"
    """The body over and over, in chunks, for as long as anybody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer. `job` and `fault` are for the log of requests."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = Manner.WHOLE
    wait: float = 0.0
    """Seconds before it begins."""
    job: str | None = None
    fault: str | None = None


RESET = Reply(status=0, manner=Manner.RESET)
SILENT = Reply(status=0, manner=Manner.SILENT)


def of_json(status: int, found: object, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON."""
    named = {"Content-Type": "application/json", **(headers or {})}
    return Reply(status=status, body=json.dumps(found).encode(), headers=named)


def error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Reply:
    """A refusal in JSON."""
    return of_json(status, {"error": {"message": message}}, headers)


def text(body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """A result's bytes."""
    return Reply(body=body, headers={"Content-Type": "text/plain", **(headers or {})})

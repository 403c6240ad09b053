"""Quantities of a file, read tolerantly: what is at fault has been told, and counts as absent."""

from collections.abc import Mapping
from decimal import Decimal

from aipipe.contracts.artefact import Json
from aipipe.language import quantities
from aipipe.language.spec import OnError, Retry


def amount(value: Json) -> Decimal | None:
    """USD."""
    try:
        return None if value is None else quantities.usd(value)
    except ValueError:
        return None


def seconds(value: Json) -> float | None:
    """A time in seconds."""
    try:
        return None if value is None else quantities.seconds(value)
    except ValueError:
        return None


def count(value: Json) -> int | None:
    """A whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def on_error(value: Json) -> OnError | None:
    """A policy for failures."""
    return OnError(value) if value in set(OnError) else None


def retry(value: Json, base: Retry) -> Retry:
    """How often a call is tried, with `base` for what is not said."""
    written: Mapping[str, Json] = value if isinstance(value, dict) else {}
    return Retry(
        max_attempts=count(written.get("max_attempts")) or base.max_attempts,
        delay=seconds(written.get("delay")) or base.delay,
        max_delay=seconds(written.get("max_delay")) or base.max_delay,
    )

"""What a file says of failures, races and persons: what they do to the rest, who agrees."""

from collections.abc import Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.in_flight import Running
from aipipe.language import quantities
from aipipe.language.spec import OnError, Retry

_USUAL: Final = Running.FINISH


def on_error(value: Json) -> OnError | None:
    """What a failure does; None: it does not say, or nothing that there is."""
    return OnError(value) if isinstance(value, str) and value in set(OnError) else None


def approval(value: Json) -> str | None:
    """What a person is asked before a step begins, if only by its name; None: nobody is asked."""
    if isinstance(value, str):
        return value.strip()
    return "" if value is True else None


def retry(value: Json, base: Retry) -> Retry:
    """How often a call is tried, with `base` for what is not said."""
    written: Mapping[str, Json] = value if isinstance(value, dict) else {}
    delay = quantities.seconds(written.get("delay"))
    max_delay = quantities.seconds(written.get("max_delay"))
    return Retry(
        max_attempts=quantities.count(written.get("max_attempts")) or base.max_attempts,
        delay=base.delay if delay is None else delay,
        max_delay=base.max_delay if max_delay is None else max_delay,
    )


def race(value: Json) -> Running | None:
    """What becomes of those that were not the first; None: it is no race.

    Unless it says otherwise they finish: what is paid for is kept, and nothing waits for it.
    """
    if isinstance(value, dict):
        asked = value.get("running")
        return Running(asked) if isinstance(asked, str) and asked in set(Running) else _USUAL
    return _USUAL if value is True else None

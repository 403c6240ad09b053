"""Speech that the account's history has: for calls whose answer never came.

Wire facts: ElevenLabs' OpenAPI document, 2026-08, and its SDK 2.78.0.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Job
from aipipe.contracts.outcome import Lost, Made, Pending, PollOutcome, Problem
from aipipe.contracts.provider import Candidate
from aipipe.providers.elevenlabs.asking import MOST_PAGES, asked
from aipipe.providers.http import collecting, json_text
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.site import Site

NAME: Final = "elevenlabs"
_TOLD: Final = ("voice_id", "model_id", "text", "output_format")
"""What the history says of a request, besides its settings. It does not tell the seed."""
_SETTINGS: Final = "voice_settings"


def candidates(wanted: Mapping[str, Json], since: float, site: Site) -> Sequence[Candidate]:
    """Speech since a time (seconds since 1970) of a request, given by `_TOLD` and its settings.

    Raises:
        StepError: the history can't be read.
    """
    query = {"page_size": "100", "date_after_unix": str(int(since)), "sort_direction": "asc"}
    told = {name: str(wanted[name]) for name in ("voice_id", "model_id") if name in wanted}
    items = _items({**query, **told, "source": "TTS"}, site)
    return [_candidate(each) for each in items if _is_of(each, wanted)]


def _items(query: Mapping[str, str], site: Site) -> Iterator[Mapping[str, Json]]:
    after: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        page = asked(site, f"/v1/history?{urlencode({**query, **after})}")
        yield from json_text.objects_in(page, "history")
        last = page.get("last_history_item_id")
        if page.get("has_more") is not True or not isinstance(last, str):
            return
        after = {"start_after_history_item_id": last}
    raise UnreadableError(f"the history has more than {MOST_PAGES} pages since then")


def _is_of(item: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    """Whether all that an item tells is as wanted. One without a request can't be told apart."""
    is_known = isinstance(item.get("request_id"), str) and isinstance(item.get("text"), str)
    if not is_known or item.get("state") == "deleted":
        return False
    told = [name for name in _TOLD if name in wanted and item.get(name) is not None]
    same = all(item[name] == wanted[name] for name in told)
    return same and _has_settings(item.get("settings"), wanted.get(_SETTINGS))


def _has_settings(told: Json, sent: Json) -> bool:
    if not isinstance(told, dict) or not isinstance(sent, dict):
        return True
    return all(told.get(name, value) == value for name, value in sent.items())


def _candidate(item: Mapping[str, Json]) -> Candidate:
    """Named by its request, as the calls are whose answer came."""
    created = item.get("date_unix")
    if isinstance(created, bool) or not isinstance(created, int | float):
        raise UnreadableError("the answer has no 'date_unix'")
    data: dict[str, Json] = {"history": json_text.text_in(item, "history_item_id")}
    job = Job(provider=NAME, id=json_text.text_in(item, "request_id"), data=data)
    return Candidate(job=job, created=float(created))


def look(job: Job, site: Site) -> PollOutcome:
    """What became of speech that the history has.

    Raises:
        StepError: it can't be asked for.
    """
    name = str(job.data.get("history", job.id))
    path = f"/v1/history/{quote(name, safe='')}"
    match asked(site, path).get("state"):
        case "created":
            data = {**job.data, **collecting.data_of([f"{site.base}{path}/audio"])}
            return Made(result=Job(provider=NAME, id=job.id, data=data))
        case "processing":
            return Pending()
        case "deleted":
            gone = "the account's history has it no more"
            return Lost(problem=Problem(code="result.expired", message=gone))
        case state:
            raise UnreadableError(f"the state in the history is '{state}', which is not known")

"""Predictions that may be calls whose answers never came."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call
from aipipe.contracts.provider import Candidate
from aipipe.contracts.tools import Tools
from aipipe.providers.http import json_text, requests
from aipipe.providers.http.asking import ask
from aipipe.providers.http.site import Site
from aipipe.providers.replicate import places, predictions

MOST_PAGES: Final = 5
"""Pages of 100 that are looked through."""
TELLING: Final = ("prompt", "text", "seed")
"""Inputs of which one must be there: without them any call to a model is like any other."""


def find(call: Call, since: float, tools: Tools) -> Sequence[Candidate]:
    """Predictions of the call's model whose input has all that it sends, files aside."""
    if call.rebuilt:
        return ()
    wanted = requests.body_of(call, tools, lambda _file: None, slots=places.SLOTS)
    sent = {name: value for name, value in wanted.items() if value not in (None, [], [None])}
    if not any(name in sent for name in TELLING):
        return ()
    listed = _listed(since, places.site(tools))
    return [_candidate(each, call) for each in listed if _is_of(each, call.endpoint, sent)]


def _listed(since: float, site: Site) -> Iterator[Mapping[str, Json]]:
    """The account's predictions since a time, page by page."""
    start = datetime.fromtimestamp(since, UTC).isoformat().replace("+00:00", "Z")
    path: Json = f"/v1/predictions?{urlencode({'created_after': start})}"
    for _ in range(MOST_PAGES):
        if not isinstance(path, str):
            return
        page = json_text.parsed_object(ask(site, path).body)
        yield from json_text.objects_in(page, "results")
        path = page.get("next") or None


def _is_of(listed: Mapping[str, Json], endpoint: str, sent: Mapping[str, Json]) -> bool:
    model, version = places.named(endpoint)
    is_same = listed.get("version") == version if version else listed.get("model") == model
    theirs = listed.get("input")
    if not is_same or not isinstance(theirs, dict):
        return False
    return all(theirs.get(name) == value for name, value in sent.items())


def _candidate(listed: Mapping[str, Json], call: Call) -> Candidate:
    created = datetime.fromisoformat(json_text.text_in(listed, "created_at"))
    job = predictions.job(json_text.text_in(listed, "id"), call)
    return Candidate(job=job, created=created.timestamp())

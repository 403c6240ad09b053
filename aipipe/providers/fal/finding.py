"""Jobs that fal knows of, for a call whose answer never came."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.provider import Candidate
from aipipe.contracts.tools import Tools
from aipipe.providers.fal import sites
from aipipe.providers.http import json_text, requests
from aipipe.providers.http.answers import USUAL
from aipipe.providers.http.asking import ask


def find(call: Call, since: float, tools: Tools) -> Sequence[Candidate]:
    """Jobs of the endpoint whose input has all that this call sends: its seed tells it apart."""
    if call.rebuilt or call.wire is None:
        return ()
    site = sites.site(tools, sites.PLATFORM)
    start = datetime.fromtimestamp(since, UTC).isoformat().replace("+00:00", "Z")
    query = urlencode({"endpoint_id": call.endpoint, "start": start, "expand": "payloads"})
    listed = json_text.parsed_object(ask(site, f"/models/requests/by-endpoint?{query}").body)
    wanted = requests.body_of(call, tools, lambda _file: None)
    found = [each for each in json_text.objects(listed.get("items")) if _is_of(each, wanted)]
    return [_candidate(each, call) for each in found]


def _is_of(listed: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    sent = listed.get("json_input")
    told = {name: value for name, value in wanted.items() if not _is_file(value)}
    has_words = any(name in told for name in ("prompt", "text", "seed"))
    return (
        isinstance(sent, dict)
        and has_words
        and all(sent.get(name) == value for name, value in told.items())
    )


def _is_file(value: Json) -> bool:
    return value is None or value in ([], [None])


def _candidate(listed: Mapping[str, Json], call: Call) -> Candidate:
    created = datetime.fromisoformat(json_text.text_in(listed, "sent_at"))
    results: list[Json] = [*(call.wire.results if call.wire else USUAL)]
    data: dict[str, Json] = {"endpoint": call.endpoint, "results": results}
    job = Job(provider="fal", id=json_text.text_in(listed, "request_id"), data=data)
    return Candidate(job=job, created=created.timestamp())

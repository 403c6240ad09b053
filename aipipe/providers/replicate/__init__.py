"""Models that run on Replicate: predictions, asked for until they are over.

Wire facts: replicate 1.0.7, Replicate's OpenAPI document, its pages and those of the models.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import (
    Accepted,
    FetchOutcome,
    PollOutcome,
    Rejected,
    SubmitOutcome,
)
from aipipe.contracts.provider import Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import collecting, forms, inline, json_text, outcomes, requests, uploads
from aipipe.providers.http.asking import Sending, ask
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.site import Site
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import Reply, Rules
from aipipe.providers.replicate import finding, places, predictions

SMALL: Final = 256_000
"""Bytes up to which a file travels inside of the request, as Replicate advises."""
FIRST: Final = 0.5
"""Seconds before the first poll: small models are done by then."""
_RESETS: Final = re.compile(r"resets in ~?(\d{1,5})\s?s")

# --- refusals


def _said(reply: Reply) -> str | None:
    """A problem in the form of RFC 7807."""
    try:
        found = json_text.parsed_object(reply.body)
    except UnreadableError:
        return None
    words = (found.get("title"), found.get("detail"))
    told = [" ".join(each.split()) for each in words if isinstance(each, str)]
    return ": ".join(told) or None


RULES: Final = Rules(said=_said)


def _patient(refusal: Rejected) -> Rejected:
    """Where no header does, the words say when the next call is allowed."""
    found = _RESETS.search(refusal.problem.message) if refusal.throttled else None
    if found is None or refusal.retry_after is not None:
        return refusal
    return replace(refusal, retry_after=float(found[1]))


# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = places.site(tools)
        path, version = places.place(call.endpoint)
        file = partial(_address_of, tools=tools)
        body: dict[str, Json] = {
            "input": requests.body_of(call, tools, file, slots=places.SLOTS),
            **({} if version is None else {"version": version}),
        }
        what = Submission(path=path, body=json.dumps(body).encode())
    except StepError as error:
        return outcomes.unsent(error)
    with submitted(site, what, RULES) as sent:
        if isinstance(sent, Received):
            return sent.accepted(partial(_accepted, call=call))
        return _patient(sent) if isinstance(sent, Rejected) else sent


def _accepted(answer: Mapping[str, Json], *, call: Call) -> Accepted:
    job = predictions.job(json_text.text_in(answer, "id"), call)
    return Accepted(job=job, poll_after=FIRST)


def _address_of(artefact: ArtefactRef, *, tools: Tools) -> str:
    """A file inside of the request where it is small, else uploaded once."""
    if artefact.bytes <= SMALL:
        return inline.data_url(artefact, tools)
    site = places.site(tools)
    key = ("replicate", site.base, site.account, artefact.sha256)
    return uploads.once(key, partial(_upload, artefact, tools, site))


def _upload(artefact: ArtefactRef, tools: Tools, site: Site) -> str:
    form = forms.form_of({}, [("content", artefact)], tools)
    sending = Sending(content=form.parts(), headers=form.headers)
    answer = ask(site, "/v1/files", method="POST", sending=sending)
    urls = json_text.parsed_object(answer.body).get("urls")
    return json_text.text_in(urls if isinstance(urls, dict) else {}, "get")


# --- poll, fetch, cancel


def _path(job: Job) -> str:
    """By its id alone, as the SDK asks: an answer's own addresses may lead past our base."""
    return f"/v1/predictions/{quote(job.id, safe='')}"


def _poll(job: Job, call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, call, tools))


def _look(job: Job, call: Call, tools: Tools) -> PollOutcome:
    site = places.site(tools)
    words = ask(site, _path(job)).body.decode(errors="replace")
    found = json_text.parsed_object(site.without_credentials(words).encode())
    return predictions.told(job, call, found)


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    """From other hosts without the key: its files are public there."""
    return collecting.collect(result, call, tools, places.site(tools))


def _cancel(job: Job, tools: Tools) -> None:
    ask(places.site(tools), f"{_path(job)}/cancel", method="POST")


PROVIDER = Provider(
    name="replicate",
    title="Replicate",
    keys=places.KEYS,
    addresses={"api": places.API},
    concurrency=8,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    cancel=_cancel,
    find=finding.find,
    keeps="1 hour",
)

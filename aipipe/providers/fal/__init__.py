"""fal.ai queue: pictures, video, sound and speech models.

Wire facts: fal-client 1.0.3, fal's documentation and its published types (2026-08).
"""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job, Receipt
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    FetchOutcome,
    Made,
    NotSent,
    Pending,
    PollOutcome,
    Problem,
    SubmitOutcome,
)
from aipipe.contracts.provider import Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.fal import finding, prices, sites
from aipipe.providers.http import collecting, inline, json_text, money, outcomes, requests, uploads
from aipipe.providers.http.answers import USUAL
from aipipe.providers.http.asking import Answer, Sending, ask, reply
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.site import Site
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import Reply, Rules

SLOTS: Final = {"prompt": "prompt", "text": "text", "image": "image_url", "audio": "audio_url"}
"""Where inputs go of endpoints that the catalogue does not know."""
SMALL: Final = 256 << 10
"""Bytes up to which a file travels inside of the request."""
FORBIDDEN, CANCELLED, SERVER_FAULTS = 403, 499, 500
MODERATION: Final = frozenset({"content_policy_violation", "nsfw_content"})
LOCKED: Final = ("locked", "balance", "credit")
"""Words of a 403 that means: out of credit."""
_PERCENT: Final = re.compile(r"(\d{1,3})%")


# --- refusals


def _details(body: bytes) -> list[Mapping[str, Json]]:
    """What is wrong, thing by thing: the detail is a text, or a list of things."""
    try:
        detail = json_text.parsed_object(body).get("detail")
    except UnreadableError:
        return []
    if isinstance(detail, str):
        return [{"msg": detail}]
    return json_text.objects(detail)


def _said(reply: Reply | Answer) -> str | None:
    told: list[str] = []
    for each in _details(reply.body):
        where = each.get("loc")
        last = f"'{where[-1]}': " if isinstance(where, list) and where else ""
        told.append(f"{last}{each.get('msg', '')}")
    return "; ".join(told) or None


def _is_moderation(reply: Reply | Answer) -> bool:
    return any(each.get("type") in MODERATION for each in _details(reply.body))


def _code(reply: Reply) -> str | None:
    """A balance that is used up is told as a 403."""
    words = (_said(reply) or "").lower()
    is_locked = reply.status == FORBIDDEN and any(word in words for word in LOCKED)
    if is_locked:
        return "no_credit"
    return None


RULES: Final = Rules(is_moderation=_is_moderation, code=_code, said=_said)

# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = sites.site(tools)
        body = requests.body_of(call, tools, partial(_address_of, tools=tools), slots=SLOTS)
        what = Submission(path=f"/{call.endpoint}", body=json.dumps(body).encode())
    except StepError as error:
        return outcomes.unsent(error)
    with submitted(site, what, RULES) as sent:
        return sent.accepted(partial(_accepted, call=call)) if isinstance(sent, Received) else sent


def _accepted(answer: Mapping[str, Json], *, call: Call) -> Accepted:
    name = json_text.text_in(answer, "request_id")
    urls = {each: json_text.text_in(answer, each) for each in ("status_url", "response_url")}
    results: list[Json] = [*(call.wire.results if call.wire else USUAL)]
    cancel = answer.get("cancel_url")
    data: dict[str, Json] = {**urls, "cancel_url": cancel, "results": results}
    return Accepted(job=Job(provider="fal", id=name, data={**data, "endpoint": call.endpoint}))


def _address_of(artefact: ArtefactRef, *, tools: Tools) -> str:
    """A file inside of the request where it is small, else uploaded once."""
    if artefact.bytes <= SMALL:
        return inline.data_url(artefact, tools)
    site = sites.site(tools, sites.REST)
    key = ("fal", site.base, site.account, artefact.sha256)
    return uploads.once(key, partial(_upload, artefact, tools, site))


def _upload(artefact: ArtefactRef, tools: Tools, site: Site) -> str:
    """A token of the CDN's, and with it the file."""
    json_type = {"Content-Type": "application/json"}
    asked = Sending(content=b"{}", headers=json_type)
    path = "/storage/auth/token?storage_type=fal-cdn-v3"
    token = json_text.parsed_object(ask(site, path, method="POST", sending=asked).body)
    kind = json_text.text_in(token, "token_type")
    value = f"{kind} {json_text.text_in(token, 'token')}"
    cdn = Site(base=sites.CDN.chosen(tools.secret), credentials={"Authorization": value})
    name = f"{artefact.sha256[:16]}.{artefact.extension}"
    headers = {"Content-Type": inline.type_of(artefact), "X-Fal-File-Name": name}
    with tools.sink.path_of(artefact).open("rb") as file:
        parts = iter(partial(file.read, 1 << 20), b"")
        told = Sending(content=parts, headers={**headers, "Content-Length": str(artefact.bytes)})
        answer = ask(cdn, "/files/upload", method="POST", sending=told)
    return json_text.text_in(json_text.parsed_object(answer.body), "access_url")


# --- poll


def _poll(job: Job, call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, call, tools))


def _look(job: Job, call: Call, tools: Tools) -> PollOutcome:
    site = sites.site(tools)
    status_url, response_url = _urls(job, call, site)
    answer = ask(site, f"{status_url}?logs=1")
    status = json_text.parsed_object(answer.body)
    if status.get("status") != "COMPLETED":
        return _pending(status)
    return _ended(job, reply(site, response_url), tools)


def _urls(job: Job, call: Call, site: Site) -> tuple[str, str]:
    """Where the job is asked for. A job that the user has named by its id has no addresses yet.

    Raises:
        UnreadableError: an address leads to another host, to which no key is sent.
    """
    if "status_url" not in job.data:
        owner = "/".join(call.endpoint.split("/")[:2])
        base = f"/{owner}/requests/{quote(job.id, safe='')}"
        return f"{base}/status", base
    status, response = str(job.data["status_url"]), str(job.data["response_url"])
    for address in (status, response):
        if not site.headers_for(site.address(address)) and site.credentials:
            host = site.address(address).host
            raise UnreadableError(f"the answer names another host, '{host}': no key is sent there")
    return status, response


def _pending(status: Mapping[str, Json]) -> Pending:
    match status:
        case {"status": "IN_QUEUE"}:
            place = status.get("queue_position")  # from 0
            return Pending(queue_position=place + 1 if isinstance(place, int) else None)
        case {"status": "IN_PROGRESS"}:
            return Pending(fraction=_fraction(status.get("logs")))
        case _:
            told = status.get("status")
            raise UnreadableError(f"the job's status is '{told}', which is not known")


def _fraction(logs: Json) -> float | None:
    """The last percentage that a log line has."""
    lines = [str(each.get("message")) for each in json_text.objects(logs)]
    found = [int(each) for line in lines for each in _PERCENT.findall(line)]
    return min(found[-1], 100) / 100 if found else None


def _ended(job: Job, answer: Answer, tools: Tools) -> PollOutcome:
    """What became of a job that is over, by the status of its result."""
    if answer.status in range(200, 300):
        receipt = _receipt(job, answer.headers.get("x-fal-billable-units"), tools)
        found = json_text.parsed_object(answer.body)
        return Made(result=collecting.made_by(job, found, USUAL), receipt=receipt)
    is_platforms = "x-fal-request-id" in answer.headers or "x-fal-error-type" in answer.headers
    if answer.status >= SERVER_FAULTS and not is_platforms and not _details(answer.body):
        return NotSent(problem=Problem(code="unreached", message=f"{answer.status}"))
    return _failed(job, answer, tools)


def _failed(job: Job, answer: Answer, tools: Tools) -> Failed:
    """Fal bills no 5xx; of other ends the header says what was used."""
    said = f"{answer.status}: {_said(answer) or 'the job failed'}"
    if answer.status >= SERVER_FAULTS:
        problem = Problem(code="job_failed", message=said)
        return Failed(problem=problem, retryable=True)
    receipt = _receipt(job, answer.headers.get("x-fal-billable-units"), tools)
    billed = 0 if receipt is None else receipt.nano_usd
    refused = _is_moderation(answer)
    is_cancelled = answer.status == CANCELLED
    code = "refused.output" if refused else "cancelled" if is_cancelled else "bad_parameter"
    problem = Problem(code=code, message=said)
    return Failed(problem=problem, billed_nano_usd=billed, refused=refused, cancelled=is_cancelled)


# --- what it cost


def _receipt(job: Job, units: str | None, tools: Tools) -> Receipt | None:
    """The billed units times the price of one; None where either is not told."""
    used = money.amount(units)
    endpoint = job.data.get("endpoint")
    if used is None or not isinstance(endpoint, str):
        return None
    if used == 0:
        return money.receipt("0")
    site = sites.site(tools, sites.PLATFORM)
    price = prices.unit_price(site.base, tuple(site.credentials.items()), endpoint)
    if price is None or price.amount < 0 or price.currency not in {"", "USD"}:
        return None
    return money.receipt(str(used * price.amount))


# --- fetch, cancel


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    return collecting.collect(result, call, tools, sites.site(tools, sites.CDN))


def _cancel(job: Job, tools: Tools) -> None:
    address = job.data.get("cancel_url")
    if isinstance(address, str):
        ask(sites.site(tools), address, method="PUT")


PROVIDER = Provider(
    name="fal",
    title="fal",
    keys=sites.KEYS,
    addresses={
        "queue": sites.QUEUE,
        "run": sites.RUN,
        "rest": sites.REST,
        "cdn": sites.CDN,
        "platform": sites.PLATFORM,
    },
    concurrency=2,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    cancel=_cancel,
    find=finding.find,
    prices=prices.prices,
    price_units=prices.UNITS,
)

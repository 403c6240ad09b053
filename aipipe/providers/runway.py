"""Video and pictures by Runway: tasks that are asked for until they are over.

Wire facts: runwayml 5.24.0, Runway's OpenAPI document (2024-11-06) and its pages on errors.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job, Receipt
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    FetchOutcome,
    Lost,
    Made,
    NotSent,
    Pending,
    PollOutcome,
    Problem,
    SubmitOutcome,
    Unreadable,
    problem_of,
)
from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import (
    collecting,
    forms,
    inline,
    json_text,
    money,
    outcomes,
    requests,
    uploads,
)
from aipipe.providers.http.asking import Sending, ask
from aipipe.providers.http.errors import CutOffError, HttpError, UnreachedError, UnreadableError
from aipipe.providers.http.site import Site, site_of
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import Reply, Rules

KEYS: Final = ("RUNWAYML_API_SECRET",)
API: Final = Address(
    otherwise="https://api.dev.runwayml.com",
    variables=("AIPIPE_RUNWAY_BASE_URL", "RUNWAYML_BASE_URL"),
)
VERSION: Final = {"X-Runway-Version": "2024-11-06"}
"""Which of its answers' forms is understood here."""
SLOTS: Final = {
    "prompt": "promptText",
    "text": "promptText",
    "image": "promptImage",
    "video": "videoUri",
}
"""Where inputs go of endpoints that the catalogue does not know."""
FIRST: Final = 1.0
"""Seconds before the first poll, which tells whether it waits."""
EVERY: Final = 5.0
"""Seconds: a task is not to be asked for more often."""
SMALL: Final = 3_900_000
"""Bytes up to which a file travels inside of the request: 5 MiB is the most in base64."""
CREDIT: Final = Decimal("0.01")
"""USD."""
RESULTS: Final = ("output[]",)
OPEN: Final = frozenset({"PENDING", "THROTTLED", "RUNNING"})
WORTH_ANOTHER_TRY: Final = frozenset(
    {"INTERNAL", "INPUT_PREPROCESSING.INTERNAL", "THIRD_PARTY.UNAVAILABLE"}
)
"""Failures that pass, as its page on them says."""
UNAVAILABLE: Final = 503


def _site(tools: Tools) -> Site:
    return site_of(tools, API, keys=KEYS, header="Authorization", prefix="Bearer ")


def _elsewhere(tools: Tools) -> Site:
    """Its files lie on other hosts, which are shown no key."""
    return Site(base=API.chosen(tools.secret))


# --- refusals


def _refusal(body: bytes) -> Mapping[str, Json]:
    try:
        return json_text.parsed_object(body)
    except UnreadableError:
        return {}


def _said(reply: Reply) -> str | None:
    """What is wrong, and of which fields."""
    found = _refusal(reply.body)
    issues = found.get("issues")
    told = [found.get("error"), *map(_issue, issues if isinstance(issues, list) else [])]
    return "; ".join(each for each in told if isinstance(each, str) and each) or None


def _issue(found: Json) -> str:
    if not isinstance(found, dict):
        return ""
    path = found.get("path")
    where = ".".join(map(str, path)) if isinstance(path, list) else ""
    return f"'{where}': {found.get('message', '')}" if where else str(found.get("message", ""))


def _code(reply: Reply) -> str | None:
    """An account without credits is told as a 400."""
    words = (_said(reply) or "").lower()
    return "no_credit" if "enough credits" in words else None


def _is_shed(reply: Reply) -> bool:
    """Runway turns calls away where it has too many; a proxy's 503 proves nothing."""
    return reply.status == UNAVAILABLE and "error" in _refusal(reply.body)


RULES: Final = Rules(is_before_acceptance=_is_shed, code=_code, said=_said)

# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = _site(tools)
        body = requests.body_of(call, tools, partial(_address_of, tools=tools), slots=SLOTS)
        what = Submission(path=_path(call), body=json.dumps(body).encode(), headers=VERSION)
    except StepError as error:
        return outcomes.unsent(error)
    with submitted(site, what, RULES) as sent:
        return sent.accepted(partial(_accepted, call=call)) if isinstance(sent, Received) else sent


def _path(call: Call) -> str:
    return requests.path_of(call) or f"/v1/{quote(call.endpoint)}"


def _accepted(answer: Mapping[str, Json], *, call: Call) -> Accepted:
    name = json_text.text_in(answer, "id")
    results: list[Json] = [*(call.wire.results if call.wire else RESULTS)]
    return Accepted(
        job=Job(provider="runway", id=name, data={"results": results}), poll_after=FIRST
    )


def _address_of(artefact: ArtefactRef, *, tools: Tools) -> str:
    """A file inside of the request where that is allowed, else uploaded once."""
    if artefact.bytes <= SMALL:
        return inline.data_url(artefact, tools)
    site = _site(tools)
    key = ("runway", site.base, site.account, artefact.sha256)
    return uploads.once(key, partial(_upload, artefact, tools, site))


def _upload(artefact: ArtefactRef, tools: Tools, site: Site) -> str:
    """A place is given out for the file; it lies on another host, and is kept for a day."""
    name = f"{artefact.sha256[:16]}.{artefact.extension}"
    asked = json.dumps({"filename": name, "type": "ephemeral"}).encode()
    headers = {**VERSION, "Content-Type": "application/json"}
    asking = Sending(content=asked, headers=headers)
    place = json_text.parsed_object(ask(site, "/v1/uploads", method="POST", sending=asking).body)
    fields = place.get("fields")
    given = fields if isinstance(fields, dict) else {}
    form = forms.form_of(given, [("file", artefact)], tools)
    target = json_text.text_in(place, "uploadUrl")
    sending = Sending(content=form.parts(), headers=form.headers)
    ask(_elsewhere(tools), target, method="POST", sending=sending)
    return json_text.text_in(place, "runwayUri")


# --- poll


def _poll(job: Job, _call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, tools))


def _look(job: Job, tools: Tools) -> PollOutcome:
    return _told(job, _task(job, _site(tools)))


def _task(job: Job, site: Site) -> Mapping[str, Json]:
    path = f"/v1/tasks/{quote(job.id, safe='')}"
    words = ask(site, path, sending=Sending(headers=VERSION)).body.decode(errors="replace")
    return json_text.parsed_object(site.without_credentials(words).encode())


def _told(job: Job, task: Mapping[str, Json]) -> PollOutcome:
    match task.get("status"):
        case "PENDING":
            return Pending()
        case "THROTTLED":  # it waits for the account's other tasks
            return Pending(queue_position=1)
        case "RUNNING":
            return Pending(fraction=_fraction(task.get("progress")))
        case "SUCCEEDED":
            return Made(result=collecting.made_by(job, task, RESULTS), receipt=_receipt(task))
        case "FAILED" | "CANCELLED" as status:
            return _failed(task, is_cancelled=status == "CANCELLED")
        case status:
            raise UnreadableError(f"the task's status is '{status}', which is not known")


def _fraction(progress: Json) -> float | None:
    told = money.amount(progress)
    return None if told is None else min(float(told), 1.0)


def _receipt(task: Mapping[str, Json]) -> Receipt | None:
    """What it cost in the end: a credit is one US cent."""
    cost = task.get("cost")
    credits_ = money.amount(cost.get("credits")) if isinstance(cost, dict) else None
    return None if credits_ is None else money.receipt(str(credits_ * CREDIT))


def _failed(task: Mapping[str, Json], *, is_cancelled: bool) -> Failed:
    """What was refunded is told as no cost; inputs that moderation refused are not refunded."""
    code, refused = _why(str(task.get("failureCode") or ""))
    receipt = _receipt(task)
    billed = None if receipt is None else receipt.nano_usd
    if is_cancelled:
        problem = Problem(code="cancelled", message="the task was cancelled")
        return Failed(problem=problem, billed_nano_usd=billed, cancelled=True)
    told = [task.get("failureCode"), task.get("failure") or "the task failed"]
    return Failed(
        problem=Problem(code=code, message=": ".join(str(each) for each in told if each)),
        retryable=billed == 0 and task.get("failureCode") in WORTH_ANOTHER_TRY,
        billed_nano_usd=billed,
        refused=refused,
    )


def _why(failure: str) -> tuple[str, bool]:
    """Our code for theirs, and whether moderation refused."""
    if failure.startswith(("SAFETY.INPUT", "INPUT_PREPROCESSING.SAFETY")):
        return "refused.input", True
    if failure.startswith("SAFETY"):
        return "refused.output", True
    return ("bad_parameter" if failure.startswith("ASSET") else "job_failed"), False


# --- fetch, cancel


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    """The addresses of a result end after a day or two; the task gives fresh ones."""
    fetched = collecting.collect(result, call, tools, _elsewhere(tools))
    if not isinstance(fetched, Lost | Unreadable):
        return fetched
    try:
        fresh = _told(result, _task(result, _site(tools)))
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except HttpError:
        return fetched
    if not isinstance(fresh, Made):
        return fetched
    return collecting.collect(fresh.result, call, tools, _elsewhere(tools))


def _cancel(job: Job, tools: Tools) -> None:
    """Only of a task that goes on: of one that is over, the same request deletes the result."""
    site = _site(tools)
    if _task(job, site).get("status") in OPEN:
        path = f"/v1/tasks/{quote(job.id, safe='')}"
        ask(site, path, method="DELETE", sending=Sending(headers=VERSION))


PROVIDER = Provider(
    name="runway",
    title="Runway",
    keys=KEYS,
    addresses={"api": API},
    concurrency=2,
    poll_every=EVERY,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    cancel=_cancel,
)

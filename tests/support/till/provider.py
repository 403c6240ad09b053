"""The till as a plug-in: `till:jobs/NAME` makes a job, `till:now/NAME` answers at once."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job, Produced, Receipt
from aipipe.contracts.media import TEXT
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    FetchOutcome,
    Finished,
    Lost,
    Made,
    NotSent,
    Pending,
    PollOutcome,
    Problem,
    Rejected,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
    problem_of,
)
from aipipe.contracts.provider import Address, Candidate, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import json_text, money
from aipipe.providers.http.asking import ask
from aipipe.providers.http.downloading import download
from aipipe.providers.http.errors import (
    CutOffError,
    GoneError,
    HttpError,
    TooLargeError,
    UnreachedError,
    UnreadableError,
)
from aipipe.providers.http.site import Site, site_of
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import Reply, Rules

KEYS = ("TILL_KEY",)
ADDRESS = Address(otherwise="http://127.0.0.1:9", variables=("AIPIPE_TILL_BASE_URL",))
LIMIT = 1 << 20
ENDS = {"failed": "job_failed", "refused": "refused.output", "cancelled": "cancelled"}
"""The codes of how jobs end badly."""
WAIT = 0.01
"""Seconds between polls: its jobs go on by being asked for."""


def _said(reply: Reply) -> str | None:
    try:
        error = json_text.parsed_object(reply.body).get("error")
    except UnreadableError:
        return None
    return str(error["message"]) if isinstance(error, dict) else None


RULES = Rules(
    is_before_acceptance=lambda reply: reply.headers.get("x-not-accepted") == "1",
    is_moderation=lambda reply: reply.headers.get("x-moderation") == "1",
    said=_said,
)


def _site(tools: Tools) -> Site:
    return site_of(tools, ADDRESS, keys=KEYS, header="x-till-key")


def body_of(call: Call, tools: Tools) -> bytes:
    """The request, the same for equal calls."""
    prompt = call.inputs.get("prompt")
    text = tools.sink.text_of(prompt) if isinstance(prompt, ArtefactRef) else prompt
    body = {"prompt": text, **call.params, **call.raw}
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _submit(call: Call, tools: Tools, *, silence: float) -> SubmitOutcome:
    try:
        site, body = _site(tools), body_of(call, tools)
    except StepError as error:  # nothing was sent: it must not end as a doubt
        return Rejected(problem=problem_of(error), closes_provider=error.code == "bad_key")
    what = Submission(path=f"/v1/{call.endpoint}", body=body, silence=silence)
    with submitted(site, what, RULES) as sent:
        match sent:
            case Received() if call.endpoint.startswith("now/"):
                return _made_now(sent, tools)
            case Received():
                return _accepted(sent)
            case NotSent() | Rejected() | Unconfirmed():
                return sent


def _accepted(sent: Received) -> SubmitOutcome:
    answer = sent.read()
    if isinstance(answer, Unconfirmed):
        return answer
    try:
        status_url = json_text.text_in(answer, "status_url")
        job = Job(
            provider="till", id=json_text.text_in(answer, "id"), data={"status_url": status_url}
        )
    except UnreadableError as error:
        return Unconfirmed(problem=Problem(code="no_answer", message=error.message))
    return Accepted(job=job, poll_after=WAIT, limits=sent.limits)


def _made_now(sent: Received, tools: Tools) -> SubmitOutcome:
    """The answer kept as it came. What breaks off was paid for and can't be had again."""
    receipt = money.receipt(sent.headers.get("x-cost-usd"))
    request = sent.headers.get("x-request-id", "")
    kind = sent.headers.get("content-type", "")
    job = Job(provider="till", id=request, data={"type": kind})
    try:
        result = tools.answered(job, receipt, sent.parts(LIMIT))
    except (CutOffError, TooLargeError) as error:
        lost = Problem(code="result.lost", message=error.message)
        return Lost(problem=lost, receipt=receipt)
    return Made(result=result, receipt=receipt, limits=sent.limits)


def _poll(job: Job, call: Call, tools: Tools) -> PollOutcome:
    del call
    try:
        answer = ask(_site(tools), str(job.data["status_url"]))
        status = json_text.parsed_object(answer.body)
        return _state(job, status, money.receipt(status.get("cost_usd")))
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except HttpError as error:  # a 404 too: it never means that a job is gone
        return Unreadable(problem=problem_of(error))


def _state(job: Job, status: Mapping[str, Json], receipt: Receipt | None) -> PollOutcome:
    match status.get("status"):
        case "queued":
            position = status.get("position")
            return Pending(
                queue_position=position if isinstance(position, int) else None, poll_after=WAIT
            )
        case "running":
            progress = status.get("progress")
            fraction = float(progress) if isinstance(progress, int | float) else None
            return Pending(fraction=fraction, poll_after=WAIT)
        case "done":
            url = json_text.text_in(status, "result_url")
            result = Job(provider="till", id=job.id, data={**job.data, "url": url})
            return Made(result=result, receipt=receipt)
        case "failed" | "refused" | "cancelled" as end:
            problem = Problem(code=ENDS[end], message=str(status.get("error") or end))
            billed = 0 if receipt is None else receipt.nano_usd
            return Failed(
                problem=problem,
                billed_nano_usd=billed,
                refused=end == "refused",
                cancelled=end == "cancelled",
            )
        case other:
            raise UnreadableError(f"the job's status is '{other}', which is not known")


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    del call
    path = tools.sink.scratch("txt")
    try:
        _bring(result, path, tools)
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except GoneError as error:
        return Lost(problem=problem_of(error))
    except HttpError as error:
        return Unreadable(problem=problem_of(error))
    made = tools.sink.adopt(path, TEXT)
    return Finished(produced=Produced(artefacts=(made,)))


def _bring(result: Job, path: Path, tools: Tools) -> None:
    """The result as a scratch file."""
    if "url" in result.data:
        site, url = _site(tools), str(result.data["url"])
        kind = download(site, url, path, limit=LIMIT, cancelled=tools.cancelled).content_type
    else:
        kind = str(result.data["type"])
        shutil.copyfile(str(result.data["answer"]), path)
    if kind != "text/plain":
        path.unlink()
        raise UnreadableError(f"the result is '{kind}', not text")


def _cancel(job: Job, tools: Tools) -> None:
    ask(_site(tools), f"/v1/jobs/{quote(job.id, safe='')}/cancel", method="POST")


def _find(call: Call, since: float, tools: Tools) -> Sequence[Candidate]:
    form, _, endpoint = call.endpoint.partition("/")
    if form != "jobs":
        return ()
    path = f"/v1/jobs?endpoint={quote(endpoint, safe='')}&since={since!r}"
    jobs = json_text.parsed_object(ask(_site(tools), path).body).get("jobs")
    wanted = hashlib.sha256(body_of(call, tools)).hexdigest()
    listed = [each for each in jobs if isinstance(each, dict)] if isinstance(jobs, list) else []
    return [_candidate(each) for each in listed if each.get("body_sha256") == wanted]


def _candidate(listed: Mapping[str, Json]) -> Candidate:
    url = json_text.text_in(listed, "status_url")
    job = Job(provider="till", id=json_text.text_in(listed, "id"), data={"status_url": url})
    created = listed.get("created")
    if not isinstance(created, int | float):
        raise UnreadableError("the answer has no 'created'")
    return Candidate(job=job, created=float(created))


def till(*, silence: float = 30.0) -> Provider:
    """The provider. `silence`: seconds after which a submit waits for no answer."""
    return Provider(
        name="till",
        title="the Till",
        keys=KEYS,
        addresses={"api": ADDRESS},
        poll_every=WAIT,
        submit=partial(_submit, silence=silence),
        poll=_poll,
        fetch=_fetch,
        cancel=_cancel,
        find=_find,
    )


PROVIDER = till()

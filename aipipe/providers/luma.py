"""Video and pictures by Luma.

Wire facts: lumaai 1.21.0 and Luma's OpenAPI document, 2025-06. Nothing tells what a call costs;
users report that failed generations are paid back.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    FetchOutcome,
    Made,
    Pending,
    PollOutcome,
    Problem,
    SubmitOutcome,
)
from aipipe.contracts.provider import Address, Candidate, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import collecting, json_text, outcomes, requests
from aipipe.providers.http.asking import ask
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.site import Site, site_of
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import Reply, Rules

KEYS: Final = ("LUMAAI_API_KEY",)
ADDRESS: Final = Address(
    otherwise="https://api.lumalabs.ai/dream-machine/v1",
    variables=("AIPIPE_LUMA_BASE_URL", "LUMAAI_BASE_URL"),
)
SLOTS: Final = {"prompt": "prompt", "image": "keyframes.frame0.url"}
"""Where inputs go of endpoints that the catalogue does not know."""
RESULTS: Final = ("assets.video", "assets.image")
LISTED: Final = 100
"""Generations that its list gives at once, the newest first."""
MODERATION: Final = ("moderat",)
CREDIT: Final = ("insufficient credit", "not enough credit", "insufficient balance")
KEY: Final = ("api key", "not authenticated")


def _site(tools: Tools) -> Site:
    return site_of(tools, ADDRESS, keys=KEYS, header="Authorization", prefix="Bearer ")


# --- refusals


def _said(reply: Reply) -> str | None:
    try:
        detail = json_text.parsed_object(reply.body).get("detail")
    except UnreadableError:
        return None
    return detail if isinstance(detail, str) else None if detail is None else json.dumps(detail)


def _has(text: str | None, words: Sequence[str]) -> bool:
    return any(word in (text or "").lower() for word in words)


def _code(reply: Reply) -> str | None:
    """Its statuses are not published; its words are clearer where they name key or credit."""
    said = _said(reply)
    return "no_credit" if _has(said, CREDIT) else "bad_key" if _has(said, KEY) else None


def _is_moderation(reply: Reply) -> bool:
    return _has(_said(reply), MODERATION)


RULES: Final = Rules(is_moderation=_is_moderation, code=_code, said=_said)

# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = _site(tools)
        what = Submission(path=_path(call), body=json.dumps(_body(call, tools)).encode())
    except StepError as error:
        return outcomes.unsent(error)
    with submitted(site, what, RULES) as sent:
        return sent.accepted(partial(_accepted, call=call)) if isinstance(sent, Received) else sent


def _path(call: Call) -> str:
    path = requests.path_of(call)
    if not path.startswith("/"):
        hint = "such as  luma:/generations/image"
        raise StepError("bad_parameter", f"'{call.endpoint}' is no path of Luma's", hint=hint)
    return path


def _body(call: Call, tools: Tools) -> dict[str, Json]:
    body = requests.body_of(call, tools, _address, slots=SLOTS)
    frames = body.get("keyframes")
    for frame in frames.values() if isinstance(frames, dict) else ():
        if isinstance(frame, dict) and "url" in frame:
            frame.setdefault("type", "image")
    return body


def _address(artefact: ArtefactRef) -> Json:
    """Where the user's file is on the web: nothing else is taken."""
    if artefact.address is not None:
        return artefact.address
    raise StepError(
        "bad_parameter",
        f"Luma takes an {artefact.medium} by its web address only, and this one is a file",
        hint="name an address in its place; hailuo, kling and others at fal take files",
    )


def _accepted(answer: Mapping[str, Json], *, call: Call) -> Accepted:
    name = json_text.text_in(answer, "id")
    return Accepted(job=_job(name, call))


def _job(name: str, call: Call) -> Job:
    results: list[Json] = [*(call.wire.results if call.wire else RESULTS)]
    return Job(provider="luma", id=name, data={"results": results})


# --- poll


def _poll(job: Job, _call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, tools))


def _look(job: Job, tools: Tools) -> PollOutcome:
    answer = ask(_site(tools), f"/generations/{quote(job.id, safe='')}")
    return _state(json_text.parsed_object(answer.body), job)


def _state(told: Mapping[str, Json], job: Job) -> PollOutcome:
    match told.get("state"):
        case "queued" | "dreaming":
            return Pending()
        case "completed":
            return Made(result=collecting.made_by(job, told, RESULTS))
        case "failed":
            return _failed(told.get("failure_reason"))
        case other:
            raise UnreadableError(f"the job's state is '{other}', which is not known")


def _failed(reason: Json) -> Failed:
    said = reason if isinstance(reason, str) and reason else "the job failed"
    refused = _has(said, MODERATION)
    problem = Problem(code="refused.output" if refused else "job_failed", message=said)
    return Failed(problem=problem, refused=refused)


# --- fetch, find


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    return collecting.collect(result, call, tools, _site(tools))


def _find(call: Call, since: float, tools: Tools) -> Sequence[Candidate]:
    """Generations since then whose request has all that this call sends."""
    if call.rebuilt:
        return ()
    wanted = _body(call, tools)
    answer = ask(_site(tools), f"/generations?limit={LISTED}&offset=0")
    listed = json_text.objects_in(json_text.parsed_object(answer.body), "generations")
    candidates = [_candidate(each, call) for each in listed if _is_of(each, wanted)]
    return [each for each in candidates if each.created >= since]


def _is_of(listed: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    sent = listed.get("request")
    return isinstance(sent, dict) and all(sent.get(name) == wanted[name] for name in wanted)


def _candidate(listed: Mapping[str, Json], call: Call) -> Candidate:
    told = datetime.fromisoformat(json_text.text_in(listed, "created_at"))
    created = told if told.tzinfo else told.replace(tzinfo=UTC)
    return Candidate(job=_job(json_text.text_in(listed, "id"), call), created=created.timestamp())


PROVIDER = Provider(
    name="luma",
    title="Luma",
    keys=KEYS,
    addresses={"api": ADDRESS},
    concurrency=4,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    find=_find,
)

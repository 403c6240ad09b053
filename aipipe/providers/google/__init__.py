"""Google Gemini: pictures, speech and text at once, video as a job.

Wire facts: google-genai 3.4.0, Google's discovery document (2026-08) and its pages about errors.

requests       bodies and paths
content        what an answer to `generateContent` has, or why it has nothing
interactions   what a job's answer has, or why it has nothing
usage          the tokens that an answer counts
sounds         raw samples as a file
refusals       errors told apart
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.media import TEXT, VIDEO
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    FetchOutcome,
    Finished,
    Lost,
    Made,
    NotSent,
    PollOutcome,
    Problem,
    SubmitOutcome,
    Unreadable,
    problem_of,
)
from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.google import content, interactions, requests, sounds, usage
from aipipe.providers.google.refusals import JOBS, RULES
from aipipe.providers.http import collecting, json_text, outcomes, tokens
from aipipe.providers.http.asking import ask
from aipipe.providers.http.errors import CutOffError, HttpError, UnreachedError, UnreadableError
from aipipe.providers.http.site import Site, site_of
from aipipe.providers.http.submitting import Received, Submission, submitted

KEYS: Final = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
ADDRESS: Final = Address(
    otherwise="https://generativelanguage.googleapis.com",
    variables=("AIPIPE_GOOGLE_BASE_URL", "GOOGLE_GEMINI_BASE_URL"),
)
LIMIT: Final = 256 << 20
"""Bytes of an answer that has what was made in it."""


def _site(tools: Tools) -> Site:
    return site_of(tools, ADDRESS, keys=KEYS, header="x-goog-api-key")


# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = _site(tools)
        body = requests.body_of(call, tools)
    except StepError as error:
        return outcomes.unsent(error)
    what = Submission(path=requests.path_of(call), body=json.dumps(body).encode())
    is_job = call.output.medium == VIDEO
    with submitted(site, what, JOBS if is_job else RULES) as sent:
        if not isinstance(sent, Received):
            return sent
        if is_job:
            return sent.accepted(partial(_accepted, call=call))
        return _answered(sent, call, site, tools)


def _accepted(answer: Mapping[str, Json], *, call: Call) -> Accepted:
    name = json_text.text_in(answer, "id")
    return Accepted(job=Job(provider="google", id=name, data=tokens.kept(call)))


def _answered(sent: Received, call: Call, site: Site, tools: Tools) -> SubmitOutcome:
    """What a kept answer comes to. One that can't be read loses nothing: `fetch` tells it."""
    begun = Job(provider="google", id="", data=tokens.kept(call))
    try:
        result = tools.answered(begun, None, sent.parts(LIMIT))
    except HttpError as error:
        return Lost(problem=problem_of(error))
    try:
        answer = content.kept(result)
    except UnreadableError:
        return Made(result=result)
    medium = call.output.medium or TEXT
    counts = usage.of_content(answer, medium)
    problem = content.problem(answer, medium)
    if problem is not None:
        return _failed(problem, result, counts, site)
    named = replace(result, id=str(answer.get("responseId") or ""))
    return Made(result=named, receipt=tokens.receipt(result, counts))


def _failed(
    problem: Problem, job: Job, counts: usage.Counts, site: Site, *, cancelled: bool = False
) -> Failed | Lost:
    """Google bills the tokens that it counts; what they cost may be known to nobody here."""
    told = replace(problem, message=site.without_credentials(problem.message))
    bill = tokens.receipt(job, counts)
    if bill is None and any(counts.values()):
        return Lost(problem=told)
    billed = 0 if bill is None else bill.nano_usd
    refused = told.code.startswith("refused.")
    return Failed(problem=told, billed_nano_usd=billed, refused=refused, cancelled=cancelled)


# --- poll


def _poll(job: Job, _call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, tools))


def _look(job: Job, tools: Tools) -> PollOutcome:
    site = _site(tools)
    answer = interactions.asked(job, site)
    if interactions.goes_on(answer):
        return interactions.PENDING
    counts = usage.of_interaction(answer)
    problem = interactions.problem(answer)
    if problem is not None:
        is_cancelled = problem.code == "cancelled"
        return _failed(problem, job, counts, site, cancelled=is_cancelled)
    data = {**job.data, **interactions.data_of(interactions.videos(answer, site))}
    result = replace(job, provider="google", data=data)
    return Made(result=result, receipt=tokens.receipt(job, counts))


def _cancel(job: Job, tools: Tools) -> None:
    ask(_site(tools), f"{interactions.path(job)}/cancel", method="POST")


# --- fetch


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    site = _site(tools)
    if "answer" in result.data:
        return _of_answer(result, call, site, tools)
    try:
        found = interactions.with_values(result, site)
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except HttpError as error:
        return Unreadable(problem=problem_of(error))
    return collecting.collect(found, call, tools, site)


def _of_answer(result: Job, call: Call, site: Site, tools: Tools) -> FetchOutcome:
    """What the kept answer has; where it says that it has nothing, nothing is left to be had."""
    medium = call.output.medium or TEXT
    try:
        answer = content.kept(result)
    except UnreadableError as error:
        return Unreadable(problem=problem_of(error))
    problem = content.problem(answer, medium)
    if problem is not None:
        message = site.without_credentials(problem.message)
        return Lost(problem=replace(problem, message=message))
    if medium in collecting.WORDS and (text := content.text(answer)):
        made = tools.sink.adopt_text(text, extension=call.output.extension or "txt")
        return Finished(produced=Produced(artefacts=(made,)))
    found = content.files(answer, medium)
    values = collecting.data_of([file.content for file in found])
    adopt = sounds.adopter(found[0].type if found else "")
    made_of = Job(provider="google", id=result.id, data=values)
    return collecting.collect(made_of, call, tools, site, adopt)


PROVIDER = Provider(
    name="google",
    title="Google Gemini",
    keys=KEYS,
    addresses={"api": ADDRESS},
    concurrency=8,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    cancel=_cancel,
    keeps="2 days",
)

"""Services that their users describe in a file: `model: http:FILE`.

What a file says is in `Call.service`; what is needed later travels in the job. Its limits are
those of one provider, whatever host it names, so no refusal by one service closes the others.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    FetchOutcome,
    Lost,
    Made,
    Pending,
    PollOutcome,
    Problem,
    Rejected,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
    problem_of,
)
from aipipe.contracts.provider import Provider
from aipipe.contracts.service import Polling, Service, service_of
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.described.filling import body_of, path_of
from aipipe.providers.http import collecting, json_text, money, outcomes
from aipipe.providers.http.answers import texts_at, value_at
from aipipe.providers.http.asking import Sending, ask
from aipipe.providers.http.errors import (
    CutOffError,
    TooLargeError,
    UnreadableError,
)
from aipipe.providers.http.site import Site
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import REFUSALS, Reply, Rules

NAME: Final = "http"
SERVICE: Final = "service"
"""Where a job's data says how its service is asked."""
MOST_BYTES: Final = 4 << 30
PERCENT: Final = 100


def _site(service: Service, tools: Tools) -> Site:
    key = service.key
    secret = "" if key is None else (tools.secret(key.variable) or "").strip()
    if key is None or not secret:
        return Site(base=service.base)
    return Site(base=service.base, credentials={key.header: f"{key.prefix}{secret}"})


def _rules(service: Service) -> Rules:
    def said(reply: Reply) -> str | None:
        try:
            return _why(service, json_text.parsed_object(reply.body))
        except UnreadableError:
            return None

    def _code(reply: Reply) -> str | None:
        return service.refusals.get(str(reply.status))

    return Rules(
        refusals=REFUSALS | {int(status) for status in service.refusals},
        code=_code,
        said=said,
    )


def _why(service: Service, answer: Mapping[str, Json]) -> str | None:
    found = None if service.error is None else value_at(answer, service.error)
    return None if found is None else str(found)


# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    service = call.service
    if service is None:
        problem = Problem(code="bad_parameter", message="no file describes the service")
        return Rejected(problem=problem)
    try:
        site = _site(service, tools)
        what = Submission(
            path=path_of(service, call),
            body=json.dumps(body_of(service, call, tools)).encode(),
            headers=service.headers,
        )
    except StepError as error:
        return Rejected(problem=problem_of(error))
    with submitted(site, what, _rules(service)) as sent:
        if isinstance(sent, Received):
            return _accepted(sent, service) if service.job else _kept(sent, service, tools)
        return replace(sent, closes_provider=False) if isinstance(sent, Rejected) else sent


def _accepted(sent: Received, service: Service) -> SubmitOutcome:
    answer, job = sent.read(), service.job
    if isinstance(answer, Unconfirmed) or job is None:
        return answer if isinstance(answer, Unconfirmed) else Unconfirmed(problem=_no_id(""))
    name = value_at(answer, job.id)
    if name is None or isinstance(name, bool) or name == "":
        return Unconfirmed(problem=_no_id(job.id))
    accepted = Job(provider=NAME, id=str(name), data={SERVICE: service.after()})
    return Accepted(job=accepted, poll_after=job.every)


def _no_id(where: str) -> Problem:
    return Problem(code="no_answer", message=f"the answer has no '{where}'")


def _kept(sent: Received, service: Service, tools: Tools) -> SubmitOutcome:
    paths: list[Json] = [*service.results]
    job = Job(provider=NAME, id="", data={SERVICE: service.after(), "paths": paths})
    try:
        return Made(result=tools.answered(job, None, sent.parts(MOST_BYTES)))
    except (CutOffError, TooLargeError) as error:
        return Lost(problem=problem_of(error))


# --- poll


def _poll(job: Job, _call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, tools))


def _look(job: Job, tools: Tools) -> PollOutcome:
    service, how = _service_of(job)
    site = _site(service, tools)
    told = _asked(site, how.path, job, service)
    return _state(told, job, service, site)


def _service_of(job: Job) -> tuple[Service, Polling]:
    plain = job.data.get(SERVICE)
    service = service_of(plain) if isinstance(plain, dict) else None
    if service is None or service.job is None:
        raise UnreadableError("nothing says how this job's service is asked; run it again")
    return service, service.job


def _asked(site: Site, path: str, job: Job, service: Service) -> Mapping[str, Json]:
    answer = ask(site, _with_id(path, job), sending=Sending(headers=service.headers))
    return json_text.parsed_object(answer.body)


def _with_id(path: str, job: Job) -> str:
    return path.replace("{id}", quote(job.id, safe=""))


def _state(told: Mapping[str, Json], job: Job, service: Service, site: Site) -> PollOutcome:
    how = service.job
    found = value_at(told, how.status) if how is not None else None
    status = json.dumps(found) if isinstance(found, bool) else str(found)
    if how is None or found is None:
        raise UnreadableError("the answer does not say how the job is")
    if status in how.done:
        return _made(told, job, service, site)
    if status in {*how.failed, *how.refused, *how.cancelled}:
        return _failed(status, _why(service, told), how, site)
    if how.pending and status not in how.pending:
        raise UnreadableError(f"the job's status is '{status}', which is not described")
    return Pending(fraction=_fraction(told, how), poll_after=how.every)


def _fraction(told: Mapping[str, Json], how: Polling) -> float | None:
    said = None if how.progress is None else value_at(told, how.progress)
    found = money.amount(said.rstrip("% ") if isinstance(said, str) else said)
    if found is None:
        return None
    share = float(found)
    return min(share if share <= 1 else share / PERCENT, 1.0)


def _failed(status: str, said: str | None, how: Polling, site: Site) -> PollOutcome:
    """A failure costs what a success would have cost, unless the description says otherwise."""
    refused = status in how.refused
    is_cancelled = status in how.cancelled
    code = "refused.output" if refused else "cancelled" if is_cancelled else "job_failed"
    message = site.without_credentials(said or f"the job ended as '{status}'")
    problem = Problem(code=code, message=message)
    if how.failures == "billed":
        return Lost(problem=problem)
    return Failed(problem=problem, refused=refused, cancelled=is_cancelled)


def _made(told: Mapping[str, Json], job: Job, service: Service, site: Site) -> Made:
    path = service.job.result if service.job is not None else None
    if path is not None and not service.results:
        return _result(job, (f"{site.base}{_with_id(path, job)}",))
    answer = told if path is None else _asked(site, path, job, service)
    values = texts_at(answer, service.results)
    if not values:
        raise UnreadableError("the answer does not say where its result is")
    return _result(job, values)


def _result(job: Job, values: tuple[str, ...]) -> Made:
    return Made(result=replace(job, data={**job.data, **collecting.data_of(values)}))


# --- fetch, cancel


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    plain: Any = result.data.get(SERVICE)
    if not isinstance(plain, dict):
        message = "nothing says how this result's service is asked; run it again"
        return Unreadable(problem=Problem(code="answer_unreadable", message=message))
    return collecting.collect(result, call, tools, _site(service_of(plain), tools))


def _cancel(job: Job, tools: Tools) -> None:
    service, how = _service_of(job)
    if how.cancel is not None:
        method, path = how.cancel.split(" ", 1)
        sending = Sending(headers=service.headers)
        ask(_site(service, tools), _with_id(path, job), method=method, sending=sending)


PROVIDER = Provider(
    name=NAME,
    title="described services",
    concurrency=4,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    cancel=_cancel,
    described=True,
)

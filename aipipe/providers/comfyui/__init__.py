"""ComfyUI: a server of one's own that runs graphs of nodes, one after the other.

Wire facts: the source of ComfyUI's server (2025-10). A job's id is ours, made of all that is sent,
so that a job whose answer was lost is found by it. A job is asked for in the queue first: an equal
one of before may stand in the history by the same id.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import (
    Accepted,
    FetchOutcome,
    NotSent,
    Pending,
    PollOutcome,
    Problem,
    Rejected,
    SubmitOutcome,
    problem_of,
)
from aipipe.contracts.provider import Address, Candidate, Provider
from aipipe.contracts.tools import Tools
from aipipe.contracts.workflow import OUTPUT_NODE, Workflow
from aipipe.errors import StepError
from aipipe.providers.comfyui import graphs, history, queue
from aipipe.providers.comfyui.refusals import RULES
from aipipe.providers.http import collecting, json_text, outcomes, uploads
from aipipe.providers.http.asking import Sending, ask
from aipipe.providers.http.errors import CutOffError, UnreachedError
from aipipe.providers.http.forms import form_of
from aipipe.providers.http.site import Site
from aipipe.providers.http.submitting import Received, Submission, submitted

NAME: Final = "comfyui"
VARIABLE: Final = "AIPIPE_COMFYUI_BASE_URL"
API: Final = Address(otherwise="http://127.0.0.1:8188", variables=(VARIABLE,))
CLIENT: Final = "aipipe"
_START_IT: Final = f"start ComfyUI there, or say where it is with {VARIABLE}"
_JSON: Final = {"Content-Type": "application/json"}


def _site(tools: Tools) -> Site:
    return Site(base=API.chosen(tools.secret))


# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    workflow = call.workflow
    if workflow is None:
        problem = Problem(code="bad_parameter", message="no file holds the workflow")
        return Rejected(problem=problem)
    site = _site(tools)
    try:
        graph = graphs.filled(workflow, call, tools, partial(_uploaded, tools=tools, site=site))
        name = graphs.id_of(workflow, call, tools)
    except (UnreachedError, CutOffError) as error:  # of an upload: the call itself was not sent
        return NotSent(problem=replace(problem_of(error), hint=_START_IT))
    except StepError as error:
        return Rejected(problem=problem_of(error))
    body = {"prompt": graph, "client_id": CLIENT, "prompt_id": name}
    with submitted(site, Submission(path="/prompt", body=json.dumps(body).encode()), RULES) as sent:
        if isinstance(sent, Received):
            return sent.accepted(partial(_accepted, workflow=workflow, call=call))
        if isinstance(sent, NotSent):
            return replace(sent, problem=replace(sent.problem, hint=_START_IT))
        return sent


def _accepted(answer: Mapping[str, Json], *, workflow: Workflow, call: Call) -> Accepted:
    name = json_text.text_in(answer, "prompt_id")  # servers of before 2025 choose it
    return Accepted(job=_job(name, workflow, call))


def _job(name: str, workflow: Workflow, call: Call) -> Job:
    wanted = call.raw.get(OUTPUT_NODE)
    node = None if wanted is None else workflow.nodes.get(str(wanted), str(wanted))
    return Job(provider=NAME, id=name, data={"node": node, "medium": call.output.medium})


def _uploaded(artefact: ArtefactRef, *, tools: Tools, site: Site) -> str:
    """What a file is called in the server's folder of inputs."""
    key = (NAME, site.base, artefact.sha256)
    return uploads.once(key, partial(_upload, artefact, tools, site))


def _upload(artefact: ArtefactRef, tools: Tools, site: Site) -> str:
    form = form_of({"type": "input", "overwrite": "true"}, [("image", artefact)], tools)
    sending = Sending(content=form.parts(), headers=form.headers)
    answer = ask(site, "/upload/image", method="POST", sending=sending)
    found = json_text.parsed_object(answer.body)
    folder, name = found.get("subfolder"), json_text.text_in(found, "name")
    return f"{folder}/{name}" if folder else name


# --- poll


def _poll(job: Job, _call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, tools))


def _look(job: Job, tools: Tools) -> PollOutcome:
    site = _site(tools)
    place = queue.place_of(job.id, queue.asked(site))
    if place is not None:
        return Pending(queue_position=place or None)
    return history.ended(job, _past(site, job.id), site)


def _past(site: Site, name: str) -> history.Past | None:
    return history.asked(site, f"/history/{quote(name, safe='')}", name)


# --- fetch, cancel, find


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    return collecting.collect(result, call, tools, _site(tools))


def _cancel(job: Job, tools: Tools) -> None:
    """Take it out of the queue; where it runs already, interrupt it."""
    site = _site(tools)
    place = queue.place_of(job.id, queue.asked(site))
    if place == queue.RUNS:
        _tell(site, "/interrupt", {"prompt_id": job.id})
    elif place is not None:
        _tell(site, "/queue", {"delete": [job.id]})


def _tell(site: Site, path: str, body: dict[str, Json]) -> None:
    sending = Sending(content=json.dumps(body).encode(), headers=_JSON)
    ask(site, path, method="POST", sending=sending)


def _find(call: Call, since: float, tools: Tools) -> Sequence[Candidate]:
    """The job with the id that this call's would have, in the queue or in the history."""
    workflow = call.workflow
    if call.rebuilt or workflow is None:
        return ()
    site, name = _site(tools), graphs.id_of(workflow, call, tools)
    created = queue.created(name, queue.asked(site))
    if created is None:
        past = _past(site, name)
        created = None if past is None else history.started(past)
    if created is None or created < since:
        return ()
    return (Candidate(job=_job(name, workflow, call), created=created),)


PROVIDER = Provider(
    name=NAME,
    title="ComfyUI",
    addresses={"api": API},
    concurrency=4,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    cancel=_cancel,
    find=_find,
    workflows=True,
    free=True,
)

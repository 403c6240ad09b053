"""Hailuo videos and speech by MiniMax.

Wire facts: MiniMax's list of error codes (2026), a third-party copy of its API in OpenAPI, and
MiniMax's own command line. A call that is refused is answered with HTTP 200 and a code inside.
Only codes whose words say that nothing was begun are refusals here; with the others (1000, 1001,
1024, 1033: faults and timeouts of its own) nobody knows.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from time import time
from typing import Final
from urllib.parse import urlencode

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.media import Medium
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
    Rejected,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
    problem_of,
)
from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import collecting, inline, json_text, outcomes, requests, retry_after
from aipipe.providers.http.asking import ask
from aipipe.providers.http.errors import (
    CutOffError,
    HttpError,
    TooLargeError,
    UnreachedError,
    UnreadableError,
)
from aipipe.providers.http.site import Site, site_of
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import CODES, Reply, Rules

KEYS: Final = ("MINIMAX_API_KEY",)
ADDRESS: Final = Address(otherwise="https://api.minimax.io", variables=("AIPIPE_MINIMAX_BASE_URL",))
SLOTS: Final = {"prompt": "prompt", "text": "text", "image": "first_frame_image"}
"""Where inputs go of endpoints that the catalogue does not know."""
REFUSALS: Final[Mapping[int, str]] = {
    1002: "rate_limit",
    1004: "bad_key",
    1008: "no_credit",
    1026: "refused.input",
    1039: "rate_limit",
    1041: "too_many_at_once",
    1042: "bad_parameter",
    2013: "bad_parameter",
    2042: "not_allowed",
    2045: "rate_limit",
    2049: "bad_key",
    2061: "not_allowed",
    20132: "bad_parameter",
}
INPUT_REFUSED, OUTPUT_REFUSED = 1026, 1027
JOBS: Final = "/video_generation"
"""Paths with this in them begin a task."""
BUSY: Final = frozenset({1000, 1001, 1002, 1024, 1033, 1039, 1041})
"""Codes after which a question, which costs nothing, is asked again."""
REFUSAL_BYTES: Final = 32 << 10
"""A refusal is shorter; what is longer was made."""
MOST_BYTES: Final = 512 << 20
_CODE: Final = re.compile(r"\((\d{4,5})\)\s*$")
"""At the end of the words of its newer form of error."""


def _site(tools: Tools) -> Site:
    return site_of(tools, ADDRESS, keys=KEYS, header="Authorization", prefix="Bearer ")


# --- its codes


def _told(answer: Mapping[str, Json]) -> tuple[int, str]:
    """The code of an answer and its words; 0: nothing is wrong."""
    base, error = answer.get("base_resp"), answer.get("error")
    if isinstance(base, dict):
        code, said = base.get("status_code"), base.get("status_msg")
        return (code if isinstance(code, int) else 0), str(said or "")
    if isinstance(error, dict):
        said = str(error.get("message") or "")
        found = _CODE.search(said)
        return (int(found[1]) if found else 0), said
    return 0, ""


def _of_reply(reply: Reply) -> tuple[int, str]:
    try:
        return _told(json_text.parsed_object(reply.body))
    except UnreadableError:
        return 0, ""


def _code(reply: Reply) -> str | None:
    return REFUSALS.get(_of_reply(reply)[0])


def _said(reply: Reply) -> str | None:
    return _of_reply(reply)[1] or None


RULES: Final = Rules(code=_code, said=_said)

# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = _site(tools)
        what = Submission(path=_path(call), body=json.dumps(_body(call, tools)).encode())
    except StepError as error:
        return outcomes.unsent(error)
    with submitted(site, what, RULES) as sent:
        return _answered(sent, call, tools, site) if isinstance(sent, Received) else sent


def _path(call: Call) -> str:
    path = requests.path_of(call)
    if not path.startswith("/"):
        hint = "such as  minimax:/v1/t2a_v2"
        raise StepError("bad_parameter", f"'{call.endpoint}' is no path of MiniMax's", hint=hint)
    return path


def _body(call: Call, tools: Tools) -> dict[str, Json]:
    def file(artefact: ArtefactRef) -> Json:
        return inline.data_url(artefact, tools)

    return requests.body_of(call, tools, file, slots=SLOTS)


def _answered(sent: Received, call: Call, tools: Tools, site: Site) -> SubmitOutcome:
    """A refusal, a task, or what was made: its beginning tells."""
    parts = sent.parts(MOST_BYTES)
    try:
        head, is_whole = _head(parts)
        answer = json_text.parsed_object(head) if is_whole else None
    except HttpError as error:
        return Unconfirmed(problem=Problem(code="no_answer", message=error.message))
    if answer is None:
        return _kept(chain([head], parts), tools)
    code, said = _told(answer)
    if code:
        return _refused(code, site.without_credentials(said), sent)
    if JOBS in call.endpoint:
        return _accepted(answer)
    return _kept(iter([head]), tools)


def _accepted(answer: Mapping[str, Json]) -> SubmitOutcome:
    task = answer.get("task_id")
    if not isinstance(task, str | int) or not task:
        problem = Problem(code="no_answer", message="the answer has no 'task_id'")
        return Unconfirmed(problem=problem)
    return Accepted(job=Job(provider="minimax", id=str(task)))


def _head(parts: Iterator[bytes]) -> tuple[bytes, bool]:
    """The beginning of a body, and whether that is all of it."""
    head = b""
    for part in parts:
        head += part
        if len(head) >= REFUSAL_BYTES:
            return head, False
    return head, True


def _refused(code: int, said: str, sent: Received) -> SubmitOutcome:
    message = f"{code}: {said}" if said else f"{code}"
    if code == OUTPUT_REFUSED:
        return Failed(problem=Problem(code="refused.output", message=message), refused=True)
    told = REFUSALS.get(code)
    if told is None:
        return Unconfirmed(problem=Problem(code="no_answer", message=message))
    known = CODES[told]
    return Rejected(
        problem=Problem(code=told, message=message),
        retryable=known.retryable,
        throttled=known.throttled,
        retry_after=retry_after.seconds(sent.headers, time()) if known.retryable else None,
        closes_provider=known.closes,
        refused=known.refused,
    )


def _kept(body: Iterator[bytes], tools: Tools) -> SubmitOutcome:
    try:
        return Made(result=tools.answered(Job(provider="minimax", id=""), None, body))
    except (CutOffError, TooLargeError) as error:
        return Lost(problem=problem_of(error))


# --- poll


def _poll(job: Job, _call: Call, tools: Tools) -> PollOutcome:
    return outcomes.looked(partial(_look, job, tools))


def _look(job: Job, tools: Tools) -> PollOutcome:
    query = urlencode({"task_id": job.id})
    told = json_text.parsed_object(ask(_site(tools), f"/v1/query/video_generation?{query}").body)
    return _state(told, job)


def _state(told: Mapping[str, Json], job: Job) -> PollOutcome:
    code, said = _told(told)
    match told.get("status"):
        case "Fail" | "Failed":
            return _failed(code, said)
        case "Preparing" | "Queueing" | "Processing" if not code:
            return Pending()
        case "Success" if not code:
            name = _file_id(told.get("file_id"))
            return Made(result=Job(provider="minimax", id=job.id, data={"file_id": name}))
        case _ if code in {INPUT_REFUSED, OUTPUT_REFUSED}:
            return _failed(code, said)
        case status:
            _check(code, said)
            raise UnreadableError(f"the job's status is '{status}', which is not known")


def _check(code: int, said: str) -> None:
    """Raise what a code means that answers a question."""
    if code in BUSY:
        raise UnreachedError(f"{code}: {said}")
    if code:
        told = REFUSALS.get(code)
        raise UnreadableError(f"{code}: {said}", code=told)


def _failed(code: int, said: str) -> Failed:
    names = {INPUT_REFUSED: "refused.input", OUTPUT_REFUSED: "refused.output"}
    told = names.get(code, "job_failed")
    message = f"{code}: {said}" if code else said or "the job failed"
    return Failed(problem=Problem(code=told, message=message), refused=code in names)


def _file_id(told: Json) -> str:
    if isinstance(told, bool) or not isinstance(told, str | int) or told == "":
        raise UnreadableError("the answer has no 'file_id'")
    return str(told)


# --- fetch


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    """A file by its id, whose address is asked for anew each time; or the sound in an answer."""
    try:
        site = _site(tools)
        if "file_id" in result.data:
            values = collecting.data_of([_address(str(result.data["file_id"]), site)])
            result = Job(provider="minimax", id=result.id, data=values)
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except HttpError as error:
        return Unreadable(problem=problem_of(error))
    adopt = _decoded if "answer" in result.data else collecting.adopted
    return collecting.collect(result, call, tools, site, adopt)


def _address(file_id: str, site: Site) -> str:
    query = urlencode({"file_id": file_id})
    told = json_text.parsed_object(ask(site, f"/v1/files/retrieve?{query}").body)
    _check(*_told(told))
    file = told.get("file")
    if not isinstance(file, dict):
        raise UnreadableError("the answer has no 'file'")
    return json_text.text_in(file, "download_url")


def _decoded(path: Path, medium: Medium, tools: Tools) -> ArtefactRef:
    """The sound that an answer holds as hexadecimal digits."""
    data = json_text.parsed_object(path.read_bytes()).get("data")
    digits = json_text.text_in(data, "audio") if isinstance(data, dict) else ""
    try:
        content = bytes.fromhex(digits)
    except ValueError:
        raise UnreadableError("the sound in the answer is not written as hex") from None
    if not content:
        raise UnreadableError("the answer has no sound in it")
    sound = tools.sink.scratch("bin")
    sound.write_bytes(content)
    return tools.sink.adopt(sound, medium)


PROVIDER = Provider(
    name="minimax",
    title="MiniMax",
    keys=KEYS,
    addresses={"api": ADDRESS},
    concurrency=2,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
)

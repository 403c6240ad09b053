"""What the provider does: it charges first and answers then."""

import hashlib
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from time import time
from urllib.parse import parse_qs, urlsplit

from support.till import replies
from support.till.account import Account, Charge
from support.till.faults import Fault, Faults, Orders, Stage, orders_of
from support.till.jobs import Job, Jobs, job_of, made
from support.till.replies import Manner, Reply

NANO = 1_000_000_000
KEY_HEADER = "x-till-key"
HTML = b"<html><body>One moment, please</body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, as it came."""

    number: int
    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = b""

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    @property
    def prompt(self) -> str:
        """What is asked for; empty where the body says none."""
        return prompt_in(self.body)


class Service:
    """The provider over a folder."""

    def __init__(self, folder: Path) -> None:
        plan = folder / "faults.json"
        plain = json.loads(plan.read_text(encoding="utf-8")) if plan.exists() else {}
        self._faults = Faults(orders_of(plain))
        self._account = Account(folder)
        self._jobs = Jobs()
        self._log = (folder / "requests.jsonl").open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._requests = 0
        for charge in self._account.earlier:
            if charge.endpoint.startswith("jobs/"):
                prompt = prompt_in(charge.body.encode())
                self._jobs.add(job_of(charge, prompt, self.orders.price, self.orders.polls))

    @property
    def orders(self) -> Orders:
        """The plan that is in force."""
        return self._faults.orders

    def number(self) -> int:
        """The next request's."""
        with self._lock:
            self._requests += 1
            return self._requests

    def answer(self, request: Request) -> Reply:
        """What comes of a request; the log tells it before the client hears it."""
        reply = self._answer(request)
        self._note(request, reply)
        return reply

    def close(self) -> None:
        """Let go of the files."""
        self._account.close()
        self._log.close()

    def _answer(self, request: Request) -> Reply:
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["control"]:
                self._faults = Faults(orders_of(json.loads(request.body)))
                return replies.of_json(200, {})
            case "GET", ["v1", "files", id]:
                return self._with_job(id, self._file)
        if request.headers.get(KEY_HEADER) != self.orders.key:
            return replies.error(401, f"the key '{request.headers.get(KEY_HEADER)}' is not known")
        return self._known(request)

    def _known(self, request: Request) -> Reply:
        """The answer to someone whose key is good."""
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["v1", "jobs", id, "cancel"] if self._jobs.get(id):
                return self._with_job(id, self._cancel)
            case "POST", ["v1", "jobs" | "now" as form, *endpoint] if endpoint:
                return self._submit(request, form, "/".join(endpoint))
            case "GET", ["v1", "jobs"]:
                return self._list(request)
            case "GET", ["v1", "jobs", id]:
                return self._with_job(id, self._status)
        return replies.error(404, f"nothing is at '{request.path}'")

    def _submit(self, request: Request, form: str, endpoint: str) -> Reply:
        fault = self._faults.next(Stage.SUBMIT, form, request.prompt)
        refusal = None if fault is None else _refusal(fault)
        if fault is not None and refusal is not None:
            return replace(refusal, fault=fault.kind)
        take = self._now if form == "now" else self._job
        reply = take(request, endpoint)
        return reply if fault is None else _spoilt(reply, fault)

    def _job(self, request: Request, endpoint: str) -> Reply:
        fault = self._faults.next(Stage.JOB, "jobs", request.prompt)
        is_free = fault is not None and fault.kind == "job_fails"
        name = f"job-{uuid.uuid4().hex[:12]}"
        number = 0 if is_free else self._charge(request, f"jobs/{endpoint}", name).id
        job = Job(
            id=name,
            number=number,
            endpoint=endpoint,
            prompt=request.prompt,
            body_sha256=_sha256(request.body),
            created=time(),
            born=request.number,
            cost="0.00" if is_free else self.orders.price,
            polls=self.orders.polls,
            end=_end(fault),
        )
        self._jobs.add(job)
        reply = replies.of_json(201, {"id": name, "status_url": f"/v1/jobs/{name}"})
        return replace(reply, job=name, fault=None if fault is None else fault.kind)

    def _now(self, request: Request, endpoint: str) -> Reply:
        fault = self._faults.next(Stage.FILE, "now", request.prompt)
        name = f"request-{uuid.uuid4().hex[:12]}"
        charge = self._charge(request, f"now/{endpoint}", name)
        named = {"x-request-id": name, "x-cost-usd": self.orders.price}
        reply = replies.text(made(charge.id, request.prompt), named)
        reply = replace(reply, job=name, manner=Manner.CHUNKED)
        if fault is None or fault.kind == "gone":
            return reply
        return replace(reply, manner=Manner(fault.kind), fault=fault.kind)

    def _charge(self, request: Request, endpoint: str, job: str) -> Charge:
        return self._account.charge(
            endpoint=endpoint,
            body=request.body,
            sha256=_sha256(request.body),
            nano_usd=int(Decimal(self.orders.price) * NANO),
            job=job,
            created=time(),
        )

    def _with_job(self, id: str, then: Callable[[Job], Reply]) -> Reply:
        job = self._jobs.get(id)
        return replies.error(404, f"no job '{id}'") if job is None else replace(then(job), job=id)

    def _status(self, job: Job) -> Reply:
        fault = self._faults.next(Stage.POLL, "jobs", job.prompt)
        if fault is None:
            status = self._jobs.status(job)
            cost = status.get("cost_usd")
            return replies.of_json(200, status, {"x-cost-usd": str(cost)} if cost else None)
        reset = fault.kind == "poll_reset"
        return replace(replies.RESET if reset else replies.error(500, "oops"), fault=fault.kind)

    def _cancel(self, job: Job) -> Reply:
        self._jobs.cancel(job)
        return replies.of_json(200, {"id": job.id})

    def _file(self, job: Job) -> Reply:
        fault = self._faults.next(Stage.FILE, "jobs", job.prompt)
        if fault is None:
            return replies.text(job.result)
        if fault.kind == "gone":
            return replace(replies.error(410, "the link is too old"), fault="gone")
        return replace(replies.text(job.result), manner=Manner(fault.kind), fault=fault.kind)

    def _list(self, request: Request) -> Reply:
        asked = parse_qs(urlsplit(request.target).query)
        since = float(asked.get("since", ["0"])[0])
        seen = request.number - self.orders.lag
        jobs = self._jobs.listed(asked.get("endpoint", [""])[0], since, seen)
        return replies.of_json(200, {"jobs": [_listed(job) for job in jobs]})

    def _note(self, request: Request, reply: Reply) -> None:
        line = {
            "number": request.number,
            "method": request.method,
            "target": request.target,
            "prompt": request.prompt,
            "body_sha256": _sha256(request.body),
            "has_key": KEY_HEADER in request.headers,
            "status": reply.status,
            "manner": reply.manner,
            "fault": reply.fault,
            "job": reply.job,
        }
        with self._lock:
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()


def prompt_in(body: bytes) -> str:
    """The prompt of a request's body; empty where it says none."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    return str(found.get("prompt", "")) if isinstance(found, dict) else ""


def _refusal(fault: Fault) -> Reply | None:
    """The answer of a fault that comes before anything is accepted; None: it comes later."""
    match fault.kind:
        case "throttled":
            named = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            return replies.error(429, "too many requests", named)
        case "unavailable":
            return replies.error(503, "too busy", {"x-not-accepted": "1"})
        case "error_before":
            return replies.error(500, "oops")
        case "input_refused":
            return replies.error(422, "the prompt is not allowed", {"x-moderation": "1"})
        case "reset_before":
            return replies.RESET
        case _:
            return None


def _spoilt(reply: Reply, fault: Fault) -> Reply:
    """What a client sees of a good reply whose call was charged."""
    match fault.kind:
        case "error_charged":
            told = replies.error(500, "oops")
        case "reset_charged":
            told = replies.RESET
        case "silent_charged":
            told = replies.SILENT
        case "unreadable":
            told = replace(reply, body=HTML, headers={"Content-Type": "text/html"})
        case "no_id":
            named = {k: v for k, v in reply.headers.items() if k != "x-request-id"}
            body = reply.body if "x-request-id" in reply.headers else b"{}"
            told = replace(reply, body=body, headers=named)
        case _:
            told = replace(reply, wait=fault.seconds)
    return replace(told, job=reply.job, fault=fault.kind)


def _end(fault: Fault | None) -> str:
    if fault is None:
        return "done"
    return "refused" if fault.kind == "output_refused" else "failed"


def _listed(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "endpoint": job.endpoint,
        "body_sha256": job.body_sha256,
        "created": job.created,
        "status_url": f"/v1/jobs/{job.id}",
    }


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()

"""fal: a queue with places, uploads, cancel, billed units, and its own list of requests."""

import json
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from support.fakes import files
from support.fakes.fake import Fake, json_in, media
from support.fakes.specs import against, spec
from support.till.replies import Reply, of_json
from support.till.service import Request

HEARD = ("tts", "speech", "music", "sound", "kokoro", "elevenlabs")
KEY = "fal-canary:5f0c"
MOST_PRICED = 50
"""Endpoints whose prices one request may ask for, says its reference."""


@dataclass
class Job:
    """A request that was accepted."""

    id: str
    endpoint: str
    body: Mapping[str, object]
    sent_at: str
    polls: int
    """How often it is still asked for before it is done."""
    end: Reply | None = None
    """What it ends as instead of a result."""
    is_cancelled: bool = False


@dataclass
class Fal(Fake):
    """All its hosts at one address. `at_once`: jobs that run at one time; others queue."""

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /files/.*",
        "token": r"POST /storage/auth/token",
        "upload": r"POST /files/upload",
        "price": r"GET /v1/models/pricing",
        "list": r"GET /v1/models/requests/by-endpoint",
        "cancel": r"PUT /.*/requests/[^/]*/cancel",
        "status": r"GET /.*/requests/[^/]*/status",
        "result": r"GET /.*/requests/[^/]*",
        "submit": r"POST /.*",
    }

    key: str = KEY
    polls: int = 1
    at_once: int = 100
    unit_price: float = 0.025
    prices: dict[str, Mapping[str, object]] = field(default_factory=dict)
    """What it lists instead, by endpoint: the fields that differ."""
    unlisted: frozenset[str] = frozenset()
    """Endpoints that it has no price of: 404, whatever else is asked for."""
    page: int = 1_000
    """Prices of one answer."""
    jobs: dict[str, Job] = field(default_factory=dict)
    ends: dict[str, deque[Reply]] = field(default_factory=dict)
    """By a word of the prompt: how the next such jobs end."""
    uploaded: dict[str, bytes] = field(default_factory=dict)
    most_running: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        hosts = ("QUEUE", "RUN", "REST", "CDN")
        return {
            "FAL_KEY": self.key,
            **{f"AIPIPE_FAL_{host}_URL": self.base for host in hosts},
            "AIPIPE_FAL_PLATFORM_URL": f"{self.base}/v1",
        }

    def closed(self, kind: str, request: Request) -> Reply | None:
        is_open = kind in {"file", "upload"}
        if is_open or request.headers.get("authorization") == f"Key {self.key}":
            return None
        return of_json(401, {"detail": "No user found for Key ID and Secret"})

    def check(self, kind: str, request: Request) -> None:
        known = spec("fal-endpoints.schema")
        endpoint = request.path.strip("/")
        if kind != "submit" or known is None:
            return
        if endpoint not in known:
            self.faults.append(f"'{endpoint}' is not published")
            return
        found = known[endpoint]
        assert isinstance(found, dict)
        self.faults += [
            f"{endpoint}: {each}" for each in against(found["input"], json_in(request), {})
        ]

    def on_submit(self, request: Request) -> Reply:
        body, endpoint = json_in(request), request.path.strip("/")
        name = str(uuid.uuid4())
        ends = next((e for word, e in self.ends.items() if word in json.dumps(body) and e), None)
        end = ends.popleft() if ends else None
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        self.jobs[name] = Job(name, endpoint, body, now, self.polls, end)
        if end is None:
            self.charged.append(body)
        owner = "/".join(endpoint.split("/")[:2])
        url = f"{self.base}/{owner}/requests/{name}"
        return of_json(
            200,
            {
                "status": "IN_QUEUE",
                "request_id": name,
                "response_url": url,
                "status_url": f"{url}/status",
                "cancel_url": f"{url}/cancel",
                "queue_position": 0,
                "logs": None,
                "metrics": {},
            },
        )

    def _job_of(self, request: Request, ending: str = "") -> Job | None:
        return self.jobs.get(request.path.removesuffix(ending).rpartition("/")[2])

    def on_status(self, request: Request) -> Reply:
        job = self._job_of(request, "/status")
        if job is None:
            return of_json(404, {"detail": "Request not found"})
        waiting = [each for each in self.jobs.values() if each.polls > 0 and not each.is_cancelled]
        running = waiting[: self.at_once]
        self.most_running = max(self.most_running, len(running))
        if job in waiting and job not in running:
            place = waiting.index(job) - self.at_once
            return of_json(202, {"status": "IN_QUEUE", "queue_position": place})
        if job in running:
            job.polls -= 1
            logs = [{"message": "50%|#####", "level": "INFO", "source": "USER", "timestamp": "t"}]
            return of_json(202, {"status": "IN_PROGRESS", "logs": logs})
        return of_json(200, {"status": "COMPLETED", "logs": [], "metrics": {"inference_time": 1.0}})

    def on_result(self, request: Request) -> Reply:
        job = self._job_of(request)
        if job is None:
            return of_json(404, {"detail": "Request not found"})
        told = {"x-fal-request-id": job.id}
        if job.is_cancelled:
            return of_json(499, {"detail": "cancelled", "error_type": "client_cancelled"}, told)
        if job.end is not None:
            return job.end
        return of_json(200, self._made(job), {**told, "x-fal-billable-units": "1"})

    def _made(self, job: Job) -> dict[str, object]:
        medium, extension = _kind_of(job.endpoint)
        count = job.body.get("num_images", 1)
        assert isinstance(count, int)
        urls = [f"{self.base}/files/{job.id}/{n}.{extension}" for n in range(count)]
        found: list[dict[str, object]] = [{"url": url, "content_type": "x"} for url in urls]
        if medium == "image":
            return {"images": found, "seed": 7, "prompt": job.body.get("prompt", "")}
        return {medium: found[0]}

    def on_cancel(self, request: Request) -> Reply:
        job = self._job_of(request, "/cancel")
        if job is None:
            return of_json(404, {"detail": "Request not found"})
        if job.polls <= 0:
            return of_json(400, {"status": "ALREADY_COMPLETED"})
        job.is_cancelled, job.polls = True, 0
        return of_json(202, {"status": "CANCELLATION_REQUESTED"})

    def on_file(self, request: Request) -> Reply:
        if request.path in self.uploaded:
            return media(self.uploaded[request.path], "application/octet-stream")
        name = request.path.strip("/").split("/")[1]
        job = self.jobs[name]
        text = str(job.body.get("prompt") or job.body.get("text") or "") + request.path[-6:]
        match _kind_of(job.endpoint)[0]:
            case "image":
                return media(files.picture(text), "image/png")
            case "video":
                return media(files.film(text), "video/mp4")
            case _:
                return media(files.sound(text), "audio/mpeg")

    def on_token(self, _request: Request) -> Reply:
        told = {"token": "t0k", "token_type": "Bearer", "base_url": self.base}
        return of_json(200, {**told, "expires_at": "2030-01-01T00:00:00Z"})

    def on_upload(self, request: Request) -> Reply:
        if request.headers.get("authorization") != "Bearer t0k":
            return of_json(401, {"detail": "bad token"})
        path = f"/files/{uuid.uuid4()}/{request.headers['x-fal-file-name']}"
        self.uploaded[path] = request.body
        return of_json(200, {"access_url": f"{self.base}{path}"})

    def on_price(self, request: Request) -> Reply:
        query = parse_qs(urlsplit(request.target).query)
        names = [name for each in query["endpoint_id"] for name in each.split(",")]
        if len(names) > MOST_PRICED:
            self.faults.append(f"the prices of {len(names)} endpoints are asked for at once")
        if any(name in self.unlisted for name in names):
            wrong = {"type": "not_found", "message": "Model not found"}
            return of_json(404, {"error": wrong})
        start = int(query.get("cursor", ["0"])[0])
        shown = names[start : start + self.page]
        usual = {"unit_price": self.unit_price, "unit": "images", "currency": "USD"}
        prices = [{"endpoint_id": n, **usual, **self.prices.get(n, {})} for n in shown]
        more = start + self.page < len(names)
        cursor = str(start + self.page) if more else None
        return of_json(200, {"prices": prices, "next_cursor": cursor, "has_more": more})

    def on_list(self, _request: Request) -> Reply:
        items = [
            {
                "request_id": job.id,
                "endpoint_id": job.endpoint,
                "started_at": job.sent_at,
                "sent_at": job.sent_at,
                "json_input": job.body,
            }
            for job in self.jobs.values()
        ]
        return of_json(200, {"next_cursor": None, "has_more": False, "items": items})


def _kind_of(endpoint: str) -> tuple[str, str]:
    if "video" in endpoint:
        return "video", "mp4"
    if any(
        word in endpoint for word in ("tts", "speech", "music", "sound", "kokoro", "elevenlabs")
    ):
        return "audio", "mp3"
    return "image", "png"

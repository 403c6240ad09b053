"""A service that nobody but its user knows: jobs, or an answer at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from support.fakes import files
from support.fakes.fake import Fake, json_in, media, not_found
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "canary-described-5f0ca7b1"
VARIABLE = "AIPIPE_KEY_STUDIO"


@dataclass
class Described(Fake):
    """All of it at one address, its files too."""

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /files/.*",
        "submit": r"POST /v1/(jobs|now|told)(/.*)?",
        "cancel": r"DELETE /v1/jobs/[^/]*",
        "result": r"GET /v1/jobs/[^/]*/result",
        "status": r"GET /v1/jobs/[^/]*",
    }
    end_kind: ClassVar[str] = "status"

    key: str = KEY
    polls: int = 0
    jobs: dict[str, Mapping[str, object]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """Its key; the address is in its description."""
        return {VARIABLE: self.key}

    def closed(self, kind: str, request: Request) -> Reply | None:
        if kind == "file":
            return None
        if request.headers.get("x-key") != f"Token {self.key}":
            return of_json(401, {"error": {"message": "who is there"}})
        if request.headers.get("x-version") != "2":
            self.faults.append(f"{request.target} without X-Version")
        return None

    def on_submit(self, request: Request) -> Reply:
        body = json_in(request)
        self.charged.append(body)
        if request.path.startswith("/v1/now"):
            return media(files.picture(str(body.get("text"))), "image/png")
        if request.path.startswith("/v1/told"):
            return of_json(200, {"data": {"said": f"told: {body.get('text')}"}})
        number = len(self.jobs) + 1
        self.jobs[f"{number}"] = body
        return of_json(202, {"data": {"number": number}})

    def on_status(self, request: Request) -> Reply:
        name = request.path.rpartition("/")[2]
        if name not in self.jobs:
            return of_json(404, {"error": {"message": "no such job"}})
        self.asked[name] = self.asked.get(name, 0) + 1
        if name in self.stopped:
            return of_json(200, {"state": "stopped"})
        if self.asked[name] <= self.polls:
            return of_json(200, {"state": "working", "percent": 50})
        address = f"{self.base}/files/{name}.png"
        return of_json(200, {"state": "ready", "output": [{"address": address}]})

    def on_result(self, request: Request) -> Reply:
        name = request.path.split("/")[3]
        if name not in self.jobs:
            return not_found(request)
        return media(files.picture(str(self.jobs[name].get("text"))), "image/png")

    def on_cancel(self, request: Request) -> Reply:
        self.stopped.add(request.path.rpartition("/")[2])
        return Reply(status=204)

    def on_file(self, request: Request) -> Reply:
        job = self.jobs.get(request.path.rpartition("/")[2].partition(".")[0])
        if job is None:
            return not_found(request)
        return media(files.picture(str(job.get("text"))), "image/png")

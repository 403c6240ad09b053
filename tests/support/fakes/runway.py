"""Runway: tasks that wait, run and end, addresses that end, uploads in two steps, credits."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from support.fakes import files
from support.fakes.fake import Fake, form_in, json_in, media
from support.fakes.specs import body_faults, spec
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "key_canary-runway-5f0c"
VERSION = "2024-11-06"
DATED = "%Y-%m-%dT%H:%M:%S.000Z"


@dataclass
class Task:
    """One that was accepted."""

    id: str
    form: str
    body: Mapping[str, object]
    polls: int
    """How often it is still asked for before it is done."""
    created: str
    is_cancelled: bool = False


@dataclass
class Runway(Fake):
    """At 127.0.0.1; its files lie at `localhost`, which is another host. `at_once`: tasks that run
    at one time; others are throttled.
    """

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /files/.*",
        "store": r"POST /store",
        "place": r"POST /v1/uploads",
        "cancel": r"DELETE /v1/tasks/[^/]*",
        "status": r"GET /v1/tasks/[^/]*",
        "submit": r"POST /v1/.*",
    }
    end_kind: ClassVar[str] = "status"

    key: str = KEY
    polls: int = 0
    at_once: int = 100
    tasks: dict[str, Task] = field(default_factory=dict)
    uploaded: dict[str, bytes] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    """Tokens of addresses that have not ended."""

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        return {"RUNWAYML_API_SECRET": self.key, "RUNWAYML_BASE_URL": self.base}

    @property
    def elsewhere(self) -> str:
        """Where its files lie."""
        return self.base.replace("127.0.0.1", "localhost")

    def closed(self, kind: str, request: Request) -> Reply | None:
        said = request.headers.get("authorization")
        if kind in {"file", "store"}:
            if said is not None:
                self.faults.append(f"a {kind} is asked for with a key")
            return None
        if request.headers.get("x-runway-version") != VERSION:
            return of_json(400, {"error": "X-Runway-Version is missing"})
        if said == f"Bearer {self.key}":
            return None
        return of_json(401, {"error": "The provided API key is not valid."})

    def check(self, kind: str, request: Request) -> None:
        if kind in {"submit", "place"}:
            body = json_in(request)
            found = body_faults("runway", request.path, "POST", _of_one(request.path, body))
            self.faults += [f"{request.path}: {each}" for each in found]
            for address in re.findall(r'"(runway://[^"]*)"', json.dumps(body)):
                if address not in self.uploaded:
                    self.faults.append(f"'{address}' was never uploaded")

    def on_submit(self, request: Request) -> Reply:
        body, now = json_in(request), datetime.now(UTC).strftime(DATED)
        name = str(uuid.uuid4())
        self.tasks[name] = Task(name, request.path, body, self.polls, now)
        self.charged.append(body)
        return of_json(200, {"id": name, "estimatedCost": {"credits": _credits(body)}})

    def on_status(self, request: Request) -> Reply:
        task = self.tasks.get(request.path.rpartition("/")[2])
        if task is None:
            return of_json(404, {"error": "Task not found"})
        return of_json(200, {"id": task.id, "createdAt": task.created, **self._state(task)})

    def _state(self, task: Task) -> dict[str, object]:
        cost, guess = {"credits": _credits(task.body)}, {"estimatedCost": {"credits": 25}}
        if task.is_cancelled:
            return {"status": "CANCELLED", "cost": {"credits": 0}}
        waiting = [each for each in self.tasks.values() if each.polls > 0]
        if task in waiting[self.at_once :]:
            return {"status": "THROTTLED", **guess}
        if task.polls > 0:
            task.polls -= 1
            is_new = task.polls == self.polls - 1 and self.polls > 1
            return {
                **({"status": "PENDING"} if is_new else {"status": "RUNNING", "progress": 0.5}),
                **guess,
            }
        token = uuid.uuid4().hex
        self.links.add(token)
        url = f"{self.elsewhere}/files/{task.id}.{_extension(task)}?_jwt={token}"
        return {"status": "SUCCEEDED", "output": [url], "cost": cost}

    def on_cancel(self, request: Request) -> Reply:
        task = self.tasks.get(request.path.rpartition("/")[2])
        if task is None:
            return of_json(404, {"error": "Task not found"})
        if task.polls > 0:
            task.is_cancelled, task.polls = True, 0
        else:
            del self.tasks[task.id]
        return Reply(status=204)

    def on_file(self, request: Request) -> Reply:
        token = parse_qs(urlsplit(request.target).query).get("_jwt", [""])[0]
        if token not in self.links:
            return of_json(401, {"error": "expired"})
        task = self.tasks[request.path.removeprefix("/files/").partition(".")[0]]
        text = str(task.body.get("promptText", ""))
        match _extension(task):
            case "png":
                return media(files.picture(text), "image/png")
            case "mp3":
                return media(files.sound(text), "audio/mpeg")
            case _:
                return media(files.film(text), "video/mp4")

    def on_place(self, request: Request) -> Reply:
        uri = f"runway://{uuid.uuid4().hex}{json_in(request)['filename']}"
        place = {"uploadUrl": f"{self.elsewhere}/store", "fields": {"key": uri, "policy": "p"}}
        return of_json(200, {**place, "runwayUri": uri})

    def on_store(self, request: Request) -> Reply:
        parts = form_in(request)
        fields = {part.name: part.content.decode() for part in parts if part.filename is None}
        if parts[-1].name != "file" or fields.get("policy") != "p":
            return of_json(403, {"error": "the policy's fields come before the file"})
        self.uploaded[fields["key"]] = parts[-1].content
        return Reply(status=204)


def _of_one(path: str, body: dict[str, object]) -> dict[str, object]:
    """The body; where its model is not one of the form's, the fault is told by its name."""
    root = spec("runway")
    if root is None:
        return body
    paths = root["paths"]
    assert isinstance(paths, dict)
    schema = paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    titles = [each.get("title") for each in schema.get("oneOf", [])]
    assert not titles or body.get("model") in titles, body.get("model")
    return body


def _credits(body: Mapping[str, object]) -> int:
    seconds, rate = body.get("duration", 1), 12 if body.get("model") == "gen4.5" else 5
    assert isinstance(seconds, int)
    return seconds * rate


def _extension(task: Task) -> str:
    form = task.form.rpartition("/")[2]
    return "png" if form.endswith("image") else "mp4" if form.endswith("video") else "mp3"

"""Luma: generations that are queued, dream and are done, its list of them, and their files."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from support.fakes import files
from support.fakes.fake import Fake, json_in, media, not_found
from support.fakes.specs import body_faults
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "canary-luma-5f0c81d2"
ROOT = "/dream-machine/v1"


@dataclass
class Generation:
    """A generation that was accepted. `polls`: how often it is asked for before it is done."""

    id: str
    kind: str
    request: Mapping[str, object]
    created_at: str
    polls: int
    failure: str | None = None


@dataclass
class Luma(Fake):
    """All of Luma at one address, its files too."""

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /files/.*",
        "submit": rf"POST {ROOT}/generations/(video|image)",
        "list": rf"GET {ROOT}/generations",
        "status": rf"GET {ROOT}/generations/[^/]*",
    }
    end_kind: ClassVar[str] = "status"

    key: str = KEY
    polls: int = 0
    failure: str | None = None
    """Why generations fail; None: they don't."""
    generations: dict[str, Generation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        return {"LUMAAI_API_KEY": self.key, "AIPIPE_LUMA_BASE_URL": f"{self.base}{ROOT}"}

    def closed(self, kind: str, request: Request) -> Reply | None:
        is_known = request.headers.get("authorization") == f"Bearer {self.key}"
        if kind == "file" and "authorization" in request.headers and not is_known:
            self.faults.append("a file was asked for with another's key")
        if kind == "file" or is_known:
            return None
        return of_json(401, {"detail": "Invalid API key is provided"})

    def check(self, kind: str, request: Request) -> None:
        if kind == "submit":
            path = request.path.removeprefix(ROOT)
            self.faults += body_faults("luma", path, "post", json_in(request))

    def on_submit(self, request: Request) -> Reply:
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        kind = request.path.rpartition("/")[2]
        made = Generation(str(uuid.uuid4()), kind, json_in(request), now, self.polls, self.failure)
        self.generations[made.id] = made
        self.charged.append(made.request)
        return of_json(201, self._told(made, "queued"))

    def on_status(self, request: Request) -> Reply:
        made = self.generations.get(request.path.rpartition("/")[2])
        if made is None:
            return of_json(404, {"detail": "Generation not found"})
        if made.polls > 0:
            made.polls -= 1
            return of_json(200, self._told(made, "dreaming"))
        return of_json(200, self._told(made, "failed" if made.failure else "completed"))

    def on_list(self, _request: Request) -> Reply:
        told = [self._told(each, "completed") for each in reversed(self.generations.values())]
        return of_json(200, {"generations": told, "count": len(told), "has_more": False})

    def _told(self, made: Generation, state: str) -> dict[str, object]:
        extension = "mp4" if made.kind == "video" else made.request.get("format", "jpg")
        address = f"{self.base}/files/{made.id}.{extension}"
        is_done = state == "completed"
        return {
            "id": made.id,
            "generation_type": made.kind,
            "state": state,
            "failure_reason": made.failure if state == "failed" else None,
            "created_at": made.created_at,
            "assets": {made.kind: address} if is_done else None,
            "model": made.request["model"],
            "request": {"generation_type": made.kind, "callback_url": None, **made.request},
        }

    def on_file(self, request: Request) -> Reply:
        name, _, extension = request.path.rpartition("/")[2].partition(".")
        made = self.generations.get(name)
        if made is None:
            return not_found(request)
        text = str(made.request.get("prompt", ""))
        if extension == "mp4":
            return media(files.film(text), "video/mp4")
        return media(files.picture(text, extension), f"image/{extension.replace('jpg', 'jpeg')}")

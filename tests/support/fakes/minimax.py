"""MiniMax: tasks whose videos lie in files with an id, and speech that is answered at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from support.fakes import files
from support.fakes.fake import Fake, json_in, media, not_found
from support.fakes.specs import body_faults
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "canary-minimax-5f0c93e4"
FINE = {"status_code": 0, "status_msg": "success"}


def no(code: int, message: str) -> Reply:
    """A refusal, as it words them: with HTTP 200."""
    return of_json(200, {"base_resp": {"status_code": code, "status_msg": message}})


@dataclass
class MiniMax(Fake):
    """All of MiniMax at one address, its files too."""

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /files/.*",
        "submit": r"POST /v1/(video_generation|t2a_v2)",
        "status": r"GET /v1/query/video_generation",
        "retrieve": r"GET /v1/files/retrieve",
    }
    end_kind: ClassVar[str] = "status"

    key: str = KEY
    polls: int = 0
    tasks: dict[str, Mapping[str, object]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    addresses: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        return {"MINIMAX_API_KEY": self.key, "AIPIPE_MINIMAX_BASE_URL": self.base}

    def closed(self, kind: str, request: Request) -> Reply | None:
        if kind == "file" or request.headers.get("authorization") == f"Bearer {self.key}":
            return None
        return no(1004, "login fail: Please carry the API secret key")

    def check(self, kind: str, request: Request) -> None:
        if kind == "submit":
            found = body_faults("minimax.tryagi", request.path, "post", json_in(request))
            self.faults += found

    def on_submit(self, request: Request) -> Reply:
        body = json_in(request)
        self.charged.append(body)
        if request.path.endswith("t2a_v2"):
            return self._spoken(body)
        name = f"{1760000 + len(self.tasks)}"
        self.tasks[name] = body
        return of_json(200, {"task_id": name, "base_resp": FINE})

    def _spoken(self, body: Mapping[str, object]) -> Reply:
        text, wanted = str(body["text"]), body.get("audio_setting", {})
        assert isinstance(wanted, dict)
        sound = files.sound(text, wanted.get("format", "mp3"))
        told = {"audio_size": len(sound), "usage_characters": len(text)}
        data = {"audio": sound.hex(), "status": 2}
        return of_json(200, {"data": data, "extra_info": told, "trace_id": "t", "base_resp": FINE})

    def on_status(self, request: Request) -> Reply:
        name = _asked(request, "task_id")
        if name not in self.tasks:
            return no(2013, "invalid params, no such task")
        self.asked[name] = self.asked.get(name, 0) + 1
        if self.asked[name] <= self.polls:
            status = "Queueing" if self.asked[name] == 1 else "Processing"
            return of_json(200, {"task_id": name, "status": status, "base_resp": FINE})
        told = {"task_id": name, "status": "Success", "file_id": f"9{name}"}
        return of_json(200, {**told, "base_resp": FINE})

    def on_retrieve(self, request: Request) -> Reply:
        name = _asked(request, "file_id")
        address = f"{self.base}/files/{name[1:]}.mp4?signature={next(self.addresses)}"
        file = {"file_id": int(name), "filename": "output.mp4", "download_url": address}
        return of_json(200, {"file": file, "base_resp": FINE})

    def on_file(self, request: Request) -> Reply:
        task = self.tasks.get(request.path.rpartition("/")[2].partition(".")[0])
        if task is None:
            return not_found(request)
        return media(files.film(str(task.get("prompt", ""))), "video/mp4")


def _asked(request: Request, name: str) -> str:
    return parse_qs(urlsplit(request.target).query).get(name, [""])[0]

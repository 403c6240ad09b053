"""Replicate: predictions that start, run and end, files, results that vanish, its own list."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from support.fakes import files
from support.fakes.fake import Fake, form_in, json_in, media
from support.fakes.specs import body_faults
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "r8_canary-replicate-5f0c"
PICTURE = {"prompt", "aspect_ratio", "seed", "output_format", "output_quality"}
INPUTS: Mapping[str, set[str]] = {
    "black-forest-labs/flux-schnell": PICTURE
    | {"num_outputs", "num_inference_steps", "go_fast", "megapixels", "disable_safety_checker"},
    "black-forest-labs/flux-2-pro": PICTURE
    | {"input_images", "resolution", "width", "height", "safety_tolerance"},
    "bytedance/seedream-4.5": {"prompt", "image_input", "size", "aspect_ratio", "max_images"},
    "minimax/hailuo-2.3": {"prompt", "duration", "resolution", "first_frame_image"}
    | {"prompt_optimizer"},
    "kwaivgi/kling-v2.5-turbo-pro": {"prompt", "negative_prompt", "start_image", "end_image"}
    | {"aspect_ratio", "duration"},
}
"""What the pages of these models say that they take."""
LISTS = ("flux-schnell", "seedream")
"""Models whose output is a list."""


@dataclass
class Prediction:
    """One that was accepted."""

    id: str
    model: str
    version: str
    input: Mapping[str, object]
    polls: int
    """How often it is still asked for before it is done."""
    created: str
    is_cancelled: bool = False


@dataclass
class Replicate(Fake):
    """At 127.0.0.1; what is made lies at `localhost`, which is another host."""

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /delivery/.*",
        "upload": r"POST /v1/files",
        "cancel": r"POST /v1/predictions/[^/]+/cancel",
        "status": r"GET /v1/predictions/[^/]+",
        "list": r"GET /v1/predictions",
        "submit": r"POST /v1/(models/[^/]+/[^/]+/)?predictions",
    }
    end_kind: ClassVar[str] = "status"

    key: str = KEY
    polls: int = 0
    page: int = 100
    predictions: dict[str, Prediction] = field(default_factory=dict)
    outputs: dict[str, object] = field(default_factory=dict)
    """By model: what it puts out, in place of files."""
    uploaded: dict[str, bytes] = field(default_factory=dict)
    is_late: bool = False
    """An hour has gone by: results are removed."""

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        return {"REPLICATE_API_TOKEN": self.key, "REPLICATE_BASE_URL": self.base}

    def closed(self, kind: str, request: Request) -> Reply | None:
        said = request.headers.get("authorization")
        if kind == "file":
            if said is not None:
                self.faults.append("a file on another host is asked for with the key")
            return None
        if said == f"Bearer {self.key}":
            return None
        told = {"title": "Unauthenticated", "detail": "You did not pass a valid token"}
        return of_json(401, {**told, "status": 401})

    def check(self, kind: str, request: Request) -> None:
        if kind != "submit":
            return
        body, model = json_in(request), _model_of(request)
        path = "/models/{model_owner}/{model_name}/predictions" if model else "/predictions"
        self.faults += body_faults("replicate", path, "POST", body)
        sent = body.get("input")
        assert isinstance(sent, dict)
        odd = set(sent) - INPUTS.get(model, set(sent))
        self.faults += [f"{model} takes no '{name}'" for name in odd]
        for value in sent.values():
            if isinstance(value, str) and "://" in value and value not in self.uploaded:
                self.faults.append(f"'{value}' was never uploaded")

    def on_submit(self, request: Request) -> Reply:
        body, name = json_in(request), uuid.uuid4().hex[:26]
        sent, version = body["input"], str(body.get("version", "hidden"))
        assert isinstance(sent, dict)
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        model = _model_of(request) or "some/model"
        self.predictions[name] = Prediction(name, model, version, sent, self.polls, now)
        self.charged.append(body)
        return of_json(201, self._told(self.predictions[name], status="starting"))

    def on_status(self, request: Request) -> Reply:
        found = self.predictions.get(request.path.rpartition("/")[2])
        if found is None:
            return _missing()
        if found.is_cancelled:
            return of_json(200, self._told(found, status="canceled"))
        if found.polls > 0:
            found.polls -= 1
            return of_json(200, self._told(found, status="processing", logs=" 12%|#\n 53%|#####"))
        return of_json(200, self._told(found, status="succeeded", output=self._output(found)))

    def _told(
        self, of: Prediction, *, status: str, output: object = None, logs: str = ""
    ) -> dict[str, object]:
        url, is_over = f"{self.base}/v1/predictions/{of.id}", status != "starting"
        removed = self.is_late and status == "succeeded"
        return {
            "id": of.id,
            "model": of.model,
            "version": of.version,
            "input": {} if removed else of.input,
            "output": None if removed else output,
            "logs": logs,
            "error": None,
            "status": status,
            "created_at": of.created,
            "data_removed": removed,
            "urls": {"get": url, "cancel": f"{url}/cancel", "web": "https://replicate.com/p/1"},
            **({"started_at": of.created, "metrics": {"predict_time": 1.5}} if is_over else {}),
        }

    def _output(self, of: Prediction) -> object:
        if of.model in self.outputs:
            return self.outputs[of.model]
        base, extension = self.base.replace("127.0.0.1", "localhost"), _extension(of)
        count = of.input.get("num_outputs", 1)
        assert isinstance(count, int)
        urls = [f"{base}/delivery/{of.id}/{n}.{extension}" for n in range(count)]
        return urls if any(word in of.model for word in LISTS) else urls[0]

    def on_file(self, request: Request) -> Reply:
        of = self.predictions[request.path.split("/")[2]]
        text = str(of.input.get("prompt", "")) + request.path[-6:]
        match _extension(of):
            case "mp4":
                return media(files.film(text), "video/mp4")
            case "jpg":
                return media(files.picture(text, "jpg"), "image/jpeg")
            case extension:
                return media(files.picture(text, extension), f"image/{extension}")

    def on_upload(self, request: Request) -> Reply:
        (part,) = [each for each in form_in(request) if each.name == "content"]
        name = uuid.uuid4().hex
        url = f"{self.base}/v1/files/{name}"
        self.uploaded[url] = part.content
        told = {"id": name, "name": part.filename, "content_type": "application/octet-stream"}
        return of_json(
            201,
            {
                **told,
                "size": len(part.content),
                "etag": name,
                "checksums": {"sha256": "", "md5": ""},
                "metadata": {},
                "created_at": "2026-11-23T00:00:00Z",
                "expires_at": "2026-11-24T00:00:00Z",
                "urls": {"get": url},
            },
        )

    def on_cancel(self, request: Request) -> Reply:
        found = self.predictions.get(request.path.split("/")[3])
        if found is None:
            return _missing()
        if found.polls > 0:
            found.is_cancelled, found.polls = True, 0
        return of_json(200, self._told(found, status="processing"))

    def on_list(self, request: Request) -> Reply:
        asked = parse_qs(urlsplit(request.target).query)
        since = datetime.fromisoformat(asked.get("created_after", ["1970-01-01T00:00:00Z"])[0])
        begin = int(asked.get("cursor", ["0"])[0])
        new = [
            each
            for each in reversed(self.predictions.values())
            if datetime.fromisoformat(each.created) >= since
        ]
        end = begin + self.page
        more = f"{self.base}/v1/predictions?cursor={end}" if len(new) > end else None
        results = [self._told(each, status="processing") for each in new[begin:end]]
        return of_json(200, {"next": more, "previous": None, "results": results})


def _model_of(request: Request) -> str:
    found = re.fullmatch(r"/v1/models/([^/]+/[^/]+)/predictions", request.path)
    return found[1] if found else ""


def _extension(of: Prediction) -> str:
    if any(word in of.model for word in ("hailuo", "kling", "video")):
        return "mp4"
    return str(of.input.get("output_format", "jpg" if "seedream" in of.model else "webp"))


def _missing() -> Reply:
    return of_json(404, {"detail": "The requested resource could not be found.", "status": 404})

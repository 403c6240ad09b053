"""Google Gemini: pictures, speech and text at once, video as a job whose file needs the key."""

import base64
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

from support.fakes import files
from support.fakes.fake import Fake, json_in, media
from support.fakes.specs import against, spec
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "canary-google-5f0c"
L16 = "audio/L16;codec=pcm;rate=24000"
PATH = "/models/{modelsId}:generateContent"
INTERACTION = {
    "type": "object",
    "required": ["model", "input"],
    "additionalProperties": False,
    "properties": {
        "model": {"type": "string"},
        "background": {"const": True},
        "generation_config": {"type": "object"},
        "input": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "content"],
                "additionalProperties": False,
                "properties": {
                    "type": {"const": "user_input"},
                    "content": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "oneOf": [
                                {
                                    "additionalProperties": False,
                                    "required": ["type", "text"],
                                    "properties": {
                                        "type": {"const": "text"},
                                        "text": {"type": "string"},
                                    },
                                },
                                {
                                    "additionalProperties": False,
                                    "required": ["type", "data", "mime_type"],
                                    "properties": {
                                        "type": {"const": "image"},
                                        "data": {"type": "string"},
                                        "mime_type": {"enum": ["image/png", "image/jpeg"]},
                                    },
                                },
                            ],
                        },
                    },
                },
            },
        },
        "response_format": {
            "type": "object",
            "required": ["type"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "video"},
                "aspect_ratio": {"enum": ["16:9", "9:16"]},
                "duration": {"type": "string", "pattern": "^[0-9]+s$"},
                "resolution": {"enum": ["360p", "720p", "1080p", "4k"]},
                "delivery": {"enum": ["inline", "uri"]},
            },
        },
    },
}
"""A job's request, after the types of Google's own library: its specification has none."""


@dataclass
class Job:
    """A job that was accepted."""

    id: str
    body: Mapping[str, object]
    polls: int
    is_cancelled: bool = False


@dataclass
class Google(Fake):
    """`end_kind`: which requests tell how a call ended."""

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /v1(beta)?/files/[a-z0-9-]+:download",
        "submit": r"POST /v1/(models/[^/:]+:generateContent|interactions)",
        "cancel": r"POST /v1/interactions/[^/]+/cancel",
        "status": r"GET /v1/interactions/[^/]+",
    }

    key: str = KEY
    end_kind: str = "submit"
    polls: int = 1
    is_inline: bool = False
    """Videos come inside of the answer."""
    files_at: str = ""
    """Where files lie, if not here."""
    wav: bool = False
    """Speech comes as a WAV file, as from newer models, and not as samples."""
    says: tuple[str, ...] = ("So ", "it is.")
    """Parts of a written answer."""
    jobs: dict[str, Job] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        return {"GEMINI_API_KEY": self.key, "AIPIPE_GOOGLE_BASE_URL": self.base}

    def closed(self, kind: str, request: Request) -> Reply | None:
        del kind
        return None if request.headers.get("x-goog-api-key") == self.key else bad_key()

    def check(self, kind: str, request: Request) -> None:
        if kind != "submit":
            return
        if request.path.endswith("/interactions"):
            self.faults += against(INTERACTION, json_in(request), {})
        elif (found := _strict()) is not None:
            self.faults += against(found[0], _camel(json_in(request)), found[1])

    def on_submit(self, request: Request) -> Reply:
        body = json_in(request)
        self.charged.append(body)
        if request.path.endswith("/interactions"):
            name = f"v1_{uuid.uuid4().hex}"
            self.jobs[name] = Job(name, body, self.polls)
            return of_json(200, self._told(self.jobs[name], "in_progress"))
        config = body.get("generationConfig", {})
        assert isinstance(config, dict)
        match config.get("responseModalities"):
            case ["IMAGE"]:
                return of_json(
                    200, answer([_blob(files.picture(said(body)), "image/png")], "IMAGE")
                )
            case ["AUDIO"]:
                text = said(body)
                sound = files.sound(text, "wav") if self.wav else files.samples(text)
                return of_json(
                    200, answer([_blob(sound, "audio/wav" if self.wav else L16)], "AUDIO")
                )
            case _:
                thought = {"text": "Let me see.", "thought": True}
                return of_json(200, answer([thought, *({"text": each} for each in self.says)]))

    def on_status(self, request: Request) -> Reply:
        job = self.jobs.get(request.path.rpartition("/")[2])
        if job is None:
            return refusal(404, "not_found", "no such interaction")
        if job.is_cancelled:
            return of_json(200, self._told(job, "cancelled"))
        if job.polls > 0:
            job.polls -= 1
            return of_json(200, self._told(job, "in_progress" if job.polls else "queued"))
        return of_json(200, {**self._told(job, "completed"), **self._made(job)})

    def on_cancel(self, request: Request) -> Reply:
        job = self.jobs.get(request.path.split("/")[3])
        if job is None:
            return refusal(404, "not_found", "no such interaction")
        job.is_cancelled = job.polls > 0
        return of_json(200, self._told(job, "cancelled" if job.is_cancelled else "completed"))

    def on_file(self, request: Request) -> Reply:
        name = request.path.rpartition("/")[2].partition(":")[0]
        job = next(each for each in self.jobs.values() if each.id.endswith(name))
        return media(files.film(json.dumps(job.body)), "video/mp4")

    def _told(self, job: Job, status: str) -> dict[str, object]:
        told = {"object": "interaction", "model": job.body["model"], "role": "model"}
        return {"id": job.id, "status": status, "created": "2026-11-24T00:00:00Z", **told}

    def _made(self, job: Job) -> dict[str, object]:
        video: dict[str, object] = {"type": "video", "mime_type": "video/mp4"}
        if self.is_inline:
            video["data"] = base64.b64encode(files.film(json.dumps(job.body))).decode()
        else:
            video["uri"] = f"{self.files_at or self.base}/v1beta/files/{job.id[3:]}"
        sent = job.body["input"]
        steps = [
            *(sent if isinstance(sent, list) else []),
            {"type": "model_output", "content": [video]},
        ]
        usage = {
            "total_input_tokens": 10,
            "input_tokens_by_modality": [{"modality": "text", "tokens": 10}],
            "total_output_tokens": 40_000,
            "output_tokens_by_modality": [{"modality": "video", "tokens": 40_000}],
            "total_tokens": 40_010,
        }
        return {"steps": steps, "usage": usage}


def answer(parts: Sequence[Mapping[str, object]], modality: str = "TEXT") -> dict[str, object]:
    """A whole answer, with 1,000 tokens for what was made."""
    return {
        "candidates": [
            {"content": {"role": "model", "parts": [*parts]}, "finishReason": "STOP", "index": 0}
        ],
        "usageMetadata": usage(1000, modality),
        "modelVersion": "of today",
        "responseId": "r1",
    }


def usage(out: int, modality: str = "TEXT") -> dict[str, object]:
    """Ten tokens that came in, and what went out."""
    return {
        "promptTokenCount": 10,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}],
        "candidatesTokenCount": out,
        "candidatesTokensDetails": [{"modality": modality, "tokenCount": out}],
        "totalTokenCount": 10 + out,
    }


def ended(reason: str, message: str | None = None) -> Reply:
    """An answer without a result."""
    said = {} if message is None else {"finishMessage": message}
    told = {"promptTokenCount": 10, "totalTokenCount": 10}
    found = {"candidates": [{"finishReason": reason, "index": 0, **said}], "usageMetadata": told}
    return of_json(200, found)


def blocked(reason: str) -> Reply:
    """A prompt that was not taken."""
    told = {"promptTokenCount": 10, "totalTokenCount": 10}
    return of_json(200, {"promptFeedback": {"blockReason": reason}, "usageMetadata": told})


def error(
    status: int, name: str, message: str, details: list[dict[str, object]] | None = None
) -> Reply:
    """How `generateContent` says no."""
    told = {"code": status, "message": message, "status": name}
    return of_json(status, {"error": {**told, **({"details": details} if details else {})}})


def refusal(status: int, code: str, message: str) -> Reply:
    """How jobs are refused."""
    return of_json(status, {"error": {"code": code, "message": message}})


def bad_key() -> Reply:
    """A key that nobody knows: a 400."""
    told: dict[str, object] = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
    }
    words = "API key not valid. Please pass a valid API key."
    return error(400, "INVALID_ARGUMENT", words, [told])


def said(body: Mapping[str, object]) -> str:
    """The texts of a request."""
    contents = body["contents"]
    assert isinstance(contents, list)
    parts = [part for each in contents for part in each["parts"]]
    return " ".join(str(part["text"]) for part in parts if "text" in part)


def _blob(content: bytes, kind: str) -> dict[str, object]:
    return {"inlineData": {"mimeType": kind, "data": base64.b64encode(content).decode()}}


def _camel(found: object) -> object:
    """Fields by their names in JSON: `mime_type` is taken for `mimeType`, as any of Google's is."""
    match found:
        case dict():
            return {re.sub("_(.)", lambda m: m[1].upper(), k): _camel(v) for k, v in found.items()}
        case list():
            return [_camel(each) for each in found]
        case _:
            return found


@cache
def _strict() -> tuple[object, Mapping[str, object]] | None:
    """The specification, in which no object takes a field that it does not name."""
    known = spec("gemini.converted")
    if known is None:
        return None
    closed = json.loads(json.dumps(known))
    for schema in closed["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    body = closed["paths"][PATH]["post"]["requestBody"]
    return body["content"]["application/json"]["schema"], closed

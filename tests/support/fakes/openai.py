"""OpenAI: pictures, edits, speech, transcripts and chat, each answered at once."""

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from support.fakes import files
from support.fakes.fake import Fake, Part, form_in, json_in, media
from support.fakes.specs import against, body_faults, spec
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "sk-canary-openai-5f0c"
VOICES = frozenset({"alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova"})
VOICES |= {"sage", "shimmer", "verse", "marin", "cedar"}
KINDS = {"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "opus": "audio/opus"}
SCHEMAS = {
    "/images/edits": "CreateImageEditRequest",
    "/audio/transcriptions": "CreateTranscriptionRequest",
}
SAID = "a red fox is seen"
SRT = b"1\n00:00:00,000 --> 00:00:01,000\na red fox is seen\n"


def error(status: int, message: str, code: str | None = None, kind: str = "") -> Reply:
    """A refusal in OpenAI's words."""
    told = {
        "message": message,
        "type": kind or "invalid_request_error",
        "param": None,
        "code": code,
    }
    return of_json(status, {"error": told})


@dataclass
class OpenAI(Fake):
    """One address for all. `models`: those that there are; empty: any."""

    routes: ClassVar[Mapping[str, str]] = {
        "file": r"GET /files/.*",
        "submit": r"POST /v1/(images/generations|images/edits|audio/speech"
        r"|audio/transcriptions|chat/completions)",
    }
    specification: ClassVar[str] = "openai"

    key: str = KEY
    by_address: bool = False
    """Pictures lie at an address in place of being in the answer."""
    answer_text: str | None = "a fox, at dusk"
    finish: str = "stop"
    refusal: str | None = None
    cached: int = 0
    flagged: tuple[str, ...] = ()
    """Words of prompts that moderation blocks."""
    models: frozenset[str] = frozenset()
    account: Mapping[str, str] = field(default_factory=dict)
    """Headers that must be there too."""
    pictures: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        return {"OPENAI_API_KEY": self.key, "AIPIPE_OPENAI_BASE_URL": f"{self.base}/v1"}

    def closed(self, kind: str, request: Request) -> Reply | None:
        if kind == "file":
            return None
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return error(401, "Incorrect API key provided", "invalid_api_key")
        if any(request.headers.get(name.lower()) != each for name, each in self.account.items()):
            return error(401, "No such organization", "invalid_organization")
        return None

    # --- what the specification allows

    def check(self, kind: str, request: Request) -> None:
        if kind != "submit":
            self.faults += [f"{request.method} {request.path}"] if kind == "unknown" else []
            return
        path = request.path.removeprefix("/v1")
        if path not in SCHEMAS:
            self.faults += body_faults(self.specification, path, "POST", json_in(request))
            return
        root = spec(self.specification)
        if root is not None:
            schema = {"$ref": f"#/components/schemas/{SCHEMAS[path]}"}
            self.faults += against(schema, _typed(form_in(request)), root)

    # --- what it does

    def on_submit(self, request: Request) -> Reply:
        path = request.path.removeprefix("/v1")
        is_form = path in SCHEMAS
        body = _typed(form_in(request)) if is_form else json_in(request)
        refused = self._refused(body)
        if refused is not None:
            return refused
        self.charged.append(body)
        answers = {
            "/images/generations": self._pictures,
            "/images/edits": self._pictures,
            "/audio/speech": self._speech,
            "/audio/transcriptions": self._transcript,
            "/chat/completions": self._chat,
        }
        reply = answers[path](body)
        headers = {**reply.headers, "x-request-id": f"req_{uuid.uuid4().hex}"}
        return Reply(status=reply.status, body=reply.body, headers=headers)

    def _refused(self, body: Mapping[str, object]) -> Reply | None:
        model = body.get("model")
        if self.models and model not in self.models:
            return error(404, f"The model '{model}' does not exist", "model_not_found")
        if any(word in json.dumps(body) for word in self.flagged):
            words = "Your request was rejected by the safety system."
            return error(400, words, "moderation_blocked", "image_generation_user_error")
        if "voice" in body and body["voice"] not in VOICES | {"af_heart"}:
            return error(400, f"There is no voice '{body['voice']}'", "invalid_value")
        return None

    def _pictures(self, body: Mapping[str, object]) -> Reply:
        count = int(str(body.get("n", 1)))
        form = str(body.get("output_format", "png"))
        made = [files.picture(f"{body['prompt']} {n}", form) for n in range(count)]
        read = 2 if "image" in body else 0
        usage = {
            "input_tokens": 12 + 300 * read,
            "output_tokens": 1000 * count,
            "total_tokens": 12 + 300 * read + 1000 * count,
            "input_tokens_details": {"text_tokens": 12, "image_tokens": 300 * read},
            "output_tokens_details": {"text_tokens": 0, "image_tokens": 1000 * count},
        }
        data = [self._picture(each) for each in made]
        told = {"output_format": form, "quality": "low", "size": "1024x1024"}
        return of_json(200, {"created": 1, "data": data, **told, "usage": usage})

    def _picture(self, content: bytes) -> dict[str, str]:
        if not self.by_address:
            return {"b64_json": base64.b64encode(content).decode()}
        path = f"/files/{uuid.uuid4()}.png"
        self.pictures[path] = content
        return {"url": f"{self.base}{path}"}

    def on_file(self, request: Request) -> Reply:
        return media(self.pictures[request.path], "image/png")

    def _speech(self, body: Mapping[str, object]) -> Reply:
        form = str(body.get("response_format", "mp3"))
        content = files.sound(str(body["input"]), form)
        if form == "wav":  # it is streamed, so its header can't know how long it is
            content = content[:4] + b"\xff" * 4 + content[8:40] + b"\xff" * 4 + content[44:]
        return media(content, KINDS[form])

    def _transcript(self, body: Mapping[str, object]) -> Reply:
        form = body.get("response_format", "json")
        if form in {"text", "srt", "vtt"}:
            content = {"text": f"{SAID}\n".encode(), "srt": SRT, "vtt": b"WEBVTT\n\n" + SRT}
            return media(content[str(form)], "text/plain; charset=utf-8")
        usage: dict[str, object] = {"type": "duration", "seconds": 1.2}
        if str(body["model"]).startswith("gpt"):
            details = {"text_tokens": 4, "audio_tokens": 10}
            counts = {"input_tokens": 14, "output_tokens": 6, "total_tokens": 20}
            usage = {"type": "tokens", "input_token_details": details, **counts}
        return of_json(200, {"text": SAID, "usage": usage})

    def _chat(self, body: Mapping[str, object]) -> Reply:
        message = {"role": "assistant", "content": self.answer_text, "refusal": self.refusal}
        choice = {"index": 0, "message": message, "finish_reason": self.finish, "logprobs": None}
        usage = {
            "prompt_tokens": 20,
            "completion_tokens": 8,
            "total_tokens": 28,
            "prompt_tokens_details": {"cached_tokens": self.cached, "audio_tokens": 0},
        }
        told = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1}
        made = {**told, "model": body["model"], "choices": [choice], "usage": usage}
        return of_json(200, made)


def _typed(parts: list[Part]) -> dict[str, object]:
    """A form as its schema sees it: lists gathered, numbers as such, files as names."""
    found: dict[str, object] = {}
    for part in parts:
        value = _value(part)
        if part.name.endswith("[]"):
            several = found.setdefault(part.name.removesuffix("[]"), [])
            assert isinstance(several, list)
            several.append(value)
        else:
            found[part.name] = value
    return found


def _value(part: Part) -> object:
    if part.filename is not None:
        return part.filename
    text = part.content.decode()
    if part.name in {"n", "output_compression", "temperature"}:
        return json.loads(text)
    return text


@dataclass
class OwnServer(OpenAI):
    """A server of one's own: no key, errors in another shape."""

    key: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        named = {"AIPIPE_OPENAI_COMPATIBLE_API_KEY": self.key} if self.key else {}
        return {"AIPIPE_OPENAI_COMPATIBLE_BASE_URL": self.base, **named}

    def closed(self, _kind: str, request: Request) -> Reply | None:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return of_json(401, {"error": "unauthorized"})
        return None

    def check(self, kind: str, request: Request) -> None:
        body = {} if request.path.removeprefix("/v1") in SCHEMAS else json_in(request)
        if "stream" in body and request.path == "/v1/audio/speech":  # Kokoro-FastAPI's own
            body.pop("stream")
            self.faults += body_faults(self.specification, "/audio/speech", "POST", body)
            return
        super().check(kind, request)

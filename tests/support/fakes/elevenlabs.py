"""ElevenLabs: speech, sounds, transcripts; the account's voices, credits, and its history."""

import json
import math
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from support.fakes import files
from support.fakes.fake import Fake, Part, form_in, json_in, media
from support.fakes.specs import against, spec
from support.till.replies import Reply, of_json
from support.till.service import Request

KEY = "canary-elevenlabs-5f0c77d1"
RACHEL = "21m00Tcm4TlvDq8ikWAM"
SAID = "The fox went home."
SPOKEN = "speaker_0:\nThe fox went home."
PATHS = {
    r"/v1/text-to-speech/[^/]+": "/v1/text-to-speech/{voice_id}",
    r"/v1/text-to-speech/[^/]+/with-timestamps": "/v1/text-to-speech/{voice_id}/with-timestamps",
}
"""What is sent to, as the specification has it, where the two differ."""
LONGEST = {"eleven_v3": 5_000, "eleven_multilingual_v2": 10_000}
KINDS = {"mp3": "audio/mpeg", "wav": "audio/wav", "opus": "audio/ogg"}


def refusal(status: int, kind: str, code: str, message: str, param: str | None = None) -> Reply:
    """An answer of today's shape."""
    told = {"type": kind, "code": code, "message": message, "status": code, "param": param}
    return of_json(status, {"detail": {**told, "request_id": uuid.uuid4().hex}})


def older(status: int, code: str, message: str) -> Reply:
    """An answer of the shape before that."""
    return of_json(status, {"detail": {"status": code, "message": message}})


@dataclass
class ElevenLabs(Fake):
    """An account. `voices`: names by id; `credits`: what is left."""

    routes: ClassVar[Mapping[str, str]] = {
        "voices": r"GET /v2/voices",
        "file": r"GET /v1/history/[^/]+/audio",
        "status": r"GET /v1/history/[^/]+",
        "list": r"GET /v1/history",
        "submit": r"POST /v1/.*",
    }

    key: str = KEY
    credits: int = 100_000
    page: int = 2
    """Voices on a page, and items of the history."""
    voices: dict[str, str] = field(default_factory=lambda: {RACHEL: "Rachel"})
    history: dict[str, dict[str, Any]] = field(default_factory=dict)
    sounds: dict[str, Reply] = field(default_factory=dict)
    """By the item of the history."""
    said: str = SAID
    """What every recording says."""

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        return {"ELEVENLABS_API_KEY": self.key, "AIPIPE_ELEVENLABS_BASE_URL": self.base}

    def closed(self, kind: str, request: Request) -> Reply | None:
        del kind
        if request.headers.get("xi-api-key") == self.key:
            return None
        return older(401, "invalid_api_key", "Invalid API key")

    # --- what the specification allows

    def check(self, kind: str, request: Request) -> None:
        known = spec("elevenlabs")
        if known is None:
            return
        operation = _operation(known, request)
        self.faults += [f"{kind}: {each}" for each in _faults(known, operation, request)]

    # --- what is paid for

    def on_submit(self, request: Request) -> Reply:
        match request.path.split("/")[2:]:
            case ["text-to-speech", voice, *rest]:
                return self._speech(voice, request, *rest)
            case ["sound-generation"]:
                return self._sound(request)
            case ["speech-to-text"]:
                return self._transcript(request)
            case _:
                return of_json(404, {"detail": "Not Found"})

    def _speech(self, voice: str, request: Request, *rest: str) -> Reply:
        body = json_in(request)
        text, model = str(body["text"]), str(body.get("model_id", "eleven_multilingual_v2"))
        no = self._refused(voice, model, text, body)
        cost = math.ceil(len(text) / 2) if "_v2_5" in model else len(text)
        if no or (no := self._dear(cost)):
            return no
        made = _audio(request, text)
        headers = self._pay(body, cost)
        item = self._remember(voice, model, text, request, headers["request-id"])
        self.sounds[item] = made
        if rest == ("with-timestamps",):
            told = {"audio_base64": files.sound(text).hex(), "alignment": None}
            return of_json(200, told, headers)
        return Reply(body=made.body, headers={**made.headers, **headers})

    def _refused(
        self, voice: str, model: str, text: str, body: Mapping[str, object]
    ) -> Reply | None:
        if voice not in self.voices:
            said = f"A voice with the voice_id '{voice}' was not found."
            return refusal(404, "not_found", "voice_not_found", said, "voice_id")
        if len(text) > LONGEST.get(model, 40_000):
            return older(400, "max_character_limit_exceeded", "the text is too long")
        stitched = {"previous_text", "next_text"} & set(body)
        if model == "eleven_v3" and stitched:
            said = "Providing previous_text or next_text is not supported with this model."
            return refusal(400, "validation_error", "unsupported_model", said, "model_id")
        settings = body.get("voice_settings")
        stability = settings.get("stability") if isinstance(settings, dict) else None
        if model == "eleven_v3" and stability not in {None, 0, 0.5, 1}:
            return older(400, "invalid_ttd_stability", "Must be one of: [0.0, 0.5, 1.0]")
        return None

    def _sound(self, request: Request) -> Reply:
        body = json_in(request)
        seconds = body.get("duration_seconds")
        if isinstance(seconds, int | float) and not 0.5 <= seconds <= 30:
            what = {"loc": ["body", "duration_seconds"], "msg": "0.5 to 30", "type": "value_error"}
            return of_json(422, {"detail": [what]})
        if no := self._dear(200):
            return no
        made = _audio(request, str(body["text"]))
        return Reply(body=made.body, headers={**made.headers, **self._pay(body, 200)})

    def _transcript(self, request: Request) -> Reply:
        form = form_in(request)
        told = {part.name: part.content.decode() for part in form if part.filename is None}
        if not any(part.name == "file" and part.content for part in form):
            return refusal(400, "validation_error", "invalid_parameters", "no file", "file")
        if no := self._dear(10):
            return no
        words = [
            {"text": word, "type": "word", "logprob": -0.1, "start": n, "end": n + 1}
            for n, word in enumerate(self.said.split())
        ]
        extra = [_extra(each) for each in json.loads(told.get("additional_formats", "[]"))]
        answer = {
            "language_code": "eng",
            "language_probability": 0.98,
            "text": self.said,
            "words": words,
            "transcription_id": uuid.uuid4().hex,
            "additional_formats": extra or None,
        }
        return of_json(200, answer, self._pay(told, 10))

    def _dear(self, cost: int) -> Reply | None:
        if cost <= self.credits:
            return None
        said = f"This request exceeds your quota of {self.credits} credits."
        return older(401, "quota_exceeded", said)

    def _pay(self, what: object, cost: int) -> dict[str, str]:
        self.charged.append(what)
        self.credits -= cost
        return {
            "request-id": uuid.uuid4().hex,
            "character-cost": str(cost),
            "current-concurrent-requests": "1",
            "maximum-concurrent-requests": "5",
        }

    # --- what the account knows

    def on_voices(self, request: Request) -> Reply:
        asked = dict(parse_qsl(urlsplit(request.target).query))
        word = asked.get("search", "").casefold()
        found = [(i, name) for i, name in self.voices.items() if word in name.casefold()]
        start = int(asked.get("next_page_token", "0"))
        end = start + min(self.page, int(asked.get("page_size", "10")))
        has_more = end < len(found)
        return of_json(
            200,
            {
                "voices": [_voice(each, name) for each, name in found[start:end]],
                "has_more": has_more,
                "total_count": len(found),
                "next_page_token": str(end) if has_more else None,
            },
        )

    def _remember(self, voice: str, model: str, text: str, request: Request, name: str) -> str:
        item = uuid.uuid4().hex[:20]
        query = dict(parse_qsl(urlsplit(request.target).query))
        self.history[item] = {
            "history_item_id": item,
            "request_id": name,
            "voice_id": voice,
            "model_id": model,
            "text": text,
            "date_unix": int(time.time()),
            "character_count_change_from": self.credits + len(text),
            "character_count_change_to": self.credits,
            "content_type": "audio/mpeg",
            "state": "created",
            "settings": {"stability": 0.5, **_settings(json_in(request))},
            "source": "TTS",
            "output_format": query.get("output_format", "mp3_44100_128"),
        }
        return item

    def on_list(self, request: Request) -> Reply:
        asked = dict(parse_qsl(urlsplit(request.target).query))
        items = list(self.history.values())
        after = asked.get("start_after_history_item_id")
        names = [each["history_item_id"] for each in items]
        start = names.index(after) + 1 if after in names else 0
        wanted = [each for each in items[start:] if _is_asked(each, asked)]
        page = wanted[: self.page]
        last = page[-1]["history_item_id"] if page else None
        more = len(wanted) > len(page)
        return of_json(200, {"history": page, "last_history_item_id": last, "has_more": more})

    def on_status(self, request: Request) -> Reply:
        item = self.history.get(request.path.rpartition("/")[2])
        if item is None:
            return older(404, "history_item_not_found", "no such item")
        return of_json(200, item)

    def on_file(self, request: Request) -> Reply:
        found = self.sounds.get(request.path.split("/")[3])
        return found or older(404, "history_item_not_found", "no such item")


def _is_asked(item: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    same = all(asked.get(key) in {None, item[key]} for key in ("voice_id", "model_id", "source"))
    return same and item["date_unix"] >= int(asked.get("date_after_unix", "0"))


def _settings(body: Mapping[str, object]) -> Mapping[str, object]:
    found = body.get("voice_settings")
    return found if isinstance(found, dict) else {}


def _voice(name: str, called: str) -> dict[str, object]:
    lists: dict[str, object] = {"available_for_tiers": [], "high_quality_base_model_ids": []}
    return {"voice_id": name, "name": called, "category": "premade", "labels": {}, **lists}


def _extra(asked: Mapping[str, object]) -> dict[str, object]:
    form = str(asked["format"])
    told = {"requested_format": form, "file_extension": form, "content_type": "text/plain"}
    return {**told, "is_base64_encoded": False, "content": SPOKEN}


def _audio(request: Request, text: str) -> Reply:
    """What is made, in the format that the query names."""
    query = dict(parse_qsl(urlsplit(request.target).query))
    form = query.get("output_format", "mp3_44100_128").partition("_")[0]
    if form not in KINDS:
        return media(files.samples(text), "audio/pcm")
    return media(files.sound(text, form), KINDS[form])


# --- the specification


def _operation(known: Mapping[str, object], request: Request) -> Mapping[str, Any]:
    paths = known["paths"]
    assert isinstance(paths, dict)
    named = next((n for route, n in PATHS.items() if re.fullmatch(route, request.path)), None)
    if request.path.startswith("/v1/history/"):
        named = re.sub(r"/history/[^/]+", "/history/{history_item_id}", request.path)
    found = paths.get(named or request.path, {}).get(request.method.lower(), {})
    assert isinstance(found, dict)
    return found


def _faults(
    known: Mapping[str, object], operation: Mapping[str, Any], request: Request
) -> Iterator[str]:
    if not operation:
        yield f"{request.method} {request.path} is not published"
    asked = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
    schemas = {each["name"]: each["schema"] for each in operation.get("parameters", [])}
    for name, text in asked.items():
        if name not in schemas:
            yield f"?{name} is not published"
        else:
            yield from against(schemas[name], _typed(text, schemas[name], known), known)
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        if not request.headers.get("content-type", "").startswith(kind):
            yield f"the body is no {kind}"
            return
        schema = _there(content["schema"], known)
        body = _form(form_in(request), schema, known) if "form" in kind else json_in(request)
        yield from (f"'{name}' is not published" for name in set(body) - set(schema["properties"]))
        yield from against(schema, body, known)


def _there(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to."""
    if "$ref" not in schema:
        return schema
    found = known["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert isinstance(found, dict)
    return found


def _form(
    parts: list[Part], schema: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, object]:
    """A form's fields, as the values that their schemas speak of."""
    found: dict[str, object] = {}
    for part in parts:
        own = _there(schema["properties"].get(part.name, {}), known)
        text = "file" if part.filename is not None else part.content.decode()
        value = _typed(text, own, known)
        if own.get("type") == "array" and not isinstance(value, list):
            listed = found.setdefault(part.name, [])
            assert isinstance(listed, list)
            listed.append(value)
        else:
            found[part.name] = value
    return found


def _typed(text: str, schema: Mapping[str, Any], known: Mapping[str, Any]) -> object:
    """A text as the JSON that it stands for, where that is no text."""
    schema = _there(schema, known)
    types = {schema.get("type"), *(each.get("type") for each in schema.get("anyOf", []))}
    if "string" in types or not types - {None}:
        return text
    try:
        found: object = json.loads(text)
    except ValueError:
        return text
    return found

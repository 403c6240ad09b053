"""The dialect's endpoints: which step types they serve, and how they are told what.

Wire facts: OpenAI's OpenAPI document 2.3.0 (2026-08) and openai 3.57.0.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Wire
from aipipe.errors import StepError

_PATH: Final = re.compile(r"(?:\{(\w+)\})?(/\S*)")
"""`/images/edits`, or `{ollama}/v1/chat/completions`: at which of the addresses, and where."""
_MB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One endpoint. `slots`, `words` and `results` are for models that no catalogue knows."""

    path: str
    slots: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    """Our words that it spells otherwise."""
    results: tuple[str, ...] = ()
    is_multipart: bool = False
    files: tuple[str, ...] = ()
    """Extensions of the files that it takes; any where there are none."""
    most_bytes: int = 50 * _MB
    """Of one file."""


CHAT: Final = Form(
    path="/chat/completions",
    slots={"prompt": "messages.user", "text": "messages.user", "image": "messages.image"},
    words={
        "instructions": "messages.system",
        "system": "messages.system",
        "question": "messages.question",
        "detail": "messages.detail",
        "target": "messages.target",
        "style": "messages.style",
        "video_style": "messages.video_style",
        "background_context": "messages.background",
        "duration_preference": "messages.length",
    },
    results=("choices[0].message.content",),
    files=("png", "jpg", "jpeg", "webp", "gif"),
)
PICTURES: Final = Form(
    path="/images/generations",
    slots={"prompt": "prompt"},
    words={"count": "n"},
    results=("data[].b64_json", "data[].url"),
)
EDITS: Final = Form(
    path="/images/edits",
    slots={"prompt": "prompt", "image": "image[]"},
    words={"count": "n"},
    results=("data[].b64_json", "data[].url"),
    is_multipart=True,
    files=("png", "jpg", "jpeg", "webp"),
)
SPEECH: Final = Form(path="/audio/speech", slots={"text": "input"})
TRANSCRIPTS: Final = Form(
    path="/audio/transcriptions",
    slots={"audio": "file"},
    results=("text",),
    is_multipart=True,
    files=("mp3", "m4a", "wav", "flac", "ogg", "opus"),
    most_bytes=25 * _MB,
)
BY_TYPE: Final[Mapping[str, Form]] = {
    "text_to_text": CHAT,
    "prompt_generation": CHAT,
    "image_understanding": CHAT,
    "text_to_image": PICTURES,
    "image_to_image": EDITS,
    "text_to_speech": SPEECH,
    "speech_to_text": TRANSCRIPTS,
}
"""What `model: NAME:ENDPOINT` means where the endpoint is the name of a model."""
WHOLE: Final = frozenset({"text", "srt", "vtt"})
"""Values of `response_format` with which a transcript is the whole answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a call goes."""

    form: Form
    path: str
    address: str = "api"
    """One of the provider's addresses."""


def place_of(call: Call, prefix: str) -> Place:
    """Where a call goes; `prefix` is before the path where its endpoint names a model only.

    Raises:
        StepError: nothing of the dialect serves the step type.
    """
    found = next((m for word in call.endpoint.split() if (m := _PATH.fullmatch(word))), None)
    by_type = BY_TYPE.get(call.type)
    if found is None and by_type is not None:
        return Place(form=by_type, path=f"{prefix}{by_type.path}")
    path = "" if found is None else found[2]
    form = next((each for each in BY_TYPE.values() if path.endswith(each.path)), None)
    if form is None:
        raise StepError("bad_parameter", f"'{call.endpoint}' is no endpoint for {call.type}")
    address = found[1] if found is not None else None
    return Place(form=form, path=path, address=address or "api")


def spelt(call: Call, form: Form, words: Mapping[str, str]) -> Call:
    """A call in the dialect's words: as the catalogue has it, else by its form and `words`."""
    if call.wire is not None:
        return call
    theirs = {**form.words, **words}
    names_model = not any(_PATH.fullmatch(word) for word in call.endpoint.split())
    body = {theirs.get(word, word): value for word, value in call.params.items()}
    model = {"model": call.endpoint} if names_model else {}
    wire = Wire(body={**model, **body}, slots=form.slots, results=form.results)
    return replace(call, wire=wire)


def check(file: ArtefactRef, form: Form) -> None:
    """Refuse a file that an endpoint is known not to take.

    Raises:
        StepError: it does not take such files, or none of that size.
    """
    named = file.label or file.medium
    if form.files and file.extension not in form.files:
        message = f"'{named}' is {file.extension}, and {form.path} takes {', '.join(form.files)}"
        raise StepError("bad_parameter", message, hint="convert it first")
    if file.bytes > form.most_bytes:
        most = form.most_bytes // _MB
        message = f"'{named}' has {file.bytes:,} bytes, and {form.path} takes {most} MB"
        raise StepError("bad_parameter", message, hint="make it smaller or cut it into parts")

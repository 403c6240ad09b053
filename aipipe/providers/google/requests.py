"""A call's path and body. Texts and files are parts of one message, in that order."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.call import Call
from aipipe.contracts.media import AUDIO, IMAGE, TEXT, VIDEO
from aipipe.contracts.tools import Tools
from aipipe.providers.http import inline, requests
from aipipe.providers.http.collecting import WORDS

VERSION: Final = "/v1"
CONFIG: Final = "generationConfig"
ASKED: Final = {
    "speech_to_text": "Write down, word for word, what is said, and nothing else.",
    "image_understanding": "Describe what the picture shows.",
    "video_understanding": "Describe what the video shows, in the order in which it happens.",
}
"""What is asked by step type, where no text comes with the file."""
ROLES: Final = {
    "prompt_generation": "Write one prompt for a generative model from what you are given."
    " Answer with the prompt alone.",
}
"""Instructions by step type, where none are given."""
FIXED: Final[Mapping[str, Mapping[str, Json]]] = {
    IMAGE: {f"{CONFIG}.responseModalities": ["IMAGE"]},
    AUDIO: {f"{CONFIG}.responseModalities": ["AUDIO"]},
    VIDEO: {
        "background": True,
        "response_format.type": "video",
        "response_format.delivery": "uri",
    },
}
"""What is sent to endpoints that the catalogue does not know, by what is wanted."""
NAMES: Final = {
    "instructions": "systemInstruction",
    "temperature": f"{CONFIG}.temperature",
    "max_tokens": f"{CONFIG}.maxOutputTokens",
    "seed": f"{CONFIG}.seed",
    "aspect_ratio": f"{CONFIG}.imageConfig.aspectRatio",
    "resolution": f"{CONFIG}.imageConfig.imageSize",
    "voice": f"{CONFIG}.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName",
}
"""Our words as such endpoints have them; a word that is not here goes as it is."""
OF_VIDEOS: Final = {name: f"response_format.{name}" for name in ("aspect_ratio", "resolution")}


def path_of(call: Call) -> str:
    """Where a call goes: as the catalogue says, else by the name of a model."""
    if "/v1" in call.endpoint:
        return requests.path_of(call)
    if call.output.medium == VIDEO:
        return f"{VERSION}/interactions"
    return f"{VERSION}/models/{quote(_model(call), safe='')}:generateContent"


def body_of(call: Call, tools: Tools) -> dict[str, Json]:
    """The whole body; `raw` is laid over it, inside of objects too."""
    build = _interaction if call.output.medium == VIDEO else _content
    return _over(build(call, tools), call.raw)


def _content(call: Call, tools: Tools) -> dict[str, Json]:
    body = _said(call)
    texts, files = _inputs(call, tools)
    parts: list[Json] = [{"text": each} for each in texts]
    for file in files:
        told: Json = {"mimeType": inline.type_of(file), "data": inline.base64_of(file, tools)}
        parts.append({"inlineData": told})
    role = body.get("systemInstruction", ROLES.get(call.type))
    if role is not None:
        body["systemInstruction"] = {"parts": [{"text": role}]}
    return {"contents": [{"role": "user", "parts": parts}], **body}


def _interaction(call: Call, tools: Tools) -> dict[str, Json]:
    texts, files = _inputs(call, tools)
    parts: list[Json] = [{"type": "text", "text": each} for each in texts]
    for file in files:
        told = {"mime_type": inline.type_of(file), "data": inline.base64_of(file, tools)}
        parts.append({"type": str(file.medium), **told})
    return {**_said(call), "input": [{"type": "user_input", "content": parts}]}


def _said(call: Call) -> dict[str, Json]:
    """What the parameters say."""
    body: dict[str, Json] = {}
    for name, value in (call.wire.body if call.wire else _renamed(call)).items():
        requests.put(body, name, value)
    if call.wire is not None and call.wire.seed is not None:
        requests.put(body, call.wire.seed, requests.seed_of(call, call.wire.most_seed))
    return body


def _renamed(call: Call) -> dict[str, Json]:
    medium = call.output.medium or TEXT
    said = {**FIXED.get(medium, {})}
    for word, value in call.params.items():
        if medium == VIDEO and word == "duration":
            said["response_format.duration"] = f"{str(value).removesuffix('s')}s"
        else:
            said[(OF_VIDEOS if medium == VIDEO else NAMES).get(word, word)] = value
    return {**said, "model": _model(call)} if medium == VIDEO else said


def _model(call: Call) -> str:
    return call.endpoint.removeprefix("models/")


def _inputs(call: Call, tools: Tools) -> tuple[list[str], list[ArtefactRef]]:
    """The texts and the files that come with a call."""
    texts: list[str] = []
    files: list[ArtefactRef] = []
    for value in _leaves(tuple(call.inputs.values())):
        if isinstance(value, ArtefactRef) and value.medium not in WORDS:
            files.append(value)
        else:
            texts.append(_text(value, tools))
    if not texts and call.type in ASKED:
        texts.append(ASKED[call.type])
    return texts, files


def _leaves(value: "Value | None") -> Iterator[Value]:
    if isinstance(value, tuple | list):
        for each in value:
            yield from _leaves(each)
    elif value is not None:
        yield value


def _text(value: Value, tools: Tools) -> str:
    return tools.sink.text_of(value) if isinstance(value, ArtefactRef) else str(value)


def _over(body: Mapping[str, Json], raw: Mapping[str, Json]) -> dict[str, Json]:
    laid = dict(body)
    for name, value in raw.items():
        under = laid.get(name)
        is_both = isinstance(under, dict) and isinstance(value, dict)
        laid[name] = _over(under, value) if is_both else value  # type: ignore[arg-type] # `is_both`
    return laid

"""Speech, sound effects and transcripts by ElevenLabs: what was made is the answer itself.

Wire facts: ElevenLabs' OpenAPI document, 2026-08, and its SDK 2.78.0.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job, Wire
from aipipe.contracts.media import DATA, TEXT
from aipipe.contracts.outcome import (
    FetchOutcome,
    Lost,
    Made,
    NotSent,
    PollOutcome,
    Problem,
    SubmitOutcome,
    Unreadable,
    problem_of,
)
from aipipe.contracts.provider import Address, Candidate, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.elevenlabs import history, voices
from aipipe.providers.elevenlabs.asking import rejected
from aipipe.providers.elevenlabs.refusals import RULES
from aipipe.providers.http import collecting, forms, requests
from aipipe.providers.http.errors import CutOffError, TooLargeError, UnreachedError
from aipipe.providers.http.site import Site, site_of
from aipipe.providers.http.submitting import Received, Submission, submitted

_KEYS: Final = ("ELEVENLABS_API_KEY",)
_ADDRESS: Final = Address(
    otherwise="https://api.elevenlabs.io", variables=("AIPIPE_ELEVENLABS_BASE_URL",)
)
_SLOTS: Final = {"prompt": "text", "text": "text", "audio": "file", "video": "file"}
"""Where inputs go of endpoints that the catalogue does not know."""
_VOICE: Final = "voice_id"
_QUERY: Final = frozenset({"output_format", "enable_logging", "optimize_streaming_latency"})
"""What `raw` may say that stands in the query."""
_HEADLESS: Final = ("pcm_", "ulaw_", "alaw_")
"""How formats begin that are samples alone: nobody could tell what they are."""
_AS_JSON: Final = frozenset(
    {"additional_formats", "entity_detection", "entity_redaction", "webhook_metadata"}
)
"""Fields of forms that are JSON, whatever they hold: so the SDK sends them."""
_BY_SPEAKER: Final[Json] = [
    {"format": "txt", "include_speakers": True, "include_timestamps": False}
]
"""The transcript that tells the speakers apart: the plain text does not."""
_RESULTS: Final = ("text", "audio_base64")
_LONGEST: Final = 1 << 30
"""Bytes of an answer that are taken."""
_PATIENCE: Final = 1200.0
"""Seconds of silence in which a long recording is still being listened to."""


def _site(tools: Tools) -> Site:
    return site_of(tools, _ADDRESS, keys=_KEYS, header="xi-api-key")


# --- the request


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = _site(tools)
        call = _worded(call, site)
        what, paths = _submission(call, tools)
    except (UnreachedError, CutOffError) as error:  # of a look-up: the call itself was not sent
        return NotSent(problem=problem_of(error))
    except StepError as error:
        return rejected(error)
    with submitted(site, what, RULES) as sent:
        return _made(sent, paths, tools) if isinstance(sent, Received) else sent


def _worded(call: Call, site: Site) -> Call:
    """The call with its voice's id, and what `raw` says where it belongs."""
    wire = call.wire or Wire(body=call.params, slots=_SLOTS)
    path = dict(wire.path)
    if _VOICE in path:
        path[_VOICE] = voices.id_of(str(path[_VOICE]), site)
    query = {name: value for name, value in call.raw.items() if name in _QUERY}
    raw = {name: value for name, value in call.raw.items() if name not in _QUERY}
    worded = replace(wire, path=path, query={**wire.query, **query})
    _check(worded, raw)
    return replace(call, wire=worded, raw=raw)


def _check(wire: Wire, raw: Mapping[str, Json]) -> None:
    """What could be asked for, and not be received."""
    asked = str(wire.query.get("output_format", ""))
    if asked.startswith(_HEADLESS):
        message = f"'{asked}' is sound without a header, which no file can be told by"
        raise StepError("bad_parameter", message, hint="ask for 'wav_48000' or 'mp3_44100_128'")
    if raw.get("webhook"):
        message = "with 'webhook' the transcript goes elsewhere"
        raise StepError("bad_parameter", message, hint="leave 'webhook' out")


def _submission(call: Call, tools: Tools) -> tuple[Submission, Sequence[str]]:
    """What is sent, and where the answer has what it makes."""
    path = requests.path_of(_placed(call))
    files = _files(call)
    body = requests.body_of(call, tools, partial(_beside, files=tuple(files.values())))
    results = () if call.wire is None else call.wire.results
    if not files:
        return Submission(path=path, body=json.dumps(body).encode()), results
    if body.get("diarize") is True and "additional_formats" not in body:
        body["additional_formats"] = _BY_SPEAKER
        results = ("additional_formats[].content", *results)
    names = {} if call.wire is None else call.wire.slots
    sent = {names.get(slot, slot): file for slot, file in files.items()}
    form = forms.form_of(body, sent.items(), tools, as_json=_AS_JSON)
    what = Submission(
        path=path,
        body=form.parts(),
        content_type=form.content_type,
        headers={"Content-Length": str(form.length)},
        silence=_PATIENCE,
    )
    return what, results


def _placed(call: Call) -> Call:
    """Of an endpoint that the user wrote, the path begins with `/`."""
    is_path = any(word.startswith("/") for word in call.endpoint.split())
    return call if is_path else replace(call, endpoint=f"/{call.endpoint}")


def _files(call: Call) -> Mapping[str, ArtefactRef]:
    """The inputs that travel as files: a request that has one is a form."""
    found = {slot: each for slot, each in call.inputs.items() if isinstance(each, ArtefactRef)}
    return {slot: each for slot, each in found.items() if each.medium not in {TEXT, DATA}}


def _beside(file: ArtefactRef, *, files: Sequence[ArtefactRef]) -> Json:
    """Nothing in the place of a file that travels beside the fields."""
    if file in files:
        return None
    raise StepError("bad_parameter", "a list of files can't be sent", hint="send each by itself")


# --- its answer


def _made(received: Received, paths: Sequence[str], tools: Tools) -> SubmitOutcome:
    """The answer, kept before it is read.

    `character-cost` are credits, kept as evidence and never taken for an amount: what a credit
    costs depends on the plan, and how many a character takes on model and voice. So the price list
    tells the cost.
    """
    headers = received.headers
    is_json = headers.get("content-type", "").startswith("application/json")
    data: dict[str, Json] = {"paths": [*(paths or (_RESULTS if is_json else ()))]}
    if "character-cost" in headers:
        data["credits"] = headers["character-cost"]
    job = Job(provider=history.NAME, id=headers.get("request-id", ""), data=data)
    try:
        result = tools.answered(job, None, received.parts(_LONGEST))
        return Made(result=result, limits=received.limits)
    except (CutOffError, TooLargeError) as error:
        return Lost(problem=Problem(code="result.lost", message=error.message))


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    return collecting.collect(result, call, tools, _site(tools))


# --- calls whose answer never came


def _find(call: Call, since: float, tools: Tools) -> Sequence[Candidate]:
    """Speech of the same text, voice, model and settings; nothing else is in the history."""
    if call.rebuilt or call.wire is None or _VOICE not in call.wire.path:
        return ()
    site = _site(tools)
    call = _worded(call, site)
    wire = call.wire or Wire()
    body = requests.body_of(call, tools, partial(_beside, files=()))
    return history.candidates({**wire.query, **wire.path, **body}, since, site)


def _poll(job: Job, call: Call, tools: Tools) -> PollOutcome:
    del call
    try:
        return history.look(job, _site(tools))
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except StepError as error:  # a 404 too: it never means that a call is gone
        return Unreadable(problem=problem_of(error))


PROVIDER = Provider(
    name=history.NAME,
    title="ElevenLabs",
    keys=_KEYS,
    addresses={"api": _ADDRESS},
    concurrency=4,
    submit=_submit,
    poll=_poll,
    fetch=_fetch,
    find=_find,
)

"""AUTOMATIC1111's web interface, started with `--api`: pictures at once, on one's own machine.

Wire facts: the source of stable-diffusion-webui 1.10 (its API's models, and how it tells errors).
"""

import base64
import json
from dataclasses import replace
from typing import Final

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import (
    FetchOutcome,
    Lost,
    Made,
    NotSent,
    SubmitOutcome,
    problem_of,
)
from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import sizes
from aipipe.providers.http import collecting, inline, json_text, outcomes, requests
from aipipe.providers.http.errors import CutOffError, TooLargeError, UnreadableError
from aipipe.providers.http.site import Site
from aipipe.providers.http.submitting import Received, Submission, submitted
from aipipe.providers.http.verdicts import Reply, Rules

NAME: Final = "automatic1111"
VARIABLE: Final = "AIPIPE_AUTOMATIC1111_BASE_URL"
AUTH: Final = "AIPIPE_AUTOMATIC1111_AUTH"
"""`user:password`, where the server was started with `--api-auth`."""
API: Final = Address(otherwise="http://127.0.0.1:7860", variables=(VARIABLE,))
PATHS: Final = {"text_to_image": "/sdapi/v1/txt2img", "image_to_image": "/sdapi/v1/img2img"}
WORDS: Final = {
    "negative_prompt": "negative_prompt",
    "steps": "steps",
    "guidance_scale": "cfg_scale",
    "seed": "seed",
    "count": "batch_size",
    "strength": "denoising_strength",
}
"""Ours, and its own."""
SIZES: Final = ("size", "aspect_ratio", "resolution")
LARGEST: Final = 1 << 30
"""Bytes of an answer: many large pictures as text."""
_SILENCE: Final = 1800.0
"""Seconds: a checkpoint may be loaded first, and runs on whatever there is."""
_MOST_SEED: Final = (1 << 31) - 1
_USUAL: Final = (512, 512)
_STEP: Final = 8
"""Pixels of which each side is a multiple."""
_START_IT: Final = f"start it there with  --api, or say where it is with {VARIABLE}"
SERVER_FAULT: Final = 500


def _site(tools: Tools) -> Site:
    secret = (tools.secret(AUTH) or "").strip()
    value = f"Basic {base64.b64encode(secret.encode()).decode()}"
    credentials = {"Authorization": value} if secret else {}
    return Site(base=API.chosen(tools.secret), credentials=credentials)


# --- refusals


def _told(reply: Reply) -> dict[str, Json]:
    try:
        return dict(json_text.parsed_object(reply.body))
    except UnreadableError:
        return {}


def _said(reply: Reply) -> str | None:
    """What a failed picture or a wrong field is told with."""
    told = _told(reply)
    wrong = [_of_field(each) for each in json_text.objects_in(told, "detail")]
    own = [str(told[key]) for key in ("error", "errors", "detail") if _is_text(told.get(key))]
    return "; ".join(wrong or own) or None


def _of_field(found: object) -> str:
    told = found if isinstance(found, dict) else {}
    where = told.get("loc")
    last = f"'{where[-1]}': " if isinstance(where, list) and where else ""
    return f"{last}{told.get('msg', '')}"


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and value != ""


def _is_over(reply: Reply) -> bool:
    """Whether it says itself that making the picture has failed: then nothing goes on."""
    return reply.status == SERVER_FAULT and {"error", "errors"} <= _told(reply).keys()


RULES: Final = Rules(is_over=_is_over, said=_said)


# --- submit


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    try:
        site = _site(tools)
        body = json.dumps(_body(call, tools)).encode()
        what = Submission(path=_path(call), body=body, silence=_SILENCE)
    except StepError as error:
        return outcomes.unsent(error)
    with submitted(site, what, RULES) as sent:
        if isinstance(sent, Received):
            return _kept(sent, tools)
        if isinstance(sent, NotSent):
            return replace(sent, problem=replace(sent.problem, hint=_START_IT))
        return sent


def _path(call: Call) -> str:
    if call.type not in PATHS:
        message = f"it has no {call.type}: it makes {' and '.join(PATHS)}"
        raise StepError("bad_parameter", message)
    return PATHS[call.type]


def _kept(sent: Received, tools: Tools) -> SubmitOutcome:
    job = Job(provider=NAME, id="", data={"paths": ["images[]"]})
    try:
        return Made(result=tools.answered(job, None, sent.parts(LARGEST)))
    except (CutOffError, TooLargeError) as error:
        return Lost(problem=problem_of(error))


def _body(call: Call, tools: Tools) -> dict[str, Json]:
    """The request: its checkpoint is loaded for it, `raw` goes over all.

    Raises:
        StepError: `bad_parameter`, a word has no place in it.
    """
    body: dict[str, Json] = {"override_settings": {"sd_model_checkpoint": call.endpoint}}
    for word, value in call.params.items():
        if value is not None and word not in SIZES:
            body[_spelt(word, call)] = value
    body.setdefault("seed", requests.seed_of(call, _MOST_SEED))
    for slot, given in call.inputs.items():
        if given is not None:
            name = "init_images" if slot == "image" else slot
            said = requests.input_of(given, tools, lambda file: inline.base64_of(file, tools))
            body[name] = [said] if slot == "image" else said
    return {**body, **_sides(call), **call.raw}


def _spelt(word: str, call: Call) -> str:
    if word in WORDS and (word != "strength" or call.type == "image_to_image"):
        return WORDS[word]
    known = ", ".join((*WORDS, *SIZES))
    hint = f"it takes {known}; raw:  sends words of its own, such as sampler_name"
    raise StepError("bad_parameter", f"it has no place for '{word}'", hint=hint)


def _sides(call: Call) -> dict[str, Json]:
    """Width and height, where a parameter says them; else those of the picture to change."""
    image = call.inputs.get("image")
    own = None
    if isinstance(image, ArtefactRef) and image.width and image.height:
        own = (image.width, image.height)
    said = any(call.params.get(word) is not None for word in SIZES)
    if not said and own is None:
        return {}
    try:
        sides = sizes.of_picture(call, own or _USUAL) if said else own or _USUAL
    except StepError as error:
        raise StepError("bad_parameter", error.message) from error
    width, height = (max(side // _STEP, 1) * _STEP for side in sides)
    return {"width": width, "height": height}


def _fetch(result: Job, call: Call, tools: Tools) -> FetchOutcome:
    return collecting.collect(result, call, tools, _site(tools))


PROVIDER = Provider(
    name=NAME,
    title="AUTOMATIC1111",
    addresses={"api": API},
    optional_keys=(AUTH,),
    concurrency=1,
    submit=_submit,
    fetch=_fetch,
    free=True,
)

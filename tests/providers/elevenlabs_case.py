"""How ElevenLabs says no, in its three shapes."""

from providers.cases import Case
from support.fakes.elevenlabs import ElevenLabs, older, refusal
from support.fakes.files import sound
from support.till.replies import of_json

MISSING = {"loc": ["body", "text"], "msg": "field required", "type": "missing"}
BUSY = refusal(429, "rate_limit_error", "rate_limit_exceeded", "too many requests")
COMMON = {
    "bad_key": older(401, "invalid_api_key", "Invalid API key"),
    "no_credit": older(401, "quota_exceeded", "This request exceeds your quota."),
    "bad_parameter": of_json(422, {"detail": [MISSING]}),
    "rate_limit": BUSY,
}

SPEECH = Case(
    name="elevenlabs",
    make=ElevenLabs,
    step="  - {type: text_to_speech, model: elevenlabs, params: {voice: rachel, text: a fox}}\n",
    refusals={
        **COMMON,
        "not_found": refusal(404, "not_found", "voice_not_found", "no such voice", "voice_id"),
        "refused.input": older(403, "content_against_policy", "It may violate our terms."),
    },
    status="",
    file="",
    cancel="",
)
SOUNDS = Case(
    name="elevenlabs_sounds",
    make=ElevenLabs,
    step="  - {type: text_to_audio, model: elevenlabs_sound_effects, params: {prompt: a door}}\n",
    refusals={**COMMON, "refused.input": older(400, "bad_prompt", "It may violate our terms.")},
    status="",
    file="",
    cancel="",
)
SCRIBE = Case(
    name="elevenlabs_scribe",
    make=ElevenLabs,
    step="  - {type: speech_to_text, model: scribe, params: {audio: talk.mp3}}\n",
    refusals={**COMMON, "not_found": refusal(404, "not_found", "model_not_found", "no model")},
    status="",
    file="",
    cancel="",
    files={"talk.mp3": sound},
)

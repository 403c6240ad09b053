"""How Google says no."""

from functools import partial

from providers.cases import Case
from support.fakes.google import Google, bad_key, blocked, ended, error, refusal
from support.till.replies import of_json

REFUSALS = {
    "bad_key": bad_key(),
    "no_credit": error(402, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."),
    "not_found": error(404, "NOT_FOUND", "models/x is not found for API version v1"),
    "bad_parameter": error(400, "INVALID_ARGUMENT", 'Unknown name "x" at "generation_config"'),
    "rate_limit": error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota."),
}
ENDS = {
    "refused.input": blocked("PROHIBITED_CONTENT"),
    "refused.output": ended("IMAGE_SAFETY", "Unable to show the generated image."),
    "job_failed": ended("NO_IMAGE"),
}

PICTURES = Case(
    name="google",
    make=Google,
    step="  - {type: text_to_image, model: gemini_3_1_flash_image, params: {prompt: a red fox}}\n",
    refusals=REFUSALS,
    ends=ENDS,
    status="",
    file="",
    cancel="",
)
SPEECH = Case(
    name="google-speech",
    make=Google,
    step="  - {type: text_to_speech, model: gemini_tts, params: {text: So it is}}\n",
    refusals={"bad_key": bad_key()},
    ends={"refused.input": blocked("SAFETY"), "job_failed": ended("OTHER")},
    status="",
    file="",
    cancel="",
)
TEXTS = Case(
    name="google-text",
    make=Google,
    step="  - {type: text_to_text, model: gemini_flash, params: {prompt: Is it so?}}\n",
    refusals={"bad_key": bad_key()},
    ends={"refused.output": ended("SAFETY")},
    status="",
    file="",
    cancel="",
)
VIDEOS = Case(
    name="google-video",
    make=partial(Google, end_kind="status", polls=0),
    step="  - {type: text_to_video, model: gemini_omni_flash, params: {prompt: a red fox}}\n",
    refusals={
        "bad_key": bad_key(),
        "no_credit": refusal(402, "payment_required", "Your prepayment credits are depleted."),
        "not_found": refusal(404, "not_found", "no such model"),
        "bad_parameter": refusal(400, "invalid_request", "'duration' is too long"),
        "rate_limit": refusal(429, "rate_limit_exceeded", "too many"),
    },
    ends={
        "refused.output": of_json(
            200,
            {
                "id": "v1_x",
                "status": "failed",
                "errors": [{"code": "safety", "message": "the video was filtered"}],
            },
        ),
        "job_failed": of_json(
            200, {"id": "v1_x", "status": "incomplete", "errors": [{"message": "it broke"}]}
        ),
    },
)
GOOGLE = [PICTURES, SPEECH, TEXTS, VIDEOS]

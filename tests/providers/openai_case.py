"""How OpenAI, and servers of one's own in its dialect, say no."""

from functools import partial

from providers.cases import Case
from support.fakes.openai import OpenAI, OwnServer, error
from support.till.replies import Reply, of_json

REFUSALS: dict[str, Reply] = {
    "bad_key": error(401, "Incorrect API key provided", "invalid_api_key"),
    "no_credit": error(429, "You exceeded your quota", "insufficient_quota", "insufficient_quota"),
    "not_found": error(404, "The model does not exist", "model_not_found"),
    "bad_parameter": error(400, "Invalid value", "invalid_value"),
    "refused.input": error(
        400, "rejected by the safety system", "moderation_blocked", "image_generation_user_error"
    ),
    "rate_limit": error(429, "Rate limit reached", "rate_limit_exceeded", "requests"),
}

PICTURE = Case(
    name="openai",
    make=OpenAI,
    step="  - {type: text_to_image, model: gpt_image_2_openai, params: {prompt: a red fox}}\n",
    refusals=REFUSALS,
    status="",
    file="",
    cancel="",
)
SPEECH = Case(
    name="openai-speech",
    make=OpenAI,
    step="  - {type: text_to_speech, model: openai_tts_1, params: {text: hello, voice: nova}}\n",
    refusals=REFUSALS,
    status="",
    file="",
    cancel="",
)
CHAT = Case(
    name="openai-chat",
    make=OpenAI,
    step="  - {type: text_to_text, model: gpt_5_4_mini, params: {prompt: a red fox}}\n",
    refusals=REFUSALS,
    status="",
    file="",
    cancel="",
)
OWN = Case(
    name="openai_compatible",
    make=partial(OwnServer, key="sk-canary-own-5f0c"),
    step="  - {type: text_to_text, model: ollama,"
    " params: {prompt: a red fox, model_name: llama3.2}}\n",
    refusals={
        "bad_key": of_json(401, {"error": "unauthorized"}),
        "not_found": of_json(
            404, {"error": {"message": "model 'x' not found", "type": "api_error", "code": None}}
        ),
        "bad_parameter": of_json(422, {"detail": [{"loc": ["body", "model"], "msg": "no text"}]}),
        "rate_limit": of_json(429, {"error": {"code": 429, "message": "busy", "type": ""}}),
    },
    status="",
    file="",
    cancel="",
)
OPENAI = (PICTURE, SPEECH, CHAT, OWN)

"""A text in answer to a text."""

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import TEXT
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import inputs, words
from aipipe.media.words import Bounds

FORMAT = "txt"
TOKENS = Bounds(usual=1_000_000, least=1, most=1_000_000, unit="tokens")
_PARAMS: dict[str, JsonSchema] = {
    "instructions": {"type": "string", "description": "How to answer: the role, tone and form."},
    "system": {"type": "string", "description": "The same as 'instructions'."},
    "temperature": {
        "type": "number",
        "minimum": 0,
        "maximum": 2,
        "description": "How freely to choose words: 0 hardly, 1 usual.",
    },
    "max_tokens": {
        "type": "integer",
        "minimum": 1,
        "description": "The most to write, in tokens; for the local engine, in words.",
    },
    "seed": words.SEED,
}


def _answer(call: Call, tools: Tools) -> Produced:

    text = media.wording.answer(
        prompt=inputs.text(call, tools.sink, "prompt") or "",
        instructions=words.text(call, "instructions") or words.text(call, "system"),
        seed=words.seed(call),
        model=call.model if call.provenance.mock else None,
    )
    short = media.wording.limited(text, int(words.number(call, "max_tokens", TOKENS)))
    extension = call.output.extension or FORMAT
    return Produced(artefacts=(tools.sink.adopt_text(short, extension=extension),))


STEP = StepType(
    name="text_to_text",
    summary="Answer a text with a text; the embedded engine has a template only.",
    slots=(Slot(name="prompt", medium=TEXT, summary="What is asked.", words=("text",)),),
    produces=TEXT,
    params=_PARAMS,
    local=_answer,
    local_format=FORMAT,
    heavy=False,
)

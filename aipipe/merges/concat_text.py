"""Texts into one text."""

from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import TEXT
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Tools
from aipipe.media import words
from aipipe.media.parts import parts_of, text_of

SEPARATOR = "\n"
FORMAT = "txt"


def _join(call: Call, tools: Tools) -> Produced:
    separator = words.text(call, "separator") if "separator" in call.params else SEPARATOR
    text = separator.join(text_of(part, tools.sink) for part in parts_of(call))
    extension = call.output.extension or FORMAT
    return Produced(artefacts=(tools.sink.adopt_text(text, extension=extension),))


MERGE = MergeStrategy(
    name="concat_text",
    summary="Join texts in the order written.",
    accepts=(TEXT,),
    produces=TEXT,
    run=_join,
    params={
        "separator": {
            "type": "string",
            "default": SEPARATOR,
            "description": "What stands between two texts.",
        },
    },
    format=FORMAT,
    heavy=False,
)

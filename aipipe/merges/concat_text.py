"""Texts into one text."""

from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import TEXT
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Sink, Tools
from aipipe.media import words
from aipipe.media.parts import Part, parts_of, text_of

SEPARATOR = "\n"
UNDER_HEADINGS = "\n\n"
HEADINGS = "headings"
FORMAT = "txt"


def _join(call: Call, tools: Tools) -> Produced:
    is_headed = call.params.get(HEADINGS) is True
    usual = UNDER_HEADINGS if is_headed else SEPARATOR
    separator = words.text(call, "separator") if "separator" in call.params else usual
    text = separator.join(_text(part, tools.sink, headed=is_headed) for part in parts_of(call))
    extension = call.output.extension or FORMAT
    return Produced(artefacts=(tools.sink.adopt_text(text, extension=extension),))


def _text(part: Part, sink: Sink, *, headed: bool) -> str:
    """A text, under its label if asked for; the label on one line, as headings are."""
    text = text_of(part, sink)
    return f"## {' '.join(part.label.split())}\n\n{text}" if headed else text


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
            "description": "What stands between two texts; under headings an empty line.",
        },
        HEADINGS: {
            "type": "boolean",
            "default": False,
            "description": "Whether each text stands under its label, as '## label'.",
        },
    },
    format=FORMAT,
    captions_by=HEADINGS,
    heavy=False,
)

"""Pictures of a video."""

from collections.abc import Mapping
from math import ceil

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE, VIDEO
from aipipe.contracts.split import SplitMode
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.media import inputs, words

MOST = 10_000
_EVERY = words.Bounds(usual=1, least=0.01, most=86_400, unit="seconds")
_COUNT = words.Bounds(usual=1, least=1, most=MOST)
_RATE = words.Bounds(usual=1, least=0.001, most=60)
_PARAMS: Mapping[str, JsonSchema] = {
    "every": {
        "type": "number",
        "minimum": _EVERY.least,
        "maximum": _EVERY.most,
        "default": _EVERY.usual,
        "description": "Seconds from one picture to the next; the first is at the beginning.",
    },
    "count": {
        "type": "integer",
        "minimum": _COUNT.least,
        "maximum": MOST,
        "description": "How many pictures, evenly over the whole, in the place of  every.",
    },
    "fps": {
        "type": "number",
        "minimum": _RATE.least,
        "maximum": _RATE.most,
        "description": "Pictures for each second, in the place of  every.",
    },
}


def _cut(call: Call, tools: Tools) -> Produced:
    path = inputs.file(call, tools.sink, "input")
    facts = media.film_facts.facts_of(path, "the video")
    times = _times(call, facts.seconds)
    extension = media.pictures.extension_for(call.output)
    made = []
    for time, picture in zip(times, media.film_stills.stills(path, times, facts), strict=True):
        if tools.cancelled():
            raise CancelledError
        written = media.pictures.write(picture, tools.sink.scratch(extension))
        made.append(tools.sink.adopt(written, IMAGE, label=label_of(time)))
        tools.report(len(made) / len(times), "cutting")
    return Produced(artefacts=tuple(made))


def label_of(time: float) -> str:
    """What a picture is called: its time.

    >>> label_of(0), label_of(2.5), label_of(63.04)
    ('0s', '2.5s', '63.04s')
    """
    return f"{round(time, 3):.3f}".rstrip("0").rstrip(".") + "s"


def _times(call: Call, seconds: float) -> list[float]:
    """Seconds at which pictures are taken, of a video that is so long."""
    given = [word for word in ("every", "count", "fps") if call.params.get(word) is not None]
    if len(given) > 1:
        message = f"'{given[0]}' and '{given[1]}' can't both say when pictures are taken"
        raise StepError("local.unknown_value", message, hint="keep one of them")
    if given == ["count"]:
        count = int(words.number(call, "count", _COUNT))
        return [(place + 0.5) * seconds / count for place in range(count)]
    step = 1 / words.number(call, "fps", _RATE) if given == ["fps"] else _every(call)
    count = max(ceil(seconds / step - 1e-6), 1)
    if count > MOST:
        message = f"{seconds:.0f} s of video give {count} pictures, more than {MOST}"
        raise StepError("split.too_many", message, hint="choose a larger  every")
    return [place * step for place in range(count)]


def _every(call: Call) -> float:
    return words.number(call, "every", _EVERY)


SPLIT = SplitMode(
    name="frames",
    summary="Pictures of a video, by time.",
    accepts=VIDEO,
    produces=IMAGE,
    params=_PARAMS,
    run=_cut,
    heavy=True,
)

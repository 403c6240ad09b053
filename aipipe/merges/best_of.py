"""The one of several that is best, by a fact of its file or by what a judge says."""

from aipipe import media
from aipipe.contracts.artefact import ArtefactRef, Value
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Sink, Tools
from aipipe.errors import StepError
from aipipe.media import merit_names, parts, words
from aipipe.media.parts import Part, parts_of

SCORES = "scores"
"""The slot of what a judge said, a place for each part."""
_QUOTED = 60
"""Characters of an answer that are quoted."""
_MOST_QUOTED = 3


def _choose(call: Call, tools: Tools) -> Produced:
    found = parts_of(call)
    said = call.inputs.get(SCORES)
    scores, warnings = (
        _judged(found, said, tools.sink) if said is not None else _measured(found, call, tools)
    )
    ranked = {place: score for place, score in enumerate(scores) if score is not None}
    prefers_least = words.text(call, "prefer") == "lowest"
    best = min(ranked, key=lambda place: ranked[place] if prefers_least else -ranked[place])
    return Produced(
        artefacts=(_kept(found[best], tools.sink),),
        notes=(_told(found, scores, best),),
        warnings=warnings,
    )


def _measured(
    found: tuple[Part, ...], call: Call, tools: Tools
) -> tuple[list[float | None], tuple[str, ...]]:
    by = words.text(call, "by") or ""
    if by not in merit_names.MEDIA:
        raise words.unknown("by", by, f"one of {', '.join(merit_names.MEDIA)}")
    scores: list[float | None] = []
    for place, part in enumerate(found):
        tools.report(place / len(found), "measuring")
        scores.append(_measure(part, by, tools))
    return scores, ()


def _measure(part: Part, by: str, tools: Tools) -> float:
    kept, fit = _kept(part, tools.sink), merit_names.MEDIA[by]
    if fit and kept.medium not in fit:
        raise StepError("merge.wrong_input", f"'{part.label}' is {kept.medium} and has no {by}")
    return media.merits.MEASURES[by](kept, tools.sink)


def _judged(
    found: tuple[Part, ...], said: Value, sink: Sink
) -> tuple[list[float | None], tuple[str, ...]]:
    answers = said if isinstance(said, tuple) else (said,)
    texts = ["" if each is None else parts.text_of(_as_part(each), sink) for each in answers]
    scores = [media.grades.grade_in(text) for text in texts]
    without = [
        f"'{part.label}' said '{_short(text)}'" if text else f"'{part.label}' was not judged"
        for part, text, score in zip(found, texts, scores, strict=True)
        if score is None
    ]
    if len(without) == len(found):
        raise StepError(
            "merge.no_score",
            f"no answer of the judge has a number from 0 to 100: {_listed(without)}",
        )
    return scores, (f"no number from 0 to 100: {_listed(without)}",) if without else ()


def _as_part(value: Value) -> Part:
    return Part(label="what the judge said", value=value)


def _kept(part: Part, sink: Sink) -> ArtefactRef:
    """A part as an artefact; a plain text becomes one."""
    if part.artefact is not None:
        return part.artefact
    return sink.adopt_text(parts.text_of(part, sink), label=part.label)


def _told(found: tuple[Part, ...], scores: list[float | None], best: int) -> str:
    """`'flux' is best: flux 91, imagen4 84.5, seedream ?`."""
    each = [
        f"{part.label} {'?' if score is None else f'{score:.4g}'}"
        for part, score in zip(found, scores, strict=True)
    ]
    return f"'{found[best].label}' is best: {', '.join(each)}"


def _listed(quotes: list[str]) -> str:
    more = len(quotes) - _MOST_QUOTED
    return ", ".join(quotes[:_MOST_QUOTED]) + (f" and {more} more" if more > 0 else "")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTED else f"{plain[: _QUOTED - 1]}…"


MERGE = MergeStrategy(
    name="best_of",
    summary="Take the best one, by a fact of its file or by a judge.",
    accepts=(),
    produces=None,
    run=_choose,
    picks=True,
    facts=merit_names.MEDIA,
    params={
        "by": {
            "type": "string",
            "enum": [*merit_names.MEDIA],
            "description": "The fact that decides: of pictures, sharpness, brightness (mean), "
            "contrast, resolution; of sound and video, duration, loudness; of texts, length "
            "(characters), words; of anything, size (bytes).",
        },
        "prefer": {
            "type": "string",
            "enum": ["highest", "lowest"],
            "default": "highest",
            "description": "Whether more is better. Of equal ones the first as written is taken.",
        },
    },
)

"""What Replicate says of a prediction: how far it is, what it made, why it failed."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import Failed, Lost, Made, Pending, PollOutcome, Problem
from aipipe.providers.http import collecting, money
from aipipe.providers.http.answers import texts_at
from aipipe.providers.http.errors import UnreadableError

RESULTS: Final = (
    "output[]",
    "output",
    *(f"output.{each}" for each in ("image", "images[]", "video", "audio", "url", "text")),
    "output.transcription",
)
"""Where models have what they made, if the catalogue does not say it."""
MODERATED: Final = ("nsfw", "flagged", "sensitive", "e005")
"""Words of an error that means moderation: it has no code of its own."""
ANOTHER_TRY: Final = ("please retry", "(code: pa)")
"""Words of an error that is Replicate's own, and asks for the same again."""
_ADDRESS: Final = re.compile(r"https?://\S+")
_PERCENT: Final = re.compile(r"(\d{1,3})%\|")


def job(name: str, call: Call) -> Job:
    """`by_output`: the catalogue's models are billed for what they make, others for their time."""
    results: list[Json] = [*(call.wire.results if call.wire else ()), *RESULTS]
    data: dict[str, Json] = {"results": results, "by_output": call.wire is not None}
    return Job(provider="replicate", id=name, data=data)


def told(of: Job, call: Call, found: Mapping[str, Json]) -> PollOutcome:
    """What an answer says.

    Raises:
        UnreadableError: nothing that is known here.
    """
    match found.get("status"):
        case "starting":
            return Pending()
        case "processing":
            return Pending(fraction=_fraction(found.get("logs")))
        case "succeeded":
            return _made(of, call, found)
        case "failed" | "canceled" | "aborted" as status:
            return _failed(of, found, status)
        case status:
            raise UnreadableError(f"the prediction's status is '{status}', which is not known")


def _fraction(logs: Json) -> float | None:
    """The last bar of progress that the model has logged."""
    found = _PERCENT.findall(logs) if isinstance(logs, str) else []
    return min(int(found[-1]), 100) / 100 if found else None


def _made(of: Job, call: Call, found: Mapping[str, Json]) -> Made | Lost:
    if found.get("data_removed") is True:
        message = "Replicate has removed the result: it keeps one for an hour"
        return Lost(problem=Problem(code="result.expired", message=message))
    values = _values(of, call, found)
    if not values:
        raise UnreadableError("the answer does not say where its result is")
    data = {**of.data, **collecting.data_of(values)}
    return Made(result=Job(provider="replicate", id=of.id, data=data))


def _values(of: Job, call: Call, found: Mapping[str, Json]) -> Sequence[str]:
    """Addresses of files; of a text, which comes in pieces, the whole."""
    paths, output = of.data.get("results"), found.get("output")
    values = texts_at(found, [*map(str, paths)] if isinstance(paths, list) else RESULTS)
    if call.output.medium not in collecting.WORDS:
        return values or [each for each in _texts(output) if "://" in each]
    if values and all(_ADDRESS.fullmatch(each) for each in values):
        return values
    if not values and output is not None:
        return [_word(json.dumps(output, ensure_ascii=False))]
    return [_word("".join(values))] if values else ()


def _word(text: str) -> str:
    """A text in a form in which it is taken for no address, whatever it begins with."""
    return f"data:text/plain;base64,{base64.b64encode(text.encode()).decode()}"


def _texts(found: Json) -> Iterator[str]:
    match found:
        case str():
            yield found
        case dict():
            for each in found.values():
                yield from _texts(each)
        case list():
            for each in found:
                yield from _texts(each)


def _failed(of: Job, found: Mapping[str, Json], status: str) -> Failed:
    said = str(found.get("error") or f"the prediction was {status}").strip()
    words, billed = said.lower(), _billed(of, found)
    refused = status == "failed" and any(word in words for word in MODERATED)
    cancelled = status == "canceled"
    code = "refused.output" if refused else "cancelled" if cancelled else "job_failed"
    return Failed(
        problem=Problem(code=code, message=said),
        retryable=billed == 0 and not refused and any(word in words for word in ANOTHER_TRY),
        billed_nano_usd=billed,
        refused=refused,
        cancelled=cancelled,
    )


def _billed(of: Job, found: Mapping[str, Json]) -> int | None:
    """Nothing where it is billed for what it makes, or has not run; else nobody tells how much."""
    metrics = found.get("metrics")
    ran = money.amount(metrics.get("predict_time")) if isinstance(metrics, dict) else None
    has_not_run = ran == 0 or (ran is None and found.get("started_at") is None)
    return 0 if of.data.get("by_output") is True or has_not_run else None

"""What a call cost, by the usage that its answer tells."""

from collections.abc import Mapping
from decimal import ROUND_CEILING

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Job, Receipt
from aipipe.providers.http import money, tokens


def receipt(job: Job, answer: Mapping[str, Json]) -> Receipt | None:
    """The receipt; None where no usage is told, or it has no price."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        return None
    prices = job.data.get(tokens.TOKENS)
    priced = frozenset(prices) if isinstance(prices, dict) else frozenset()
    return tokens.receipt(job, _counts(usage, priced))


def _counts(usage: Mapping[str, Json], priced: frozenset[str]) -> Mapping[str, Json]:
    """Counts by kind. Chat, pictures and transcripts each tell theirs in another shape."""
    if "prompt_tokens" in usage:
        return _of_chat(usage, priced)
    if usage.get("type") == "duration":
        return _of_seconds(usage.get("seconds"))
    if "input_tokens_details" in usage:
        return _of_pictures(usage)
    return _of_transcript(usage, priced)


def _of_chat(usage: Mapping[str, Json], priced: frozenset[str]) -> Mapping[str, Json]:
    read, cached = usage.get("prompt_tokens"), _inside(usage, "prompt_tokens_details")
    known = cached.get("cached_tokens")
    written: dict[str, Json] = {"text_out": usage.get("completion_tokens")}
    is_told = isinstance(read, int) and isinstance(known, int) and 0 < known <= read
    if is_told and isinstance(read, int) and isinstance(known, int) and "cached_in" in priced:
        return {"text_in": read - known, "cached_in": known, **written}
    return {"text_in": read, **written}


def _of_pictures(usage: Mapping[str, Json]) -> Mapping[str, Json]:
    """All that comes out counts as picture: no list has a price for text among it."""
    read = _inside(usage, "input_tokens_details")
    known = {"text_in": read.get("text_tokens"), "image_in": read.get("image_tokens")}
    sides = known if any(known.values()) else {"image_in": usage.get("input_tokens")}
    return {**sides, "image_out": usage.get("output_tokens")}


def _of_transcript(usage: Mapping[str, Json], priced: frozenset[str]) -> Mapping[str, Json]:
    """Sound and words that go in cost the same where the list has one price for both."""
    read = _inside(usage, "input_token_details")
    written: dict[str, Json] = {"text_out": usage.get("output_tokens")}
    if "text_in" not in priced or not any(read.values()):
        return {"audio_in": usage.get("input_tokens"), **written}
    return {"audio_in": read.get("audio_tokens"), "text_in": read.get("text_tokens"), **written}


def _of_seconds(told: Json) -> Mapping[str, Json]:
    seconds = money.amount(told)
    return {} if seconds is None else {"seconds": int(seconds.to_integral_value(ROUND_CEILING))}


def _inside(usage: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = usage.get(name)
    return found if isinstance(found, dict) else {}

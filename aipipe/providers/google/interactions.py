"""What a job's answer has, or why it has nothing. Facts: the types of google-genai 3.4.0."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Job
from aipipe.contracts.outcome import Pending, Problem
from aipipe.providers.google.requests import VERSION
from aipipe.providers.http import collecting, json_text
from aipipe.providers.http.asking import ask
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.site import Site

PENDING: Final = Pending()
GOING: Final = frozenset({"queued", "in_progress"})
OVER: Final = frozenset(
    {"completed", "failed", "cancelled", "incomplete", "budget_exceeded"}
    | {"requires_action", "requires_continuation"}
)
"""The last two need an answer that nobody will give."""
LONGEST: Final = 300
"""Characters of the provider's own words."""
LIMIT: Final = 256 << 20
"""Bytes of an answer, which may have the video in it."""
_MODERATION: Final = re.compile(r"safety|prohibited|policy|policies|blocked", re.IGNORECASE)
"""In the words of a job that failed: their codes are not published."""
_FILE: Final = re.compile(r"/v\w+/files/[a-z0-9-]+")


def path(job: Job) -> str:
    """Where a job is asked for."""
    return f"{VERSION}/interactions/{quote(job.id, safe='')}"


def asked(job: Job, site: Site) -> Mapping[str, Json]:
    """A job as it stands. Raises what `ask` raises."""
    return json_text.parsed_object(ask(site, path(job), limit=LIMIT).body)


def goes_on(answer: Mapping[str, Json]) -> bool:
    """Whether a job is not over.

    Raises:
        UnreadableError: its status is not known.
    """
    status = answer.get("status")
    if not isinstance(status, str) or status not in GOING | OVER:
        raise UnreadableError(f"the job's status is '{str(status)[:LONGEST]}', which is not known")
    return status in GOING


def problem(answer: Mapping[str, Json]) -> Problem | None:
    """Why a job that is over has no video; None: it has one."""
    status = answer.get("status")
    if status == "cancelled":
        return Problem(code="cancelled", message="the job was cancelled")
    if status == "completed" and any(_found(answer)):
        return None
    said = "; ".join(_words(answer))[:LONGEST]
    code = "refused.output" if _MODERATION.search(said) else "job_failed"
    return Problem(code=code, message=f"no video was made ({status}){f': {said}' if said else ''}")


def videos(answer: Mapping[str, Json], site: Site) -> tuple[str, ...]:
    """Addresses of videos, or videos as base64."""
    return tuple(_downloadable(each, site) for each in _found(answer))


def data_of(values: Sequence[str]) -> dict[str, Json]:
    """What a result's data keeps of them: addresses; what is long is asked for again."""
    are_short = all("://" in each[:20] for each in values)
    return collecting.data_of(values) if are_short else {}


def with_values(result: Job, site: Site) -> Job:
    """A result with its videos. Raises what `asked` raises."""
    if "values" in result.data:
        return result
    return replace(result, data=collecting.data_of(videos(asked(result, site), site)))


def _downloadable(value: str, site: Site) -> str:
    """A file of Google's is named by its address, and downloaded from another."""
    if "://" not in value[:20]:
        return value
    url = site.address(value)
    is_named = site.headers_for(url) and _FILE.fullmatch(url.path)
    return f"{value}:download?alt=media" if is_named and not url.query else value


def _found(answer: Mapping[str, Json]) -> Iterator[str]:
    """Of the model's steps: another step may hold what was sent."""
    for part in _outputs(answer):
        value = part.get("uri") or part.get("data")
        if part.get("type") == "video" and isinstance(value, str) and value:
            yield value


def _outputs(answer: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    for step in json_text.objects(answer.get("steps")):
        if step.get("type") == "model_output":
            yield from json_text.objects(step.get("content"))


def _words(answer: Mapping[str, Json]) -> Iterator[str]:
    """What a job says of its end: its errors, those of its steps, and what the model wrote."""
    steps = [step.get("error") for step in json_text.objects(answer.get("steps"))]
    for each in (*json_text.objects(answer.get("errors")), *json_text.objects(steps)):
        said = each.get("message") or each.get("code")
        code = each.get("code")
        if said:
            yield f"{code}: {said}" if isinstance(code, str) and code != said else str(said)
    for part in _outputs(answer):
        if part.get("type") == "text" and isinstance(part.get("text"), str):
            yield str(part["text"])

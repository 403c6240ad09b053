"""ComfyUI's history: how a job ended, and what it made.

`GET /history/ID` gives {} or {ID: {outputs, status}}. An output is by node: lists of files under
`images`, `gifs`, `video`, `audio`, or texts under `text`; `status` has `status_str` and `messages`,
pairs of a name and what it says, with times in milliseconds since 1970.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import urlencode

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Job
from aipipe.contracts.media import KINDS, TEXT
from aipipe.contracts.outcome import Failed, Made, PollOutcome, Problem
from aipipe.providers.http import collecting, json_text
from aipipe.providers.http.asking import ask
from aipipe.providers.http.errors import UnreadableError
from aipipe.providers.http.site import Site

LONGEST: Final = 64 << 20
Past: TypeAlias = Mapping[str, Json]
"""One job's entry."""
_MILLISECONDS: Final = 1_000
_TEXTS: Final = ("text", "string", "texts")


def asked(site: Site, path: str, name: str) -> Past | None:
    """A job's entry; None: it has none.

    Raises:
        HttpError: those of `ask`.
    """
    told = json_text.parsed_object(ask(site, path, limit=LONGEST).body)
    entry = told.get(name)
    if told and not isinstance(entry, dict):
        raise UnreadableError("the answer is not about the job that was asked for")
    return entry if isinstance(entry, dict) else None


def ended(job: Job, past: Past | None, site: Site) -> PollOutcome:
    """What became of a job that is not in the queue any more."""
    if past is None:
        message = (
            "the server has it neither in its queue nor in its history:"
            " it was taken out, or the server was started anew"
        )
        return Failed(problem=Problem(code="cancelled", message=message), cancelled=True)
    messages = dict(_messages(past))
    if "execution_interrupted" in messages:
        problem = Problem(code="cancelled", message="the job was interrupted")
        return Failed(problem=problem, cancelled=True)
    if "execution_error" in messages or _status(past).get("status_str") == "error":
        said = _why(messages.get("execution_error", {}))
        return Failed(problem=Problem(code="job_failed", message=said))
    return _made(job, past, site)


def started(past: Past) -> float | None:
    """When a job began, in seconds since 1970."""
    told = dict(_messages(past)).get("execution_start", {}).get("timestamp")
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return told / _MILLISECONDS if is_number and isinstance(told, int | float) else None


def _status(past: Past) -> Mapping[str, Json]:
    found = past.get("status")
    return found if isinstance(found, dict) else {}


def _messages(past: Past) -> Iterator[tuple[str, Mapping[str, Json]]]:
    told = _status(past).get("messages")
    for each in told if isinstance(told, list) else []:
        match each:
            case [str() as name, dict() as said]:
                yield name, said
            case _:
                continue


def _why(said: Mapping[str, Json]) -> str:
    """The words of the node that failed."""
    words = str(said.get("exception_message") or "the workflow failed").strip()
    kind, node = said.get("node_type"), said.get("node_id")
    return f"node '{node}' ({kind}): {words}" if node is not None else words


# --- what it made


def _made(job: Job, past: Past, site: Site) -> Made:
    """Results of the node that was asked for, else of all.

    Raises:
        UnreadableError: there are none.
    """
    outputs = past.get("outputs")
    by_node = outputs if isinstance(outputs, dict) else {}
    node = job.data.get("node")
    nodes = sorted(by_node, key=lambda name: (len(name), name)) if node is None else [str(node)]
    found = [made for name in nodes if isinstance(made := by_node.get(name), dict)]
    medium = job.data.get("medium")
    if medium == TEXT:
        values = [text for made in found for text in _texts(made)]
    else:
        values = [f"{site.base}/view?{urlencode(file)}" for file in _wanted(found, medium)]
    if not values:
        where = "" if node is None else f" at node '{node}'"
        raise UnreadableError(f"the workflow made no {medium or 'file'}{where}")
    return Made(result=replace(job, data={**job.data, **collecting.data_of(values)}))


def _texts(made: Mapping[str, Json]) -> Iterator[str]:
    for key in _TEXTS:
        told = made.get(key)
        for each in told if isinstance(told, list) else [told]:
            if isinstance(each, str) and each:
                yield each


def _wanted(found: list[dict[str, Json]], medium: Json) -> list[dict[str, str]]:
    """The files of a medium, by their extension; previews only where nothing was saved."""
    files = [file for made in found for file in _files(made)]
    formats = {each for kind in KINDS if kind.name == medium for each in kind.formats}
    fitting = [f for f in files if f["filename"].rpartition(".")[2].lower() in formats]
    wanted = fitting or files
    return [file for file in wanted if file["type"] == "output"] or wanted


def _files(made: Mapping[str, Json]) -> Iterator[dict[str, str]]:
    for told in made.values():
        for each in told if isinstance(told, list) else []:
            if isinstance(each, dict) and isinstance(each.get("filename"), str):
                names = ("filename", "subfolder", "type")
                yield {name: str(each.get(name) or "") for name in names}

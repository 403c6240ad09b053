"""Calls in OpenAI's dialect: each answers at once, and its answer is kept before it is read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.call import Call, Job, Receipt, Wire
from aipipe.contracts.media import DATA, TEXT
from aipipe.contracts.outcome import (
    Failed,
    FetchOutcome,
    Finished,
    Lost,
    Made,
    NotSent,
    SubmitOutcome,
    problem_of,
)
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import (
    clients,
    collecting,
    inline,
    json_text,
    outcomes,
    requests,
    tokens,
)
from aipipe.providers.http.dialect import chat, forms, usage
from aipipe.providers.http.dialect.chat import Ending
from aipipe.providers.http.dialect.forms import Form, Place
from aipipe.providers.http.dialect.refusals import RULES
from aipipe.providers.http.errors import CutOffError, HttpError, TooLargeError
from aipipe.providers.http.forms import form_of
from aipipe.providers.http.site import Site
from aipipe.providers.http.submitting import Received, Submission, submitted

LARGEST: Final = 512 << 20
"""Bytes of an answer: ten large pictures as text."""
_NOTHING: Final[Mapping[str, Json]] = {}


def _no_hint(_address: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Who speaks it, and how they differ."""

    provider: str
    site: Callable[[Tools, str], Site]
    """By the name of one of the provider's addresses."""
    prefix: str = ""
    """What stands before a form's path, where the base address has it not."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Our words that it spells otherwise, for models that no catalogue knows."""
    usual: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """What is sent to models that no catalogue knows, by the path of the form."""
    is_exact: bool = False
    """It takes the files that the specification names, and no others."""
    silence: float = clients.SUBMIT_READ
    """Seconds without a byte after which no answer is waited for."""
    unreached: Callable[[str], str | None] = _no_hint
    """What to do where nothing listens at one of its addresses."""


def submit(dialect: Dialect, call: Call, tools: Tools) -> SubmitOutcome:
    """Send a call once."""
    try:
        place = forms.place_of(call, dialect.prefix)
        site = dialect.site(tools, place.address)
        spelt = forms.spelt(call, place.form, dialect.words)
        body = _body(dialect, call, spelt, place.form, tools)
        what = _submission(dialect, spelt, place, body, tools)
    except StepError as error:
        return outcomes.unsent(error)
    with submitted(site, what, RULES) as sent:
        if isinstance(sent, Received):
            return _made(dialect, _kept(spelt, body, place), sent, tools)
        if isinstance(sent, NotSent):
            hint = dialect.unreached(place.address)
            return replace(sent, problem=replace(sent.problem, hint=hint))
        return sent


def fetch(dialect: Dialect, result: Job, call: Call, tools: Tools) -> FetchOutcome:
    """Bring what was made into the store, with what its answer says that it cost."""
    found = _read(result)
    told = usage.receipt(result, found)
    ending = chat.ending(found)
    if ending is not None:  # it was told by `submit`, unless the process ended before
        return Lost(problem=ending.problem, receipt=told)
    site = dialect.site(tools, str(result.data.get("address", "api")))
    outcome = collecting.collect(result, call, tools, site)
    if not isinstance(outcome, Finished):
        return outcome
    return replace(outcome, produced=replace(outcome.produced, receipt=told))


# --- the request


def _body(dialect: Dialect, call: Call, spelt: Call, form: Form, tools: Tools) -> dict[str, Json]:
    """All that is sent but the files of a form."""
    texts = {slot: value for slot, value in spelt.inputs.items() if not _files(value)}
    asked = replace(spelt, inputs=texts) if form.is_multipart else spelt
    body = requests.body_of(asked, tools, partial(_inline, dialect, form, tools))
    usual = dialect.usual.get(form.path, _NOTHING) if call.wire is None else _NOTHING
    whole = {**usual, **body}
    return chat.with_messages(whole, call.type) if form is forms.CHAT else whole


def _inline(dialect: Dialect, form: Form, tools: Tools, file: ArtefactRef) -> Json:
    if dialect.is_exact:
        forms.check(file, form)
    return inline.data_url(file, tools)


def _submission(
    dialect: Dialect, spelt: Call, place: Place, body: Mapping[str, Json], tools: Tools
) -> Submission:
    if not place.form.is_multipart:
        content, kind = json.dumps(body).encode(), "application/json"
        return Submission(path=place.path, body=content, content_type=kind, silence=dialect.silence)
    files = _named_files(dialect, spelt, place.form)
    form = form_of(_fields(body), files, tools)
    return Submission(
        path=place.path,
        body=form.parts(),
        content_type=form.content_type,
        headers={"Content-Length": str(form.length)},
        silence=dialect.silence,
    )


def _named_files(dialect: Dialect, spelt: Call, form: Form) -> list[tuple[str, ArtefactRef]]:
    """The files of a form, by the field of each."""
    slots = (spelt.wire or Wire()).slots
    found = [
        (slots.get(slot, slot), each) for slot, v in spelt.inputs.items() for each in _files(v)
    ]
    if dialect.is_exact:
        for _, file in found:
            forms.check(file, form)
    return found


def _fields(body: Mapping[str, Json]) -> dict[str, Json]:
    """The fields of a form: lists as `name[]`."""
    return {
        f"{name}[]" if isinstance(value, list | tuple) else name: value
        for name, value in body.items()
    }


def _files(value: Value) -> list[ArtefactRef]:
    match value:
        case ArtefactRef(medium=medium):
            return [] if medium in {TEXT, DATA} else [value]
        case tuple() | list():
            return [file for each in value for file in _files(each)]
        case _:
            return []


# --- the answer


def _kept(spelt: Call, body: Mapping[str, Json], place: Place) -> dict[str, Json]:
    """What a result must know of its call, which may be read by another process."""
    results = spelt.wire.results if spelt.wire else ()
    is_whole = body.get("response_format") in forms.WHOLE
    paths: list[Json] = [] if is_whole else [*results]
    return {"paths": paths, "address": place.address, **tokens.kept(spelt)}


def _made(
    dialect: Dialect, data: Mapping[str, Json], sent: Received, tools: Tools
) -> SubmitOutcome:
    """Keep an answer, and say what it cost; one that can't be read is kept all the same."""
    job = Job(provider=dialect.provider, id=sent.headers.get("x-request-id", ""), data=data)
    try:
        kept = tools.answered(job, None, sent.parts(LARGEST))
    except (CutOffError, TooLargeError) as error:
        return Lost(problem=problem_of(error))
    found = _read(kept)
    receipt = usage.receipt(kept, found)
    ending = chat.ending(found)
    if ending is not None:
        return _ended(ending, receipt)
    return Made(result=kept, receipt=receipt, limits=sent.limits)


def _ended(ending: Ending, receipt: Receipt | None) -> SubmitOutcome:
    """A call without a text. Where its cost is not known, it counts as what it may have cost."""
    if receipt is None:
        return Lost(problem=ending.problem)
    billed = receipt.nano_usd
    return Failed(problem=ending.problem, billed_nano_usd=billed, refused=ending.refused)


def _read(kept: Job) -> Mapping[str, Json]:
    """A kept answer in JSON; empty: it is something else, or is none."""
    answer = kept.data.get("answer")
    if not isinstance(answer, str) or not kept.data.get("paths"):
        return {}
    try:
        return json_text.parsed_object(Path(answer).read_bytes())
    except HttpError:
        return {}

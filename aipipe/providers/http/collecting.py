"""What a provider made, into the store: from addresses, from a raw answer, or from texts.

A result's `Job.data` says where it lies: `values` are addresses, base64 or texts; `answer` is the
file of a raw answer, which is what was made, or has it at `paths`.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.media import DATA, IMAGE, SUBTITLES, TEXT, VIDEO, Medium
from aipipe.contracts.outcome import FetchOutcome, Finished, Lost, NotSent, Unreadable, problem_of
from aipipe.contracts.tools import Tools
from aipipe.providers.http import inline, json_text
from aipipe.providers.http.answers import Found, texts_at
from aipipe.providers.http.downloading import download
from aipipe.providers.http.errors import (
    CutOffError,
    GoneError,
    HttpError,
    UnreachedError,
    UnreadableError,
)
from aipipe.providers.http.site import Site

LIMITS: Final[Mapping[Medium, int]] = {IMAGE: 128 << 20, VIDEO: 4 << 30}
OTHER_LIMIT: Final = 1 << 30
"""Bytes of a result that are taken."""
_SCHEME: Final = 20
"""Characters in which an address has told that it is one."""
_HEARD: Final = "speech_to_text"
"""The type of steps whose text may be empty: nobody speaks."""
WORDS: Final = frozenset({TEXT, SUBTITLES, DATA})

Adopt = Callable[[Path, Medium, Tools], ArtefactRef]


def adopted(path: Path, medium: Medium, tools: Tools) -> ArtefactRef:
    """The file as it came, in the store."""
    return tools.sink.adopt(path, medium)


def collect(
    result: Job, call: Call, tools: Tools, site: Site, adopt: Adopt = adopted
) -> FetchOutcome:
    """Bring a result into the store. `adopt` takes files whose form is the provider's own."""
    try:
        return Finished(produced=Produced(artefacts=_all(result, call, tools, site, adopt)))
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except GoneError as error:
        return Lost(problem=problem_of(error))
    except HttpError as error:
        return Unreadable(problem=problem_of(error))


def _all(
    result: Job, call: Call, tools: Tools, site: Site, adopt: Adopt
) -> tuple[ArtefactRef, ...]:
    medium = call.output.medium or TEXT
    answer, paths = result.data.get("answer"), _texts(result.data.get("paths"))
    if isinstance(answer, str) and not paths:
        copy = tools.sink.scratch("bin")
        shutil.copyfile(answer, copy)
        return (adopt(copy, medium, tools),)
    is_heard = call.type == _HEARD
    told = _values(answer, paths, empty=is_heard) if isinstance(answer, str) else ()
    values = told or _texts(result.data.get("values"))
    if not values:
        raise UnreadableError(f"the answer has no {medium} in it")
    if told and medium in WORDS:  # whatever a text begins with, it is no address
        return tuple(_word(value, medium, tools) for value in values)
    return tuple(_one(value, medium, tools, site, adopt) for value in values)


def _values(answer: str, paths: Sequence[str], *, empty: bool) -> tuple[str, ...]:
    content = Path(answer).read_bytes()
    return texts_at(json_text.parsed_object(content), paths, empty=empty)


def _one(value: str, medium: Medium, tools: Tools, site: Site, adopt: Adopt) -> ArtefactRef:
    if medium in WORDS and "://" not in value[:_SCHEME] and not value.startswith("data:"):
        return _word(value, medium, tools)
    path = tools.sink.scratch("bin")
    limit = LIMITS.get(medium, OTHER_LIMIT)
    if "://" in value[:_SCHEME]:
        download(site, value, path, limit=limit, cancelled=tools.cancelled)
    else:
        inline.write(value, path, limit)
    return adopt(path, medium, tools)


def _word(value: str, medium: Medium, tools: Tools) -> ArtefactRef:
    extension = {SUBTITLES: "srt", DATA: "json"}.get(medium, "txt")
    return tools.sink.adopt_text(value, extension=extension, medium=medium)


def _texts(found: Json) -> tuple[str, ...]:
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def made_by(job: Job, answer: Found, usual: Sequence[str]) -> Job:
    """The result of a job: it is where the job's data says, else where it `usual`ly is.

    Raises:
        UnreadableError: the answer has nothing there.
    """
    values = texts_at(answer, _texts(job.data.get("results")) or usual)
    if not values:
        raise UnreadableError("the answer does not say where its result is")
    return replace(job, data={**job.data, **data_of(values)})


def data_of(values: Sequence[str]) -> dict[str, Json]:
    """What a result's `Job.data` has of addresses, base64 or texts."""
    listed: list[Json] = [*values]
    return {"values": listed}

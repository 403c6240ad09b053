"""The description of a service: what is wrong with it, and else what it says."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from aipipe.contracts.artefact import Json
from aipipe.contracts.service import IN_PATH, WORD, Service, service_of
from aipipe.contracts.step import JsonSchema
from aipipe.language import quantities
from aipipe.language.diagnostics import Diagnostic, Fault, Path
from aipipe.language.document import Document
from aipipe.language.kinds import kind
from aipipe.language.suggestions import did_you_mean, one_of
from aipipe.language.violations import Owner, violations

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_HEADER: Final = re.compile(r"^[A-Za-z0-9-]+$")
_OURS: Final = frozenset(
    {"connection", "content-length", "content-type", "host", "transfer-encoding"}
)
"""Headers that the request itself has."""
_SECRET: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "api-key", "x-api-key", "xi-api-key"}
)
"""Headers by which services are told who calls."""
_STATES: Final = ("done", "failed", "refused", "cancelled", "pending")
_OWNER: Final = Owner(what="the description of a service")


def service_in(
    document: Document, schema: JsonSchema, known: frozenset[str]
) -> tuple[Service | None, tuple[Diagnostic, ...]]:
    """The service that a document describes, or None, with all that is wrong with it.

    `known` are the words that a body may ask for.
    """
    data = document.data
    if not isinstance(data, dict):
        return None, document.locate([_no_service(data)])
    faults = violations(data, schema, _OWNER, ()) or [*_more(data, known)]
    return (None if faults else service_of(_plain(data))), document.locate(faults)


def words_in(service: Service) -> frozenset[str]:
    """Our words that a service has a place for."""
    asked = [word for word, _ in _words(service.submit.body, ())]
    return frozenset([*asked, *words_of_path(service)])


def words_of_path(service: Service) -> frozenset[str]:
    """Our words without which there is no address."""
    return frozenset(IN_PATH.findall(service.submit.path))


def _no_service(data: Json) -> Fault:
    message = (
        f"the description of a service is a mapping with 'base' and 'submit', not {kind(data)}"
    )
    return Fault(code="no_service", message=message, at=())


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    own = _own(data)
    job = own.get("job")
    if isinstance(job, dict):
        timed = {"every": quantities.seconds(job["every"])} if "every" in job else {}
        states = {key: [_text(each) for each in job[key]] for key in _STATES if key in job}
        own["job"] = {**_own(job), **timed, **states}
    if isinstance(own.get("key"), dict):
        own["key"] = _own(own["key"])
    return {
        **own,
        "base": own["base"].rstrip("/"),
        "submit": _own(own["submit"]),
        "refusals": _own(own.get("refusals", {})),
    }


def _text(state: Json) -> str:
    """A status as answers are compared with it: `true`, `3`, `done`."""
    return json.dumps(state) if isinstance(state, bool) else str(state)


def _own(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if not key.startswith("x-")}


# --- what a schema can't say


def _more(data: Mapping[str, Any], known: frozenset[str]) -> Iterator[Fault]:
    submit = data["submit"]
    for word, at in _words(submit["body"], ("submit", "body")):
        yield from _known(word, known, at)
    for word in IN_PATH.findall(submit["path"]):
        yield from _known(word, known, ("submit", "path"))
    yield from _half(submit["body"], ("submit", "body"))
    yield from _headers(data)
    url = urlsplit(data["base"])
    if "key" in data and url.scheme == "http" and url.hostname not in _LOOPBACK:
        yield Fault(
            code="plain_http",
            message="a key is not sent without encryption",
            at=("base",),
            hints=("write  https://",),
        )


def _headers(data: Mapping[str, Any]) -> Iterator[Fault]:
    key = data.get("key", {})
    held = key.get("header", "Authorization") if isinstance(key, dict) else "Authorization"
    for name in data.get("headers", {}):
        yield from _header(name, held.lower() if key else "")


def _header(name: str, held: str) -> Iterator[Fault]:
    at: Path = ("headers", name)
    hints: tuple[str, ...] = ()
    if name.lower() in {*_OURS, held}:
        message = f"'{name}' is set already"
    elif name.lower() in _SECRET:
        message = f"'{name}' would keep a secret in a file"
        hints = (f"key: {{variable: AIPIPE_KEY_…, header: {name}}}",)
    elif not _HEADER.match(name):
        message = f"'{name}' can't be the name of a header"
    else:
        return
    yield Fault(code="header", message=message, at=at, on_key=True, hints=hints)


def _known(word: str, known: frozenset[str], at: Path) -> Iterator[Fault]:
    if word not in known:
        yield Fault(
            code="unknown_word",
            message=f"no step has an input or a parameter '{word}'",
            at=at,
            hints=did_you_mean(word, sorted(known)) or (f"there are: {one_of(sorted(known), 60)}",),
        )


def _words(value: Json, at: Path) -> Iterator[tuple[str, Path]]:
    for text, place in _texts(value, at):
        found = WORD.match(text)
        if found is not None:
            yield found[1], place


def _half(value: Json, at: Path) -> Iterator[Fault]:
    """Texts that hold a word among others."""
    for text, place in _texts(value, at):
        if "${{" in text and not WORD.match(text):
            yield Fault(
                code="word_alone",
                message="a '${{ }}' is all of its text here, and names an input or a parameter",
                at=place,
                hints=(
                    "such as  '${{ prompt }}'; what it is put together from stands in the pipeline",
                ),
            )


def _texts(value: Json, at: Path) -> Iterator[tuple[str, Path]]:
    match value:
        case str():
            yield value, at
        case list():
            for place, each in enumerate(value):
                yield from _texts(each, (*at, place))
        case dict():
            for name, each in value.items():
                yield from _texts(each, (*at, name))
        case _:
            return

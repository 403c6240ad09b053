"""What makes two things the same: the hash of their plain data, however it was written down."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aipipe.contracts.artefact import ArtefactRef, InputFile, Json, Value
from aipipe.contracts.call import Call, Produced, Wire

_SHORT = 5
"""Bytes of a part's hash: enough to see that it has changed."""


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def digest(data: Json) -> str:
    """SHA-256 of plain data in its canonical form."""
    return _sha256(canonical(data))


def canonical(data: Json) -> str:
    """Plain data as text, however it was written down: sorted keys, no spaces, 7.0 as 7."""
    return _encode(_levelled(data))


def _levelled(data: Json) -> Json:
    if isinstance(data, float):
        return int(data) if data.is_integer() else data
    if isinstance(data, list):
        return [_levelled(each) for each in data]
    if isinstance(data, dict):
        return {key: _levelled(value) for key, value in data.items()}
    return data


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Keys:
    """What a call is known by. The keys are empty for a call that nothing may stand in for."""

    key: str
    """The same key: an earlier result is this call's."""
    open_key: str
    """The same without versions of ours: an earlier call that is under way is this one."""
    parts: str
    """What they are made of, by name (`inputs.prompt`), each as a short hash; JSON."""


def of_call(call: Call, *, revision: int, generation: str) -> Keys:
    """The keys of a call whose files are in the store.

    Names, output paths and policies are not in them; `generation` tells calls under way that are
    meant to give new results from those that are not.
    """
    texts = {name: canonical(value) for name, value in _facts(call).items()}
    parts = _encode({name: _short(text) for name, text in texts.items()})
    if not call.reusable:
        return Keys("", "", parts)
    told = _encode([call.occurrence, texts if call.wire is None else _sent(call, call.wire)])
    return Keys(_sha256(f"{told} {revision}"), _sha256(f"{told} {generation}"), parts)


def _facts(call: Call) -> dict[str, Json]:
    """All that a call is known by; a part that is a file, by its content."""
    return {
        "": [call.provenance.provider, _endpoint(call), call.type],
        **{f"raw.{name}": value for name, value in call.raw.items()},
        **{f"params.{name}": value for name, value in call.params.items()},
        **{f"inputs.{slot}": _plain(value) for slot, value in call.inputs.items()},
    }


def _endpoint(call: Call) -> Json:
    """What is called; where that is a file, what it says."""
    if call.workflow is not None:
        return dict(call.workflow.graph)
    return call.endpoint if call.service is None else call.service.sent()


def _sent(call: Call, wire: Wire) -> dict[str, str]:
    """All that is sent, in the endpoint's own words: two ways to say it are the same."""
    sent: dict[str, Json] = {
        "": [call.provenance.provider, call.endpoint, call.type],
        "raw": dict(call.raw),
        "path": dict(wire.path),
        "query": dict(wire.query),
        "body": dict(wire.body),
        **{f"inputs.{wire.slots.get(n, n)}": _plain(value) for n, value in call.inputs.items()},
    }
    return {name: canonical(value) for name, value in sent.items()}


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_SHORT).hexdigest()


def changed(before: str | None, now: str) -> tuple[str, ...]:
    """The names of the parts in which two keys differ; none where nothing is known of the first.

    By the words that the user knows them by: `prompt`, `image`, `model`.
    """
    if not before:
        return ()
    then: dict[str, str] = json.loads(before)
    today: dict[str, str] = json.loads(now)
    names = [name for name in {**today, **then} if then.get(name) != today.get(name)]
    return tuple(dict.fromkeys(name.partition(".")[2] or "model" for name in names))


def made_locally(call: Call, produced: Produced, *, captions: bool) -> Produced:
    """What a local call made, known from here on by that call and not by its bytes.

    `captions` says that its labels are in what it made. No version of ours counts: a picture
    that this aipipe draws another way buys nothing anew.
    """
    told: dict[str, Json] = {
        "plugin": call.plugin,
        "params": dict(call.params),
        "inputs": _plain(call.inputs),
        "labels": list(call.labels) if captions else [],
    }
    key = digest(told)
    known = tuple(
        replace(artefact, key=f"{key}:{place}")
        for place, artefact in enumerate(produced.artefacts, start=1)
    )
    return replace(produced, artefacts=known)


def _plain(value: Value) -> Json:
    """A value with each file by what made it here, else by the hash of its content."""
    match value:
        case ArtefactRef(key=str(key)):
            return {"made": key}
        case ArtefactRef():
            return {"sha256": value.sha256}
        case InputFile():
            raise TypeError(f"'{value.path}' is not in the store")
        case tuple() | list():
            return [_plain(each) for each in value]
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case _:
            return value

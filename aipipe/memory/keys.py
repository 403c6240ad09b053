"""What makes two things the same: the hash of their plain data, however it was written down."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from aipipe.contracts.artefact import ArtefactRef, InputFile, Json, Value
from aipipe.contracts.call import Call, Produced

_SHORT = 10
"""Characters of a part's hash: enough to see that it has changed."""


def digest(data: Json) -> str:
    """SHA-256 of plain data in its canonical form: sorted keys, no spaces, 7.0 as 7."""
    text = json.dumps(
        _canonical(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(data: Json) -> Json:
    match data:
        case float() if data.is_integer():
            return int(data)
        case list():
            return [_canonical(each) for each in data]
        case dict():
            return {key: _canonical(value) for key, value in data.items()}
        case _:
            return data


Parts: TypeAlias = Mapping[str, str]
"""What a key is made of, by name (`prompt`, `image`, `endpoint`), each as a short hash."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a call is known by. The keys are empty for a call that nothing may stand in for."""

    key: str
    """The same key: an earlier result is this call's."""
    open_key: str
    """The same without versions of ours: an earlier call that is under way is this one."""
    parts: str
    """The `Parts`, as JSON."""


def of_call(call: Call, *, revision: int, generation: str) -> Keys:
    """The keys of a call whose files are in the store.

    Names, output paths and policies are not in them; `generation` tells calls under way that are
    meant to give new results from those that are not.
    """
    facts = _facts(call)
    parts = json.dumps(parts_of(facts), separators=(",", ":"))
    if not call.reusable:
        return Keys("", "", parts)
    told = {**facts, "occurrence": call.occurrence}
    return Keys(
        digest({**told, "revision": revision}), digest({**told, "generation": generation}), parts
    )


def _facts(call: Call) -> dict[str, Json]:
    return {
        "provider": call.provenance.provider,
        "endpoint": call.endpoint,
        "type": call.type,
        "params": dict(call.params),
        "raw": dict(call.raw),
        "inputs": _plain(call.inputs),
    }


def parts_of(facts: Mapping[str, Json]) -> dict[str, str]:
    """The parts of a key, by the words that the user knows them by."""
    found: dict[str, Json] = {"endpoint": [facts["provider"], facts["endpoint"], facts["type"]]}
    for kind in ("raw", "params", "inputs"):
        told = facts[kind]
        if isinstance(told, dict):
            found |= told
    return {name: digest(value)[:_SHORT] for name, value in found.items()}


def changed(before: str | None, now: str) -> tuple[str, ...]:
    """The names of the parts in which two keys differ; none where nothing is known of the first."""
    if not before:
        return ()
    then: dict[str, str] = json.loads(before)
    today: dict[str, str] = json.loads(now)
    return tuple(n for n in dict.fromkeys((*today, *then)) if then.get(n) != today.get(n))


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

"""What makes two things the same: the hash of their plain data, however it was written down."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from aipipe.contracts.artefact import ArtefactRef, InputFile, Json, Value
from aipipe.contracts.call import Call


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


@dataclass(frozen=True, slots=True)
class Keys:
    """What a call is known by. Both are empty for a call that nothing may stand in for."""

    key: str
    """The same key: an earlier result is this call's."""
    open_key: str
    """The same without versions of ours: an earlier call that is under way is this one."""


def of_call(call: Call, *, revision: int, generation: str) -> Keys:
    """The keys of a call whose files are in the store.

    Names, output paths and policies are not in them; `generation` tells new results apart
    from those that were made before.
    """
    if not call.reusable:
        return Keys("", "")
    facts: dict[str, Json] = {
        "provider": call.provenance.provider,
        "endpoint": call.endpoint,
        "type": call.type,
        "params": dict(call.params),
        "raw": dict(call.raw),
        "inputs": _plain(call.inputs),
        "occurrence": call.occurrence,
        "generation": generation,
    }
    return Keys(digest({**facts, "revision": revision}), digest(facts))


def _plain(value: Value) -> Json:
    """A value with each file by the hash of its content."""
    match value:
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

"""What makes two things the same: the hash of their plain data, however it was written down."""

import hashlib
import json

from aipipe.contracts.artefact import Json


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

"""The voices of the source file spelled out."""

from collections.abc import Mapping
from typing import Any, Final

LEGACY: Final = "a legacy voice; its provider lists it only on request"


def voices(source: Mapping[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """By provider and name: id and note."""
    return {provider: _of(known) for provider, known in source.items()}


def _of(known: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    notes = known.get("notes", {})
    current, legacy = _ids(known["current"]), _ids(known.get("legacy", {}))
    return {
        **{name: _voice(each, notes.get(name, "")) for name, each in current.items()},
        **{name: _voice(each, notes.get(name, LEGACY)) for name, each in legacy.items()},
    }


def _ids(source: Any) -> dict[str, str]:
    return dict(source) if isinstance(source, dict) else {name: name for name in source}


def _voice(id_: str, note: str) -> dict[str, str]:
    return {"id": id_, "note": note} if note else {"id": id_}

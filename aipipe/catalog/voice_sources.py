"""The voices of the source file spelled out."""

from collections.abc import Mapping
from typing import Any, Final

LEGACY: Final = "a legacy voice; its provider lists it only on request"


def voices(source: Mapping[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """By provider and name: id, note and notice."""
    return {provider: _of(known) for provider, known in source.items()}


def _of(known: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    current, legacy = _ids(known["current"]), _ids(known.get("legacy", {}))
    notes = {**dict.fromkeys(legacy, LEGACY), **known.get("notes", {})}
    notices = known.get("notices", {})
    return {
        name: _said({"id": each, "note": notes.get(name), "notice": notices.get(name)})
        for name, each in {**current, **legacy}.items()
    }


def _ids(source: Any) -> dict[str, str]:
    return dict(source) if isinstance(source, dict) else {name: name for name in source}


def _said(voice: Mapping[str, str | None]) -> dict[str, str]:
    return {key: words for key, words in voice.items() if words}

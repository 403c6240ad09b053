"""Changes of a document, each at its place as written; and the document after them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """An entry of a mapping that goes away."""

    at: Path
    note: str = ""
    """What is told of it; empty: nothing, as it follows from another change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """A value in the place of another one. Of a text, perhaps only `parts` of it change."""

    at: Path
    value: Json
    parts: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """An entry that gets another key, where it is."""

    at: Path
    key: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An entry that goes into the mapping at `to`, inside a new one `wrap` if that is given."""

    at: Path
    to: Path
    key: str
    wrap: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """An entry that the mapping at `to` gets."""

    to: Path
    key: str
    value: Json
    note: str = ""


Change: TypeAlias = Drop | Replace | Rename | Move | Add


def place(change: Change) -> Path:
    """Where it is told."""
    return change.to if isinstance(change, Add) else change.at


@dataclass(slots=True)
class Changed:
    """A document's data after changes."""

    data: Json = None
    origins: dict[Path, Path] = field(default_factory=dict)
    """From a place in it to where that stands in the text, where the two differ."""


def changed(data: Json, changes: Iterable[Change]) -> Changed:
    """The data after all of the changes; the given data stays as it is."""
    return _Rebuilding(changes).of(data)


class _Rebuilding:
    def __init__(self, changes: Iterable[Change]) -> None:
        self._by_place: dict[Path, list[Change]] = {}
        self._into: dict[Path, list[Move | Add]] = {}
        for change in changes:
            if isinstance(change, Move | Add):
                self._into.setdefault(change.to, []).append(change)
            if not isinstance(change, Add):
                self._by_place.setdefault(change.at, []).append(change)
        self._whole: Json = None
        self._result = Changed()

    def of(self, data: Json) -> Changed:
        self._whole = data
        self._result.data = self._value(data, (), ())
        return self._result

    def _value(self, value: Json, old: Path, new: Path) -> Json:
        for change in self._by_place.get(old, ()):
            if isinstance(change, Replace):
                return change.value
        if isinstance(value, list):
            return [
                self._value(each, (*old, index), (*new, index)) for index, each in enumerate(value)
            ]
        return self._mapping(value, old, new) if isinstance(value, dict) else value

    def _mapping(self, value: Mapping[str, Json], old: Path, new: Path) -> Json:
        found: dict[str, Json] = {}
        for key, each in value.items():
            name = self._key(key, (*old, key))
            if name is not None:
                found[name] = self._placed(each, (*old, key), (*new, name))
        for change in self._into.get(old, ()):
            found[change.wrap if isinstance(change, Move) and change.wrap else change.key] = (
                self._arriving(change, new)
            )
        return found

    def _key(self, key: str, at: Path) -> str | None:
        """What an entry is called where it is; None: it goes away."""
        for change in self._by_place.get(at, ()):
            match change:
                case Drop() | Move():
                    return None
                case Rename():
                    return change.key
                case _:
                    pass
        return key

    def _arriving(self, change: Move | Add, new: Path) -> Json:
        if isinstance(change, Add):
            return change.value
        inner = (*new, change.key) if change.wrap is None else (*new, change.wrap, change.key)
        value = self._placed(at(self._whole, change.at), change.at, inner)
        if change.wrap is None:
            return value
        self._result.origins[(*new, change.wrap)] = change.at
        return {change.key: value}

    def _placed(self, value: Json, old: Path, new: Path) -> Json:
        if old != new:
            self._result.origins[new] = old
        return self._value(value, old, new)


def at(data: Json, path: Path) -> Json:
    """The value at a path that is known to be there."""
    for step in path:
        if isinstance(data, dict):
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    return data

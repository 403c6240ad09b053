"""Lists and mappings that are being read, and what the anchors among them stand for."""

from dataclasses import dataclass, field

from aipipe.contracts.artefact import Json
from aipipe.language.source import Mark


@dataclass(frozen=True, slots=True)
class Anchored:
    """What an alias stands for: its value, how many nodes that is, and how deep they nest."""

    value: Json
    nodes: int = 1
    height: int = 0


@dataclass(slots=True)
class Frame:
    """A list (`items`) or mapping (`entries`) up to here."""

    mark: Mark
    anchor: str | None
    items: list[Json] | None
    entries: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)
    merged: list[dict[str, Json]] = field(default_factory=list)
    key: str | None = None
    """The key that waits for its value."""
    merging: bool = False
    """That key is `<<`."""
    nodes: int = 1
    height: int = 1

    @property
    def wants_key(self) -> bool:
        """Whether what comes next is a key."""
        return self.items is None and self.key is None

    @property
    def value(self) -> Json:
        """What was read, a merged mapping's entries behind the written ones."""
        if self.items is not None:
            return self.items
        if not self.merged:
            return self.entries
        entries: dict[str, Json] = {}
        for merged in reversed(self.merged):
            entries.update(merged)
        return {**entries, **self.entries}

    @property
    def anchored(self) -> Anchored:
        """What an alias of it stands for."""
        return Anchored(self.value, self.nodes, self.height)

    def add(self, value: Json) -> bool:
        """Take an entry. False: it is no mapping, and so it can't be merged."""
        if self.items is not None:
            self.items.append(value)
            return True
        key, self.key = self.key, None
        if self.merging:
            return self._merge(value)
        self.entries[key or ""] = value
        return True

    def holds(self, inner: Anchored) -> None:
        """Count what an entry holds."""
        self.nodes += inner.nodes
        self.height = max(self.height, inner.height + 1)

    def _merge(self, value: Json) -> bool:
        self.merging = False
        given = value if isinstance(value, list) else [value]
        mappings = [each for each in given if isinstance(each, dict)]
        self.merged.extend(mappings)
        return len(mappings) == len(given)

"""Plain data from the events of a YAML text. Nothing recurses, whatever the nesting."""

import re
from dataclasses import dataclass, field
from typing import Final, NoReturn

from aipipe.contracts.artefact import Json
from aipipe.errors import PipelineFaultsError
from aipipe.language.diagnostics import Diagnostic
from aipipe.language.events import Event, Place, events, kind
from aipipe.language.scalars import resolve
from aipipe.language.source import Mark, Source

DEEPEST: Final = 64
MOST_WRITTEN: Final = 1_000_000
MOST_FROM_ALIASES: Final = 200_000
"""Nodes that aliases stand for, all together: an alias bomb has billions."""
_CORE: Final = "tag:yaml.org,2002:"
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
}
MERGE: Final = "<<"
_BRACES: Final = re.compile(r"\{\{([^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias stands for: its value, how many nodes that is, and how deep they nest."""

    value: Json
    nodes: int
    height: int


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being read."""

    mark: Mark
    anchor: str | None
    items: list[Json] | None
    entries: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)
    merged: list[dict[str, Json]] = field(default_factory=list)
    key: str | None = None
    merging: bool = False
    nodes: int = 1
    height: int = 1

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


class Composer:
    """One reading of a text: the open lists and mappings, the anchors, and the faults so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.data: Json = None
        self.is_empty = True
        self.last: Event | None = None
        """The event read before the one that failed, for messages."""
        self.faults: list[Diagnostic] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._written = 0
        self._from_aliases = 0
        self._documents = 0

    def compose(self) -> Json:
        """The data of the text.

        Raises:
            PipelineFaultsError: it is YAML, but not of the kind that a pipeline may be.
            yaml.YAMLError: it is no YAML.
        """
        take = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._start,
            "SequenceStartEvent": self._start,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }
        for event in events(self.source.text):
            handle = take.get(kind(event))
            if handle is not None:
                handle(event)
            self.last = event
        if self.faults:
            raise PipelineFaultsError(self.faults)
        return self.data

    # --- events

    def _scalar(self, event: Event) -> None:
        self._count(event)
        stack = self._stack
        frame = stack[-1] if stack else None
        if frame is not None and frame.items is None and frame.key is None:
            self._key(event, frame)
            return
        value: Json = event.value
        if event.tag is not None or event.implicit[0]:
            value = self._typed(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)
        self._add(value, event)

    def _start(self, event: Event) -> None:
        self._count(event)
        if event.tag is not None and event.tag not in {f"{_CORE}map", f"{_CORE}seq"}:
            self._refuse_tag(event)
        if len(self._stack) >= DEEPEST:
            self._stop("too_deep", f"more than {DEEPEST} levels deep", event)
        if self._wants_key():
            self._refuse_key(event)
        is_list = kind(event) == "SequenceStartEvent"
        mark = _mark(event.start_mark)
        self._stack.append(_Frame(mark, event.anchor, [] if is_list else None))

    def _end(self, event: Event) -> None:
        frame = self._stack.pop()
        value = frame.value
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchored(value, frame.nodes, frame.height)
        if self._stack:
            above = self._stack[-1]
            above.nodes += frame.nodes - 1
            above.height = max(above.height, frame.height + 1)
        self._add(value, event)

    def _alias(self, event: Event) -> None:
        name = event.anchor
        found = self._anchors.get(name or "")
        if found is None:
            self._refuse_alias(event, name)
        self._from_aliases += found.nodes
        if self._from_aliases > MOST_FROM_ALIASES:
            self._stop(
                "alias_bomb",
                f"the aliases up to here stand for more than {MOST_FROM_ALIASES:,} values",
                event,
                "an alias repeats all that its anchor holds, aliases inside it included",
            )
        if len(self._stack) + found.height > DEEPEST:
            self._stop("too_deep", f"more than {DEEPEST} levels deep", event)
        if self._wants_key():
            self._refuse_key(event)
        if self._stack:
            above = self._stack[-1]
            above.nodes += found.nodes - 1
            above.height = max(above.height, found.height + 1)
        self._add(found.value, event)

    def _document(self, event: Event) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(
                "several_documents",
                "a second document begins here",
                event,
                "a file holds one pipeline: move the rest into a file of its own,"
                " or remove the '---'",
            )

    # --- values

    def _add(self, value: Json, event: Event) -> None:
        if not self._stack:
            self.data, self.is_empty = value, False
            return
        frame = self._stack[-1]
        frame.nodes += 1
        if frame.items is not None:
            frame.items.append(value)
        elif frame.merging:
            frame.merging, frame.key = False, None
            self._merge(value, frame, event)
        elif frame.key is not None:
            frame.entries[frame.key] = value
            frame.key = None

    def _key(self, event: Event, frame: _Frame) -> None:
        key: str = event.value
        frame.nodes += 1
        frame.key = key
        if event.tag is not None and event.tag != f"{_CORE}str":
            self._refuse_tag(event)
        mark = _mark(event.start_mark)
        first = frame.keys.setdefault(key, mark)
        if first is not mark:
            self._repeated(key, mark, first)
        frame.merging = key == MERGE and not event.style
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(key, 1, 0)

    def _merge(self, value: Json, frame: _Frame, event: Event) -> None:
        given = value if isinstance(value, list) else [value]
        mappings = [each for each in given if isinstance(each, dict)]
        if len(mappings) < len(given):
            self._fault(
                "merge_key",
                "'<<' takes a mapping, or a list of mappings",
                event,
                "it adds the entries of an anchored mapping:  <<: *base",
            )
            return
        frame.merged.extend(mappings)

    def _typed(self, event: Event) -> Json:
        tag, text = event.tag, event.value
        if tag in {f"{_CORE}str", "!"}:
            return str(text)
        try:
            value = resolve(text)
        except ValueError:
            self._fault(
                "no_such_number",
                f"'{text}' is no number that can be used",
                event,
                f"as a text, write it in quotes: '{text}'",
            )
            return None
        if tag is None:
            return value
        wanted = _KINDS.get(tag.removeprefix(_CORE))
        if wanted is None or not isinstance(value, wanted):
            self._refuse_tag(event)
        return value

    # --- faults

    def _wants_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].items is None and self._stack[-1].key is None

    def _count(self, event: Event) -> None:
        self._written += 1
        if self._written > MOST_WRITTEN:
            self._stop("too_many_values", f"more than {MOST_WRITTEN:,} values", event)

    def _refuse_tag(self, event: Event) -> NoReturn:
        tag = (event.tag or "").replace(_CORE, "!!")
        self._stop(
            "tag",
            f"the tag '{tag}' is not allowed",
            event,
            "a pipeline is plain data: remove the tag",
            length=len(tag),
        )

    def _refuse_key(self, event: Event) -> NoReturn:
        line = self.source.line(event.start_mark.line)
        braces = _BRACES.search(line, max(0, event.start_mark.column - 3))
        if braces is None:
            hint = "a key is one word: write 'key: value'"
            self._stop("key_not_text", "a list or mapping can't be a key", event, hint)
        self._stop(
            "quote_it",
            "a reference is written with a '$', and inside '{…}' or '[…]' in quotes",
            event,
            f'write "${{{{ {braces[1].strip()} }}}}"',
            length=len(braces[0]),
        )

    def _refuse_alias(self, event: Event, name: str | None) -> NoReturn:
        if any(frame.anchor == name for frame in self._stack):
            self._stop("alias_in_itself", f"'*{name}' stands inside what it stands for", event)
        self._stop(
            "unknown_alias",
            f"no anchor '&{name}' stands before this",
            event,
            f"a text that begins with '*' must be quoted: '*{name}'",
            length=len(f"*{name}"),
        )

    def _repeated(self, key: str, mark: Mark, first: Mark) -> None:
        self.faults.append(
            self.source.diagnostic(
                "repeated_key",
                f"the key '{key}' stands here a second time",
                mark,
                f"the first is at line {first.line + 1}: only one of them can count",
                length=len(key),
            )
        )

    def _fault(self, code: str, message: str, event: Event, *hints: str) -> None:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        self.faults.append(
            self.source.diagnostic(code, message, _mark(start), *hints, length=length)
        )

    def _stop(
        self, code: str, message: str, event: Event, *hints: str, length: int = 1
    ) -> NoReturn:
        mark = _mark(event.start_mark)
        last = self.source.diagnostic(code, message, mark, *hints, length=length)
        raise PipelineFaultsError([*self.faults, last])


def _mark(place: Place) -> Mark:
    return Mark(place.line, place.column)

"""Plain data from the events of a YAML text. Nothing recurses, whatever the nesting."""

from collections.abc import Callable
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.errors import PipelineFaultsError
from aipipe.language import refusals
from aipipe.language.diagnostics import Diagnostic
from aipipe.language.events import MERGE, Event, events, kind, merges, start
from aipipe.language.frames import Anchored, Frame
from aipipe.language.scalars import TEXT_TAGS, fits, resolve, short_tag
from aipipe.language.source import Mark, Source
from aipipe.language.syntax.brackets import DEEPEST

MOST_WRITTEN: Final = 1_000_000
MOST_FROM_ALIASES: Final = 200_000
"""Nodes that aliases stand for, all together: an alias bomb has billions."""
MOST_FAULTS: Final = 100
"""Nobody reads more; a hostile file has a million."""
_SHAPES: Final = {"MappingStartEvent": "!!map", "SequenceStartEvent": "!!seq"}


class Composer:
    """One reading of a text: the open lists and mappings, the anchors, and the faults so far."""

    def __init__(self, source: Source) -> None:
        self.faults: list[Diagnostic] = []
        self.last: Event | None = None
        """The event read before the one that failed, for messages."""
        self._source = source
        self._data: Json = None
        self._stack: list[Frame] = []
        self._anchors: dict[str, Anchored] = {}
        self._written = 0
        self._from_aliases = 0
        self._documents = 0
        self._take: dict[str, Callable[[Event], None]] = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._start,
            "SequenceStartEvent": self._start,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }

    @property
    def open(self) -> tuple[Mark, ...]:
        """Where the lists and mappings begin that are still being read, outermost first."""
        return tuple(frame.mark for frame in self._stack)

    def compose(self) -> Json:
        """The data of the text.

        Raises:
            PipelineFaultsError: it is YAML, but not of the kind that a pipeline may be.
            yaml.YAMLError: it is no YAML.
        """
        for event in events(self._source.text):
            handle = self._take.get(kind(event))
            if handle is not None:
                handle(event)
            self.last = event
        if self.faults:
            raise PipelineFaultsError(self.faults)
        return self._data

    def _scalar(self, event: Event) -> None:
        self._count(event)
        if self._stack and self._stack[-1].wants_key:
            found = Anchored(self._key(event, self._stack[-1]))
        else:
            is_typed = event.tag is not None or event.implicit[0]
            found = Anchored(self._typed(event) if is_typed else event.value)
            self._add(found)
        if event.anchor is not None:
            self._anchors[event.anchor] = found

    def _start(self, event: Event) -> None:
        self._count(event)
        shape = _SHAPES[kind(event)]
        if event.tag is not None and short_tag(event.tag) != shape:
            raise self._refused(refusals.tag(self._source, event, short_tag(event.tag)))
        if len(self._stack) >= DEEPEST:
            raise self._refused(refusals.too_deep(self._source, event, DEEPEST))
        self._refuse_as_key(event)
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        items: list[Json] | None = [] if shape == "!!seq" else None
        self._stack.append(Frame(start(event), event.anchor, items))

    def _end(self, _event: Event) -> None:
        read = self._stack.pop()
        found = read.anchored
        if read.anchor is not None:
            self._anchors[read.anchor] = found
        self._add(found)

    def _alias(self, event: Event) -> None:
        found = self._anchors.get(event.anchor or "")
        if found is None:
            raise self._refused(self._no_anchor(event))
        self._from_aliases += found.nodes
        if self._from_aliases > MOST_FROM_ALIASES:
            raise self._refused(refusals.alias_bomb(self._source, event, MOST_FROM_ALIASES))
        if len(self._stack) + found.height > DEEPEST:
            raise self._refused(refusals.too_deep(self._source, event, DEEPEST))
        self._refuse_as_key(event)
        self._add(found)

    def _document(self, event: Event) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._refused(refusals.several_documents(self._source, event))

    def _add(self, found: Anchored) -> None:
        if not self._stack:
            self._data = found.value
            return
        frame = self._stack[-1]
        frame.holds(found)
        if not frame.add(found.value):
            self._note(refusals.merge(self._source, frame.keys[MERGE]))

    def _key(self, event: Event, frame: Frame) -> str:
        if event.tag is not None and event.tag not in TEXT_TAGS:
            raise self._refused(refusals.tag(self._source, event, short_tag(event.tag)))
        frame.nodes += 1
        frame.key = event.value
        frame.merging = merges(event)
        mark = start(event)
        first = frame.keys.setdefault(event.value, mark)
        if first is not mark:
            self._note(refusals.repeated_key(self._source, event, first))
        return event.value

    def _typed(self, event: Event) -> Json:
        if event.tag in TEXT_TAGS:
            return event.value
        try:
            value = resolve(event.value)
        except ValueError:
            self._note(refusals.number(self._source, event))
            return None
        if event.tag is not None and not fits(value, event.tag):
            raise self._refused(refusals.tag(self._source, event, short_tag(event.tag)))
        return value

    def _count(self, event: Event) -> None:
        self._written += 1
        if self._written > MOST_WRITTEN:
            raise self._refused(refusals.too_many(self._source, event, MOST_WRITTEN))

    def _no_anchor(self, event: Event) -> Diagnostic:
        if any(frame.anchor == event.anchor for frame in self._stack):
            return refusals.alias_in_itself(self._source, event)
        return refusals.unknown_alias(self._source, event, self._anchors)

    def _refuse_as_key(self, event: Event) -> None:
        if self._stack and self._stack[-1].wants_key:
            raise self._refused(refusals.key(self._source, event))

    def _note(self, fault: Diagnostic) -> None:
        self.faults.append(fault)
        if len(self.faults) >= MOST_FAULTS:
            raise PipelineFaultsError(self.faults)

    def _refused(self, last: Diagnostic) -> PipelineFaultsError:
        return PipelineFaultsError([*self.faults, last])

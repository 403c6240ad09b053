"""What flows through a scope: what reaches the next step, and how a step inside reads it."""

from dataclasses import replace

from aipipe.contracts.media import TEXT, Medium
from aipipe.planning.bindings import (
    Binding,
    Const,
    FileOf,
    FromItem,
    FromRun,
    FromStep,
    Joined,
    ListOf,
    MapOf,
    One,
    StepRef,
)
from aipipe.planning.scopes import (
    GivenSource,
    ItemSource,
    ListSource,
    Output,
    Scope,
    Source,
    StepSource,
    Stream,
    WrittenSource,
    batches_between,
    media_of,
)
from aipipe.planning.value_types import medium_of


def after(stream: Stream, output: Source) -> Stream:
    """What reaches the step after one with this output, and an item of a batch.

    Text is carried past every step, other media only past steps whose output is text.
    """
    passes = medium_of(output.type) == TEXT
    carried = {m: s for m, s in stream.carried.items() if passes or m == TEXT}
    before = stream.arriving
    if before is not None and isinstance(before.type, One) and before.type.medium is not None:
        medium = before.type.medium
        if passes or medium == TEXT:
            carried[medium] = before
    return Stream(output, carried, stream.doubtful or is_broken(output))


def is_broken(source: Source) -> bool:
    """Whether a value comes from a step that is at fault."""
    match source:
        case StepSource():
            return source.output.broken
        case ListSource(parts):
            return any(part.output.broken for part in parts)
        case _:
            return False


def media_in(source: Source) -> frozenset[Medium]:
    """Every medium that is known to lie in a value, however deep."""
    match source:
        case StepSource():
            return media_of(source.output)
        case ListSource(parts):
            return frozenset().union(*(media_of(part.output) for part in parts))
        case WrittenSource(media=media):
            return media
        case _:
            return media_of(Output(source.type))


def binding_at(source: Source, scope: Scope) -> Binding:
    """How a step that stands in `scope` reads a source."""
    match source:
        case GivenSource():
            return Const(source.known)
        case StepSource():
            return FromStep(StepRef(scope.climb(source.scope), source.index))
        case ItemSource():
            return FromItem(batches_between(scope, source.scope), "value")
        case ListSource(parts):
            return ListOf(tuple(binding_at(part, scope) for part in parts))
        case WrittenSource(scope=home, binding=binding):
            return _seen_from_inside(binding, scope.climb(home), batches_between(scope, home))


def _seen_from_inside(  # noqa: PLR0911 (a case for each kind of binding)
    binding: Binding, scopes: int, batches: int
) -> Binding:
    """A binding as it is seen that many scopes, and that many batches, further in."""
    match binding:
        case Const() | FromRun():
            return binding
        case FromStep(ref, field):
            return FromStep(replace(ref, up=ref.up + scopes), field)
        case FromItem(up, field, column):
            return FromItem(up + batches, field, column)
        case FileOf(FromItem(up, field, column), medium):
            return FileOf(FromItem(up + batches, field, column), medium)
        case Joined(parts):
            return Joined(tuple(_seen_from_inside(part, scopes, batches) for part in parts))
        case ListOf(items):
            return ListOf(tuple(_seen_from_inside(item, scopes, batches) for item in items))
        case MapOf(entries):
            return MapOf({k: _seen_from_inside(v, scopes, batches) for k, v in entries.items()})

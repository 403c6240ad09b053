"""A written value once it is known where it comes from."""

from dataclasses import dataclass

from aipipe.contracts.media import Medium
from aipipe.planning.bindings import Binding, ValueType
from aipipe.planning.scopes import Output, media_of


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding and the type of its value."""

    binding: Binding
    type: ValueType
    media: frozenset[Medium] = frozenset()
    """All that lies in a list whose places differ."""


def media_in(bound: Bound) -> frozenset[Medium]:
    """Every medium that is known to lie in a value, however deep."""
    return media_of(Output(bound.type, media=bound.media))

"""What is known of a value before there is one."""

from collections.abc import Mapping, Sequence

from aipipe.contracts.artefact import Value
from aipipe.contracts.media import DATA, TEXT, Medium
from aipipe.planning.bindings import Many, One, ValueType


def medium_of(value: ValueType) -> Medium | None:
    """The medium of a value, or of what a list holds in the end."""
    while isinstance(value, Many):
        value = value.of
    return value.medium


def common_type(types: Sequence[ValueType]) -> ValueType:
    """The type of a list's places: their own where they agree, else nothing is known of them."""
    if not types:
        return One(None)
    if all(type_ == types[0] for type_ in types):
        return types[0]
    lists = [type_ for type_ in types if isinstance(type_, Many)]
    if len(lists) == len(types):
        return Many(common_type([each.of for each in lists]), None)
    return One(None)


def leaves_of(value: ValueType) -> int | None:
    """How many single values lie in a value; None: not known."""
    match value:
        case One(medium):
            return None if medium is None else 1
        case Many(of, count):
            inside = leaves_of(of)
            return None if inside is None or count is None else inside * count


def type_of_value(value: Value) -> ValueType:
    """The type of plain data."""
    if isinstance(value, str):
        return One(TEXT)
    if isinstance(value, list | tuple):
        return Many(common_type([type_of_value(each) for each in value]), len(value))
    return One(DATA if isinstance(value, Mapping) else None)

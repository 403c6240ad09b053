"""A finished piece of media, known by the hash of its bytes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

from aipipe.contracts.addresses import is_address
from aipipe.contracts.media import Medium

INLINE_TEXT_LIMIT = 16_384
"""Characters up to which a text travels inside its reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactRef:
    """A file of the store, with the facts that others decide by. Picklable, never the bytes.

    `width` and `height` are pixels, `seconds` is the length in time; each is None where the
    medium has no such thing. `text` carries the content of a text of at most
    `INLINE_TEXT_LIMIT` characters; a longer one is read from the store.
    """

    sha256: str
    medium: Medium
    extension: str
    """Without the dot, in lower case; it agrees with the content."""
    bytes: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    text: str | None = None
    label: str | None = None
    """What to call it in captions: a step's label, an item's key, a file's stem."""
    mock: bool = False
    """Made by the embedded engine in the place of another model."""
    key: str | None = None
    """Of the local call that made it: what it is known by, since its bytes may come out
    differently each time. None: it is known by its bytes."""
    address: str | None = None
    """Where the user's file was downloaded, for providers that take nothing else."""


def plain(artefact: ArtefactRef) -> "dict[str, Json]":
    """An artefact to be kept, without its address: that may be signed."""
    return {name: value for name, value in asdict(artefact).items() if name != "address"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file of the user's, by its absolute path or its address.

    It enters the store when a call reads it.
    """

    path: str
    medium: Medium
    label: str
    """The file's stem."""

    @property
    def is_remote(self) -> bool:
        """Whether it has to be downloaded."""
        return is_address(self.path)


Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""Plain data."""

Value: TypeAlias = "Json | ArtefactRef | InputFile | tuple[Value | None, ...] | Mapping[str, Value]"
"""What travels along an edge: plain data, one artefact, or a list in which None is a gap."""

"""A provider's own host: its credentials go there and nowhere else."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aipipe.contracts.provider import Address
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import addresses

if TYPE_CHECKING:
    import httpx

HIDDEN = "***"
_SHORTEST = 4
"""Characters from which on a part of a key is one by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A provider's base address, and the headers that hold its credentials."""

    base: str
    """Without a `/` at the end."""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name, value in self.credentials.items():
            if not (value.isascii() and value.isprintable()):
                message = f"the key for '{name}' has a character that no header can hold"
                raise StepError("bad_key", message, hint="copy it again, without line ends")

    def address(self, path: str) -> "httpx.URL":
        """An address of this site, or the one that an answer named.

        Raises:
            UnreadableError: it can't be followed.
        """
        if path.startswith("/") and not path.startswith("//"):
            return addresses.parsed(self.base + path)
        return addresses.joined(f"{self.base}/", path)

    def headers_for(self, url: "httpx.URL") -> Mapping[str, str]:
        """The credentials, for this site's own scheme, host and port; nothing for any other."""
        own = addresses.origin(addresses.parsed(self.base))
        return self.credentials if addresses.origin(url) == own else {}

    @property
    def account(self) -> int:
        """Tells what was done with one key from what was done with another, without holding it."""
        return hash(tuple(self.credentials.values()))

    def without_credentials(self, text: str) -> str:
        """A text for a message, where a server or a client has quoted a key."""
        for word in self.words:
            text = text.replace(word, HIDDEN)
        return text

    @property
    def words(self) -> tuple[str, ...]:
        """The credentials, and the parts of each that are secret by themselves; longest first."""
        values = [*self.credentials.values(), *map(_basic, self.credentials.values())]
        whole = {word for v in values for word in (v, v.rpartition(" ")[2])}
        parts = {part for word in whole if " " not in word for part in word.split(":")}
        found = whole | {part for part in parts if len(part) >= _SHORTEST}
        return tuple(sorted(found - {""}, key=len, reverse=True))


def _basic(value: str) -> str:
    """User and password of a header that holds them as base64; empty: it is another header."""
    kind, _, encoded = value.partition(" ")
    if kind != "Basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return ""


def site_of(
    tools: Tools, address: Address, *, keys: Sequence[str], header: str, prefix: str = ""
) -> Site:
    """A provider's site; the first of `keys` that is set is its secret.

    Raises:
        StepError: the key has a character that no header can hold.
    """
    found = next((value for key in keys if (value := (tools.secret(key) or "").strip())), "")
    credentials = {header: f"{prefix}{found}"} if found else {}
    return Site(base=address.chosen(tools.secret), credentials=credentials)

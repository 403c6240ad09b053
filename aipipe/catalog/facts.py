"""What is known of a call before it is made."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one call before it is made; None: not known yet."""

    characters: int | None = None
    """Of the text slot (prompt, text)."""
    seconds: float | None = None
    """Of the arriving audio or video."""
    megapixels: Decimal | None = None
    """Of the arriving picture."""

"""A document's text in the forms of today, proven to mean the same."""

from dataclasses import dataclass

from aipipe.contracts.fragments import Fragments
from aipipe.errors import PipelineFaultsError
from aipipe.language.document import Document
from aipipe.language.earlier.changes import Change, changed
from aipipe.language.earlier.entries import HiddenError
from aipipe.language.earlier.finding import Successor, changes
from aipipe.language.earlier.rewriting import rewritten
from aipipe.language.reader import read_text

_ROUNDS = 10_000
"""A file with more moves than this does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A file's text in the forms of today, and what was changed for it."""

    text: str
    changes: tuple[Change, ...]


class UnwritableError(Exception):
    """A text that can't be rewritten without changing more than it should; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def migrated(document: Document, fragments: Fragments, successor: Successor) -> Migrated:
    """The document's text in the forms of today.

    Raises:
        UnwritableError: it would not mean the same.
    """
    first = changes(document.data, fragments, successor)
    if not first:
        return Migrated(text=document.source.text, changes=())
    wanted = changed(document.data, first).data
    try:
        after = _rewritten(document, fragments, successor)
    except HiddenError as error:
        reason = f"'{error}' stands behind an alias or '<<': write it out where it is used"
        raise UnwritableError(reason) from error
    except PipelineFaultsError as error:
        raise UnwritableError("the way it is written is not understood well enough") from error
    if after.data != wanted:
        raise UnwritableError("the way it is written is not understood well enough")
    return Migrated(text=after.source.text, changes=tuple(first))


def _rewritten(document: Document, fragments: Fragments, successor: Successor) -> Document:
    known = bool(changes(document.data, fragments))
    for _ in range(_ROUNDS):
        left = changes(document.data, fragments, successor, known=known)
        if not left:
            break
        document = read_text(rewritten(document, left), document.name)
    return document

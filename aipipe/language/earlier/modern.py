"""A document of the earlier tool as one of today, with its notes."""

from dataclasses import replace

from aipipe.contracts.fragments import Fragments
from aipipe.language.diagnostics import Diagnostic
from aipipe.language.document import Document
from aipipe.language.earlier.changes import changed
from aipipe.language.earlier.finding import changes
from aipipe.language.earlier.telling import notes, way_out


def modern(document: Document, fragments: Fragments) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document as it is understood, and what was of the earlier tool's forms."""
    found = changes(document.data, fragments)
    if not found:
        return document, ()
    after = changed(document.data, found)
    told = document.locate(notes(found)) + document.locate([way_out(document.name)])
    return replace(document, data=after.data, origins=after.origins), told

"""What came from an address, before it is believed to be a file of its medium."""

from pathlib import Path

from aipipe.contracts.media import TEXT, Medium
from aipipe.errors import StepError
from aipipe.media import signatures, texts


def check_arrived(path: Path, medium: Medium) -> None:
    """Pass where no web page came in the place of the file; a text is UTF-8 then.

    Raises:
        StepError: `input.download`, when something else came.
    """
    with path.open("rb") as file:
        head = file.read(signatures.HEAD)
    if not head:
        raise StepError("input.download", "the file is empty")
    if signatures.is_html(head):
        title = signatures.html_title(head)
        named = f" ('{title}')" if title else ""
        raise StepError("input.download", f"a web page came{named}, not {_a(medium)}")
    if medium == TEXT:
        _as_utf8(path)


def _as_utf8(path: Path) -> None:
    content = path.read_bytes()
    try:
        text = texts.decoded(content)
    except UnicodeDecodeError as error:
        message = f"a text file is UTF-8, and this one is not, at byte {error.start + 1}"
        raise StepError("input.download", message) from None
    path.write_bytes(text.encode())


def _a(medium: Medium) -> str:
    return f"an {medium} file" if medium[0] in "aeiou" else f"a {medium} file"

"""Files at addresses. None is asked for when planning: the address has to say what is there."""

from urllib.parse import urlsplit

from aipipe.contracts.addresses import extension_of, shown, stem_of
from aipipe.contracts.artefact import InputFile
from aipipe.contracts.media import DATA, SUBTITLES, TEXT, Medium
from aipipe.language.diagnostics import Path
from aipipe.planning.context import Context

_SCHEMES = frozenset({"http", "https"})
_READ_AS_TEXT = frozenset({DATA, SUBTITLES})
"""What a step gets as its words, as it does from a file of this machine."""


def file_at(
    address: str,
    at: Path,
    context: Context,
    *,
    said: Medium | None = None,
    wanted: Medium | None = None,
) -> InputFile | None:
    """The promise to download a file; None: the address is at fault (and that is noted).

    Its medium is the one that is `said`, else by its extension, else the one that is `wanted`
    where it stands.
    """
    if not _can_be_followed(address, at, context):
        return None
    medium = said or context.registry.medium_of_extension(extension_of(address)) or wanted
    if medium is None:
        _tell_unknown(address, at, context)
        return None
    medium = TEXT if medium in _READ_AS_TEXT else medium
    return InputFile(path=address, medium=medium, label=stem_of(address))


def said_medium(name: object, at: Path, context: Context) -> Medium | None:
    """The medium that `type:` beside `url:` says; None: there is no such (and that is noted)."""
    if isinstance(name, str) and name in context.registry.kinds:
        return name
    known = ", ".join(context.registry.kinds)
    context.fault("unknown_medium", f"'{name}' is no kind of file", at, f"there are: {known}")
    return None


def _can_be_followed(address: str, at: Path, context: Context) -> bool:
    told = _trouble(address)
    if told is not None:
        message, hint = told
        context.fault("address_not_followed", message, at, hint)
    return told is None


def _trouble(address: str) -> tuple[str, str] | None:
    """What keeps an address from being followed, and what to do; None: nothing."""
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        return f"'{shown(address)}' names no server", "https://example.com/picture.png"
    if parts.scheme not in _SCHEMES:
        hint = "download it and name the file"
        return f"'{parts.scheme}' addresses are not followed, only http and https", hint
    if "@" in parts.netloc:
        hint = "download it and name the file"
        return f"the address at '{parts.hostname}' has a password in it", hint
    return None


def _tell_unknown(address: str, at: Path, context: Context) -> None:
    context.fault(
        "unknown_medium",
        f"'{shown(address)}' does not say what is there",
        at,
        "{url: …, type: image}  in the file says it",
    )

"""Where a task's output goes inside the output folder: as `output_file` says, or by its path."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from aipipe.contracts.media import Medium
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression
from aipipe.language.spec import MergeStep, ModelStep, SplitStep
from aipipe.planning.bindings import Binding, Const, FromItem, Joined
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind, joined, text_of
from aipipe.planning.outputs import OWN_FILES, folded
from aipipe.planning.params import OUTPUT_FILE
from aipipe.planning.part_folders import batches, folder, inner_batches
from aipipe.planning.path_pieces import piece_of
from aipipe.planning.place import Place
from aipipe.planning.plan import OutputName
from aipipe.planning.scopes import Scope

_OWN_NAMES = (*OWN_FILES, "mock")
"""What aipipe itself writes into an output folder; mocks go to a folder of their own."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_NAME = "a name has no empty parts, no control characters, no '\\' and no '.' or space at an end"


def output_name(
    step: ModelStep | MergeStep | SplitStep,
    medium: Medium | None,
    extension: str | None,
    place: Place,
    context: Context,
) -> OutputName | None:
    """Where a task's outputs go. None: nowhere, or the name is at fault (and noted).

    `extension` is what is written unless the name says otherwise; None: the medium's own.
    """
    if medium is None:
        return None
    written = step.params.get(OUTPUT_FILE)
    if written is not None:
        return _written(written, medium, place, (*step.at, "params", OUTPUT_FILE), context)
    return _default(place, extension or context.registry.kinds[medium].default_format)


def _default(place: Place, extension: str) -> OutputName:
    """The name of an output that the file does not name: `<id>[-<key>]`, ids and keys from the top.

    `voices[17].clip` goes to `voices-clip-17`, `pictures.2` to `pictures-2`, and
    `pictures[model=flux_dev,seed=7]` to `pictures-flux_dev-7`.
    """
    ids = piece_of(place.path)
    keys = [FromItem(up, "key") for up in reversed(range(batches(place.scope)))]
    parts = [Const(ids), *(part for key in keys for part in (Const("-"), key))]
    return OutputName(stem=joined(parts), extension=extension)


def _written(
    written: Expression, medium: Medium, place: Place, at: Path, context: Context
) -> OutputName | None:
    """The name that `output_file` asks for; None: it is at fault (and noted)."""
    bound = bind(written, place.scope, at, context)
    if bound is None:
        return None
    place.reads.all_of(bound.binding)
    shown = _shown(bound.binding)
    if not _is_inside(shown, at, context):
        return None
    extension = PurePosixPath(_last_words(bound.binding)).suffix[1:].lower()
    if extension not in context.registry.kinds[medium].formats:
        _tell_extension(extension, medium, at, context)
        return None
    if not _names_every_item(bound.binding, place.scope, at, context):
        return None
    stem = _without(bound.binding, len(extension) + 1)
    return OutputName(stem=joined([*folder(place.scope), stem]), extension=extension)


def _shown(binding: Binding) -> str:
    """The text with a letter in the place of each reference, which never leads anywhere."""
    match binding:
        case Const(value):
            return text_of(value)
        case Joined(parts):
            return "".join(_shown(part) for part in parts)
        case _:
            return "x"


def _last_words(binding: Binding) -> str:
    """The end of a name, as far as it is written out."""
    match binding:
        case Const(value):
            return f"x{text_of(value)}"
        case Joined(parts):
            return _last_words(parts[-1])
        case _:
            return ""


def _without(binding: Binding, length: int) -> Binding:
    """A name without its last characters, which are written out."""
    match binding:
        case Const(value):
            return Const(text_of(value)[:-length])
        case Joined(parts):
            rest = [*parts[:-1], _without(parts[-1], length)]
            return joined([part for part in rest if part != Const("")])
        case _:
            return binding


def _is_inside(name: str, at: Path, context: Context) -> bool:
    parts = name.replace("\\", "/").split("/")
    if parts[0] in {"", "~"} or re.match(r"~|[A-Za-z]:", name) or ".." in parts:
        context.fault(
            "outside_output_folder",
            f"'{name}' leaves the output folder",
            at,
            "name a file inside it; --output-dir says where the folder is",
        )
        return False
    if _CONTROL.search(name) or "\\" in name or any(_is_unfit(part) for part in parts):
        context.fault("unfit_file_name", f"{_quoted(name)} is no file name", at, _NO_NAME)
        return False
    if folded(parts[0]) in _OWN_NAMES:
        context.fault("unfit_file_name", f"'{parts[0]}' is aipipe's own", at, "choose another name")
        return False
    return True


def _is_unfit(part: str) -> bool:
    return not part or part != part.strip(" ") or part.endswith(".")


def _quoted(name: str) -> str:
    return f"'{_CONTROL.sub('�', name)}'"


def _tell_extension(extension: str, medium: Medium, at: Path, context: Context) -> None:
    known = " ".join(f".{each}" for each in context.registry.kinds[medium].formats)
    what = f"'.{extension}' is no {medium} format" if extension else "the name has no extension"
    context.fault("wrong_extension", what, at, f"{medium} is written as: {known}")


def _names_every_item(binding: Binding, scope: Scope, at: Path, context: Context) -> bool:
    if {part.up for part in _items(binding)} >= set(range(inner_batches(scope))):
        return True
    context.fault(
        "one_name_for_all_items",
        "every item would be written to the same file",
        at,
        "put the key of each batch's item into the name:  voice_${{ item.key }}.mp3",
    )
    return False


def _items(binding: Binding) -> Iterator[FromItem]:
    match binding:
        case FromItem():
            yield binding
        case Joined(parts):
            for part in parts:
                yield from _items(part)
        case _:
            return

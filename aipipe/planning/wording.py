"""Types of values in the user's words."""

from aipipe.contracts.media import TEXT, Medium
from aipipe.language.references import Expression, Reference
from aipipe.planning.bindings import Many, One, ValueType
from aipipe.planning.context import Context

_SINGULAR = {
    "text": "text",
    "image": "an image",
    "audio": "audio",
    "video": "a video",
    "subtitles": "subtitles",
    "data": "data",
    "archive": "an archive",
}


def of_medium(medium: Medium | None) -> str:
    """`an image`."""
    return _SINGULAR.get(medium, f"'{medium}'") if medium is not None else "plain data"


def of_type(value: ValueType, context: Context) -> str:
    """`an image`, `a list of 3 images`, `a list of lists of texts`."""
    if isinstance(value, One):
        return of_medium(value.medium)
    count = f"{value.count} " if value.count is not None else ""
    return f"a list of {count}{_plural(value.of, context)}"


def _plural(value: ValueType, context: Context) -> str:
    if isinstance(value, Many):
        return f"lists of {_plural(value.of, context)}"
    if value.medium is None:
        return "values"
    return context.plurals.get(value.medium, "texts" if value.medium == TEXT else value.medium)


def of_origin(written: Expression, key: str) -> str:
    """Where a written value comes from: `params`, `input: steps.hero.output`."""
    return f"{key}: {'.'.join(written.path)}" if isinstance(written, Reference) else key


def of_given(words: str, value: ValueType, context: Context) -> str:
    """`'hero' gives an image`, `'cat' and 'dog' give a list of 2 images`."""
    is_plural = " and " in words or words.endswith("inputs")
    return f"{words} {'give' if is_plural else 'gives'} {of_type(value, context)}"

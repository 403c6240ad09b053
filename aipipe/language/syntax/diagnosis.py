"""What the YAML parser stumbled over, in words that say what to write instead."""

from typing import TYPE_CHECKING, Final

from aipipe.language.composer import Composer
from aipipe.language.diagnostics import Diagnostic
from aipipe.language.source import Mark, Source
from aipipe.language.syntax import brackets, colons, indentation, quotes, special
from aipipe.language.syntax.stumble import Judge, Stumble, Verdict

if TYPE_CHECKING:
    from yaml import YAMLError

_JUDGES: Final[tuple[Judge, ...]] = (
    brackets.too_deep,
    indentation.tab,
    special.directive,
    brackets.reference,
    quotes.never_closed,
    quotes.closed_elsewhere,
    colons.without_space,
    colons.inside_text,
    colons.missing,
    indentation.list_behind_key,
    indentation.unfit,
    brackets.never_closed,
    quotes.escape,
    special.first_character,
    special.tag,
    special.block_text,
    special.behind_the_end,
    special.stray,
)
"""The more a judge knows, the earlier it is asked."""


def diagnose(error: "YAMLError", composer: Composer, source: Source) -> Diagnostic:
    """The one thing that is wrong with a text that is no YAML."""
    stumble = _stumble(error, composer, source)
    found = (verdict for judge in _JUDGES if (verdict := judge(stumble)) is not None)
    told = next(found, Verdict("yaml", f"this is no YAML: {stumble.problem}", stumble.at))
    return source.diagnostic(told.code, told.message, told.at, *told.hints, length=told.length)


def _stumble(error: "YAMLError", composer: Composer, source: Source) -> Stumble:
    place = getattr(error, "problem_mark", None)
    begun = getattr(error, "context_mark", None)
    return Stumble(
        problem=getattr(error, "problem", None) or str(error).partition("\n")[0],
        context=getattr(error, "context", None) or "",
        at=Mark(place.line, place.column) if place else Mark(0, 0),
        begun=Mark(begun.line, begun.column) if begun else None,
        last=composer.last,
        open=composer.open,
        source=source,
    )

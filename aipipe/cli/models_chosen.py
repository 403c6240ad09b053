"""Which models a user means: by name, alias, step type or provider."""

from collections.abc import Sequence
from difflib import get_close_matches

from aipipe.catalog.model import Model
from aipipe.errors import UsageError


def chosen(
    known: Sequence[Model], name: str | None, step_type: str | None, provider: str | None
) -> list[Model]:
    """The models asked for.

    Raises:
        UsageError: there are none.
    """
    found = [m for m in known if m.retired is None or name is not None]
    for option, word, choices in (
        ("type", step_type, {each for m in known for each in m.types}),
        ("provider", provider, {m.provider for m in known}),
    ):
        if word is not None and word not in choices:
            raise UsageError(f"unknown {option} '{word}'", hints=_close(word, sorted(choices)))
    if step_type is not None:
        found = [m for m in found if step_type in m.types]
    if provider is not None:
        found = [m for m in found if m.provider == provider]
    return found if name is None else _named(found, name)


def _named(known: Sequence[Model], name: str) -> list[Model]:
    found = [m for m in known if name in {m.name, *m.aliases}]
    if not found:
        names = [each for m in known for each in (m.name, *m.aliases)]
        raise UsageError(f"unknown model '{name}'", hints=_close(name, names))
    shut = {m.retired.replacement for m in found if m.retired is not None}
    return [*found, *(m for m in known if m.name in shut and m not in found)]


def _close(word: str, known: Sequence[str]) -> tuple[str, ...]:
    close = get_close_matches(word, known, 1)
    if close:
        return (f"did you mean '{close[0]}'?",)
    many = 20
    return (f"there are: {', '.join(known)}",) if len(known) <= many else ("all: aipipe models",)

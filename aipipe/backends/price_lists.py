"""A provider asked for its prices. Nothing is called, nothing is spent, and nothing is stored."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from aipipe.backends.execution import bug_of
from aipipe.backends.hidden_keys import without_keys
from aipipe.contracts.outcome import Problem, problem_of
from aipipe.contracts.provider import ListedPrice, Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError


@dataclass(frozen=True, slots=True)
class _NoStore:
    """A sink that nothing goes into."""

    def _no(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("prices need no store")

    path_of = text_of = scratch = adopt = adopt_text = _no


def asked(
    provider: Provider, endpoints: Sequence[str], secret: Callable[[str], str | None]
) -> Mapping[str, ListedPrice] | Problem:
    """What it lists, or why it can't be asked."""
    if provider.prices is None:
        return Problem(code="no_prices", message="it has no list of prices that can be asked for")
    tools = Tools(
        sink=_NoStore(),
        report=lambda _fraction, _phase: None,
        cancelled=lambda: False,
        clock=time.monotonic,
        secret=secret,
    )
    try:
        return provider.prices(endpoints, tools)
    except StepError as error:
        problem = problem_of(error)
    except Exception as error:  # noqa: BLE001 (a bug in one plug-in must not take others with it)
        problem = bug_of(error)
    return without_keys(problem, (*provider.keys, *provider.optional_keys), secret)

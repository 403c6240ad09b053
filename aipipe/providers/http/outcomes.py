"""What goes wrong around a call, as the outcome that it means."""

from collections.abc import Callable
from typing import TypeVar

from aipipe.contracts.outcome import NotSent, Rejected, Unreadable, problem_of
from aipipe.errors import StepError
from aipipe.providers.http.errors import CutOffError, HttpError, UnreachedError

Outcome = TypeVar("Outcome")


def unsent(error: StepError) -> NotSent | Rejected:
    """Of a call whose request could not be made (an upload, a word, a key): none of it was sent."""
    if isinstance(error, UnreachedError | CutOffError):
        return NotSent(problem=problem_of(error))
    return Rejected(problem=problem_of(error), closes_provider=error.code == "bad_key")


def looked(look: Callable[[], Outcome]) -> Outcome | NotSent | Unreadable:
    """What a look at a job says; one that does not get through may be repeated.

    Whatever else goes wrong, a 404 too, never means that the job is gone.
    """
    try:
        return look()
    except (UnreachedError, CutOffError) as error:
        return NotSent(problem=problem_of(error))
    except HttpError as error:
        return Unreadable(problem=problem_of(error))

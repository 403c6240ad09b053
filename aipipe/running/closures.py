"""What is closed for the rest of a run: a provider that can't be called, a model too dear."""

from aipipe.contracts.outcome import Problem
from aipipe.planning.plan import Task
from aipipe.running import amounts

EXCEEDED = "price_exceeded"
"""The code of the problem that no call to a model begins which cost more than it could."""


class Closures:
    """Why tasks can't start that otherwise could."""

    def __init__(self) -> None:
        self._providers: dict[str, Problem] = {}
        self._models: dict[tuple[str, str], Problem] = {}

    def why(self, task: Task) -> Problem | None:
        """Why no call to a task's model starts; None: it may."""
        own = self._models.get((task.provider, task.model))
        return own or self._providers.get(task.provider)

    def close_provider(self, provider: str, problem: Problem) -> None:
        """No call to this provider can succeed."""
        self._providers[provider] = problem

    def close_model(self, task: Task, problem: Problem) -> bool:
        """No call to a task's model is safe any more; False where that was known."""
        is_new = (task.provider, task.model) not in self._models
        self._models.setdefault((task.provider, task.model), problem)
        return is_new


def exceeded(billed: int, worst: int) -> Problem:
    """Why a model is closed whose receipt is above the worst case, both in nano-dollars."""
    return Problem(
        code=EXCEEDED,
        message=f"billed {_usd(billed)} where at most {_usd(worst)} was expected",
        hint="price:  of the step says what a call costs; aipipe models NAME  shows what it "
        "has cost so far; where the catalogue's price is wrong, please report it",
    )


def _usd(nano: int) -> str:
    return f"${amounts.written(amounts.usd(nano))}"

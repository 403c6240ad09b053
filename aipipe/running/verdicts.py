"""How a container ends whose children have all ended."""

from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.language.spec import OnError
from aipipe.planning.plan import Chain, Plan
from aipipe.running import approvals, passed_over, policy, problems, racing
from aipipe.running.cells import BatchCell, Cell, Container, result_of


def verdict(cell: Container, *, stopped: bool, plan: Plan) -> tuple[Status, Problem | None]:
    """How a container ends whose children have all ended."""
    if isinstance(cell, BatchCell):
        return _batch_verdict(cell, stopped=stopped)
    failed = [child for child in cell.children if not child.succeeded]
    if plan.only is not None:
        failed = [child for child in failed if not policy.is_left_out(child, plan)]
        if not failed and cell.successes == 0 and cell.children:
            return Status.SKIPPED, None
    if not failed and not racing.is_race(cell):
        return Status.DONE, None
    if stopped and any(child.status is Status.CANCELLED for child in failed):
        return Status.CANCELLED, problems.STOPPED
    return _with_failures(cell, failed)


def _with_failures(cell: Container, failed: list[Cell]) -> tuple[Status, Problem | None]:
    """How a container ends some of whose children have no value."""
    if (why := racing.lost(cell)) is not None:
        return Status.SKIPPED, why
    broken = [c for c in failed if not (c.is_passed_over or c.status is Status.WAITING)]
    status, problem = _of_failures(cell, broken)
    if status is not Status.DONE:
        return status, problem
    return _without_failures(cell, failed)


def _of_failures(cell: Container, failed: list[Cell]) -> tuple[Status, Problem | None]:
    template = cell.template
    if racing.is_race(cell) and failed:
        is_open = any(child.status is Status.WAITING for child in cell.children)
        return (Status.DONE, None) if is_open else (Status.FAILED, racing.none_won(cell))
    if isinstance(template, Chain):
        return _chain_verdict(cell, template, failed)
    allowed = policy.allowed_failures(template, len(cell.children), cell.passed_over)
    return _group_verdict(cell, failed, allowed)


def _without_failures(cell: Container, without: list[Cell]) -> tuple[Status, Problem | None]:
    """How a container ends in which nothing failed, and some have no value all the same."""
    waiting = next((c for c in without if c.status is Status.WAITING), None)
    if waiting is not None:
        return Status.WAITING, approvals.behind(waiting)
    decisive = _decisive(cell)
    if all(child.is_passed_over for child in decisive):
        return Status.SKIPPED, passed_over.needs(decisive[-1].path)
    return Status.DONE, None


def _decisive(cell: Container) -> list[Cell]:
    """The steps that make a container's value."""
    if not isinstance(cell.template, Chain):
        return cell.children
    result = result_of(cell, cell.template)
    return cell.children[-1:] if result is None else [result]


def _chain_verdict(
    cell: Container, template: Chain, failed: list[Cell]
) -> tuple[Status, Problem | None]:
    first = next((c for c in failed if c.on_error is OnError.FAIL), None)
    last = result_of(cell, template)
    if first is None and _is_sound(last, failed):
        return Status.DONE, None
    return Status.FAILED, _because(first or last or failed[0])


def _is_sound(last: Cell | None, failed: list[Cell]) -> bool:
    """Whether a chain's last step has a value, or none by no failure."""
    if last is None:
        return not failed
    return last.succeeded or last not in failed


def _group_verdict(
    cell: Container, failed: list[Cell], allowed: int | None
) -> tuple[Status, Problem | None]:
    if allowed is not None:
        if cell.failures > allowed:
            return Status.FAILED, cell.closed or policy.hopeless_problem(cell)
        return Status.DONE, None
    first = next((c for c in failed if c.on_error is OnError.FAIL), None)
    return (Status.DONE, None) if first is None else (Status.FAILED, _because(first))


def _batch_verdict(cell: BatchCell, *, stopped: bool) -> tuple[Status, Problem | None]:
    if stopped and cell.next < len(cell.items):
        return Status.CANCELLED, problems.STOPPED
    if cell.failures and (why := racing.lost(cell)) is not None:
        return Status.SKIPPED, why
    if cell.items and cell.passed_over == len(cell.items):
        return Status.SKIPPED, passed_over.none_left(cell.path)
    allowed = policy.allowed_failures(cell.template, len(cell.items), cell.passed_over)
    if allowed is not None and cell.failures > allowed:
        return Status.FAILED, policy.hopeless_problem(cell)
    if allowed is None and cell.failures and cell.template.body.on_error is OnError.FAIL:
        return Status.FAILED, Problem(
            code="items_failed", message=f"{cell.failures} of {len(cell.items)} items failed"
        )
    return Status.DONE, None


def _because(cell: Cell) -> Problem:
    if (
        cell.problem is not None
        and cell.status is Status.FAILED
        and cell.problem.code == "step_failed"
    ):
        return cell.problem
    return Problem(code="step_failed", message=f"{cell.path or cell.template.id} {cell.status}")

"""The rules of a run, as questions about cells: who fails, who is skipped, who may go on."""

from collections.abc import Iterator, Sequence

from aipipe.contracts.artefact import Value
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.event import Status
from aipipe.contracts.outcome import Problem
from aipipe.language.quantities import share_of
from aipipe.language.spec import OnError
from aipipe.planning.outputs import folded
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template
from aipipe.running import problems, racing
from aipipe.running.cells import BatchCell, Cell, Container, Phase, TaskCell
from aipipe.running.values import list_of


def why_doomed(other: Cell, *, reads: bool) -> Problem | None:
    """Why a step can't run after another that has no value; None: it can."""
    if other.status is Status.CANCELLED:
        return None
    if other.status is Status.SKIPPED and other.problem is None:
        return problems.needs(other.template.id) if reads else None
    if reads or other.on_error is OnError.FAIL:
        return problems.needs(other.path or other.template.id)
    return None


def is_ignored(cell: Cell) -> bool:
    """Whether a failure stops counting on its way to the top, or lost a race."""
    if racing.is_spared(cell):
        return True
    current: Cell | None = cell
    while current is not None:
        on_error = current.template.on_error
        if on_error is OnError.IGNORE:
            return True
        if on_error is OnError.CONTINUE:
            return False
        current = current.parent
    return False


def is_left_out(cell: Cell, plan: Plan) -> bool:
    """Whether a cell has no value only because `--only` left it out."""
    return plan.only is not None and cell.status is Status.SKIPPED and cell.problem is None


def passes(cell: Container) -> bool:
    """Whether a container has no value only for the sake of calls that are skipped over."""
    failed = [child for child in cell.children if not child.succeeded]
    return any(child.passes for child in failed) and all(
        child.passes or child.status is Status.SKIPPED for child in failed
    )


def closed_by(cell: Cell) -> Problem | None:
    """Why nothing new starts around a cell; None: it may start."""
    parent = cell.parent
    while parent is not None:
        if parent.closed is not None:
            return parent.closed
        parent = parent.parent
    return racing.lost(cell)


def hopeless(cell: Container, places: int) -> bool:
    """Whether a group that asks for a number of successes can no longer have them."""
    template = cell.template
    if isinstance(template, Chain):
        return False
    most = allowed_failures(template, places)
    return most is not None and cell.failures > most


def allowed_failures(template: Group | Batch, places: int) -> int | None:
    """How many places may fail; None: no number is asked for."""
    limits = []
    if template.max_failures is not None:
        limits.append(share_of(template.max_failures, places) or 0)
    if template.min_success is not None:
        limits.append(places - template.min_success)
    return min(limits, default=None)


def hopeless_problem(cell: Container) -> Problem:
    """Why such a group starts nothing new."""
    template = cell.template
    asked = "" if isinstance(template, Chain) else _asked(template)
    return Problem(
        code="too_many_failures", message=f"{cell.failures} failed, and '{template.id}' has {asked}"
    )


def _asked(template: Group | Batch) -> str:
    if template.min_success is not None:
        return f"min_success {template.min_success}"
    return f"max_failures {template.max_failures}"


def verdict(cell: Container, *, stopped: bool, plan: Plan) -> tuple[Status, Problem | None]:
    """How a container ends whose children have all ended."""
    if isinstance(cell, BatchCell):
        return _batch_verdict(cell, stopped=stopped)
    failed = [child for child in cell.children if not child.succeeded]
    if plan.only is not None:
        failed = [child for child in failed if not is_left_out(child, plan)]
        if not failed and cell.successes == 0 and cell.children:
            return Status.SKIPPED, None
    if not failed and not racing.is_race(cell):
        return Status.DONE, None
    if stopped and any(child.status is Status.CANCELLED for child in failed):
        return Status.CANCELLED, problems.STOPPED
    return _of_failed(cell, failed)


def _of_failed(cell: Container, failed: list[Cell]) -> tuple[Status, Problem | None]:
    if (why := racing.lost(cell)) is not None:
        return Status.SKIPPED, why
    template = cell.template
    if racing.is_race(cell):
        return Status.FAILED, racing.none_won(cell)
    if isinstance(template, Chain):
        return _chain_verdict(cell, failed)
    return _group_verdict(cell, failed, allowed_failures(template, len(cell.children)))


def _chain_verdict(cell: Container, failed: list[Cell]) -> tuple[Status, Problem | None]:
    first = next((c for c in failed if c.on_error is OnError.FAIL), None)
    last = cell.children[-1]
    if first is None and last.succeeded:
        return Status.DONE, None
    return Status.FAILED, _because(first or last)


def _group_verdict(
    cell: Container, failed: list[Cell], allowed: int | None
) -> tuple[Status, Problem | None]:
    if allowed is not None:
        if cell.failures > allowed:
            return Status.FAILED, hopeless_problem(cell)
        return Status.DONE, None
    first = next((c for c in failed if c.on_error is OnError.FAIL), None)
    return (Status.DONE, None) if first is None else (Status.FAILED, _because(first))


def _batch_verdict(cell: BatchCell, *, stopped: bool) -> tuple[Status, Problem | None]:
    if stopped and cell.next < len(cell.items):
        return Status.CANCELLED, problems.STOPPED
    if cell.failures and (why := racing.lost(cell)) is not None:
        return Status.SKIPPED, why
    allowed = allowed_failures(cell.template, len(cell.items))
    if allowed is not None and cell.failures > allowed:
        return Status.FAILED, hopeless_problem(cell)
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


def value_of(cell: Container) -> Value:
    """A container's value: a chain's last, a list with one place per child elsewhere."""
    if isinstance(cell, BatchCell):
        return cell.results  # type: ignore[return-value] # a tuple that may lie on disk
    if isinstance(cell.template, Chain):
        return cell.children[-1].value if cell.children else ()
    return tuple(child.value if child.succeeded else None for child in cell.children)


def unstarted(cell: Container) -> Iterator[Cell]:
    """The tasks and containers inside that have not begun, innermost scope first."""
    alive = cell.live.values() if isinstance(cell, BatchCell) else cell.children
    for child in alive:
        if child.ended:
            continue
        if isinstance(child, Container) and child.phase is Phase.RUNNING:
            yield from unstarted(child)
        elif child.phase in {Phase.WAITING, Phase.READY, Phase.PARKED}:
            yield child


def path_of(template: Template, parent: Container) -> str:
    """A cell's path: its parent's and its id; a nameless item step goes by the item's own."""
    if parent.item is not None and template.path == parent.template.path:
        return parent.path
    return f"{parent.path}.{template.id}" if parent.path else template.id


def item_of(cell: Cell) -> Container | None:
    """The innermost item around a cell."""
    parent = cell.parent
    while parent is not None and parent.item is None:
        parent = parent.parent
    return parent


def turn_of(parent: Container) -> int:
    """What takes turns: the innermost group or batch around a task."""
    current: Container | None = parent
    while current is not None and isinstance(current.template, Chain):
        current = current.parent
    return current.template.number if current is not None else -1


def is_bookkeeping(task: Task, call: Call) -> bool:
    """Whether a task is only a matter of passing values on."""
    return call.plugin in {"merge:collect", "merge:first_success"} and task.provider == "local"


def bookkeep(task: Task, call: Call) -> Produced:
    """What such a task gives."""
    flat = list_of(call.inputs["input"])
    kept = tuple(value for value in flat if value is not None)
    if task.asked == "first_success":
        return Produced(values=kept[:1])
    return Produced(values=kept)


def taken(names: Sequence[str], plan: Plan, seen: set[str]) -> Problem | None:
    """Why names that are known only now can't be used; None: they can."""
    if not plan.unproven:
        return None
    for name in names:
        key = folded(name)
        if key in seen:
            return Problem(
                code="same_output", message=f"'{name}' was already written by another step"
            )
        seen.add(key)
    return None


def planned_tasks(plan: Plan) -> int | None:
    """How many tasks a run has; None: an unknown number of items."""
    total = 0
    for task in plan.tasks:
        if task.times is None:
            return None
        total += task.times
    return total


def last_outputs(root: Container) -> Iterator[str]:
    """The paths that the last step published, in the order written."""
    if root.children:
        yield from _published(root.children[-1])


def _published(cell: Cell) -> Iterator[str]:
    if isinstance(cell, TaskCell):
        yield from (output.path for output in cell.outputs)
    elif isinstance(cell, Container):
        children = [cell.winner] if cell.winner is not None else cell.children
        if isinstance(cell.template, Chain):
            children = children[-1:]
        for child in children:
            yield from _published(child)

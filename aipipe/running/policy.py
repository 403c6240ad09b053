"""The rules of a run, as questions about cells: who fails, who is skipped, who may go on."""

from collections.abc import Iterator, Mapping, Sequence

from aipipe.contracts.artefact import Value
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.language.quantities import share_of
from aipipe.language.spec import OnError
from aipipe.planning.bindings import Binding, FromStep
from aipipe.planning.outputs import folded
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template
from aipipe.running import problems, racing
from aipipe.running.cells import BatchCell, Cell, Container, Phase, TaskCell, result_of, within
from aipipe.running.lists import list_of
from aipipe.running.values import target


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


def has_failed(cell: Cell, plan: Plan) -> bool:
    """Whether a cell that has no value counts as a failure where it stands."""
    return not (
        cell.passes
        or cell.is_passed_over
        or cell.status is Status.WAITING
        or is_left_out(cell, plan)
    )


def has_failures(source: Binding, cell: Cell) -> bool:
    """Whether a gap in the list that a batch goes through may come from a failure."""
    if not isinstance(source, FromStep):
        return True
    made_by = target(cell, source.ref)
    return not isinstance(made_by, Container) or made_by.failures > 0


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
    most = allowed_failures(template, places, cell.passed_over)
    return most is not None and cell.failures > most


def allowed_failures(template: Group | Batch, places: int, passed_over: int = 0) -> int | None:
    """How many places may fail; None: no number is asked for. Those passed over are no success."""
    limits = []
    if template.max_failures is not None:
        limits.append(share_of(template.max_failures, places) or 0)
    if template.min_success is not None:
        limits.append(places - passed_over - template.min_success)
    return min(limits, default=None)


def hopeless_problem(cell: Container) -> Problem:
    """Why such a group starts nothing new."""
    template = cell.template
    asked = "" if isinstance(template, Chain) else _asked(template)
    skipped = f" and {cell.passed_over} were skipped" if cell.passed_over else ""
    return Problem(
        code="too_many_failures",
        message=f"{cell.failures} failed{skipped}, and '{template.id}' has {asked}",
    )


def _asked(template: Group | Batch) -> str:
    if template.min_success is not None:
        return f"min_success {template.min_success}"
    return f"max_failures {template.max_failures}"


def value_of(cell: Container) -> Value:
    """A container's value: a chain's last, a list with one place per child elsewhere."""
    if isinstance(cell, BatchCell):
        return cell.results  # type: ignore[return-value] # a tuple that may lie on disk
    if isinstance(cell.template, Chain):
        return _value_of_chain(cell, cell.template) if cell.children else ()
    if cell.winner is not None:
        return cell.winner.value
    return tuple(child.value if child.succeeded else None for child in cell.children)


def _value_of_chain(cell: Container, template: Chain) -> Value:
    step = result_of(cell, template)
    return None if step is None else step.value


def unstarted(cell: Container) -> Iterator[Cell]:
    """The tasks and containers inside that have not begun, innermost scope first."""
    alive = cell.live.values() if isinstance(cell, BatchCell) else cell.children
    for child in alive:
        if child.ended:
            continue
        if isinstance(child, Container) and child.phase is Phase.RUNNING:
            yield from unstarted(child)
        elif child.phase in {Phase.WAITING, Phase.HELD, Phase.READY, Phase.PARKED}:
            yield child


def path_of(template: Template, parent: Container) -> str:
    """A cell's path: its parent's and its id; a nameless item step goes by the item's own.

    The cell of a matrix is `pictures[seed=7]`: its id holds the brackets.
    """
    if parent.item is not None and template.path == parent.template.path:
        return parent.path
    between = "" if not parent.path or template.id.startswith("[") else "."
    return f"{parent.path}{between}{template.id}"


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
        if task.endings is None:
            return None
        total += task.endings
    return total


def last_outputs(root: Container) -> Iterator[str]:
    """The paths that the last step published, in the order written."""
    if root.children:
        yield from _published(root.children[-1])


def named_outputs(
    root: Container, named: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[str, ...]]:
    """The paths that each output published which the file names."""
    return {name: tuple(_published_inside(root, places)) for name, places in named.items()}


def _published_inside(root: Cell, places: tuple[int, ...]) -> Iterator[str]:
    """What a step published; nothing where it never came to be."""
    found = within(root, places)
    if found is not None:
        yield from _published(found)


def _published(cell: Cell) -> Iterator[str]:
    if isinstance(cell, TaskCell):
        yield from (output.path for output in cell.outputs)
    elif isinstance(cell, Container):
        children = [cell.winner] if cell.winner is not None else cell.children
        if isinstance(cell.template, Chain):
            result = result_of(cell, cell.template)
            children = [] if result is None else [result]
        for child in children:
            yield from _published(child)

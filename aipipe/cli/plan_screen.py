"""What would run: a tree with what waits for what and where each input comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aipipe.catalog.price import PriceEstimate
from aipipe.cli import reuse_words
from aipipe.cli.diagnostics import Look
from aipipe.cli.header import cost
from aipipe.cli.money import places_of, usd
from aipipe.cli.plan_tree import Node, tree
from aipipe.cli.tables import MOST_ROWS
from aipipe.cli.text import clean, count, padded, width
from aipipe.contracts.artefact import Json
from aipipe.contracts.in_flight import Running
from aipipe.planning.estimate import Estimate
from aipipe.planning.forecast import Outlook
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task
from aipipe.running.amounts import written

SCHEMA_VERSION = 1
_SHOWN = 5
"""Keys of a batch's items that are named, and cells of a large matrix that are."""
_LOSERS = {Running.FINISH: "finish", Running.LEAVE: "are left", Running.CANCEL: "are cancelled"}
"""What becomes of branches in flight once another has won."""


def render(plan: Plan, found: Estimate, output: str, look: Look) -> str:
    """The header line, then the tree."""
    known = _Known(
        outlooks=found.forecast.outlooks,
        prices={line.task.number: line.price for line in found.lines},
        places=places_of(line.price.likely for line in found.lines),
    )
    lines = [
        f"{look.paint('bold', clean(plan.name))} · {cost(found)} · output {clean(output)}",
        *_branches(tree(plan), "", look, known),
    ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a run would find of earlier ones and pay for the rest, by number of task."""

    outlooks: Mapping[int, Outlook]
    prices: Mapping[int, PriceEstimate]
    places: int = 0

    def price(self, task: Task) -> PriceEstimate:
        """Of what is new of a task's calls."""
        return self.prices.get(task.number, task.total)


def _branches(
    nodes: Sequence[Node], indent: str, look: Look, known: _Known, most: int | None = None
) -> Iterator[str]:
    for node in nodes[:most]:
        last = node is nodes[-1]
        yield look.paint("dim", indent + ("└─ " if last else "├─ ")) + _head(node, look, known)
        inner = indent + ("   " if last else "│  ")
        below = inner + ("│  " if node.children else "   ")
        for line in _details(node):
            yield look.paint("dim", below) + line
        yield from _branches(node.children, inner, look, known, most=_most(node))
    if most is not None:
        yield look.paint("dim", f"{indent}└─ … {len(nodes) - most:,} more; all of them: --json")


def _most(node: Node) -> int | None:
    """How many of the steps inside are shown: of a large matrix the first, which differ in little.

    None: all.
    """
    is_matrix = isinstance(node.template, Group) and node.template.axes
    return _SHOWN if is_matrix and len(node.children) > MOST_ROWS else None


def _head(node: Node, look: Look, known: _Known) -> str:
    template = node.template
    name = clean(template.id)
    if template.label and template.label != template.id:
        name = f"{name}  {clean(template.label)}"
    facts = " · ".join(_facts(node, known))
    return f"{look.paint('bold', name)}   {facts}"


def _facts(node: Node, known: _Known) -> Iterator[str]:
    match node.template:
        case Task() as task:
            yield from _of_task(task, known)
        case Chain(children=children, uses=uses):
            if uses:
                yield clean(uses)
            yield f"chain of {count(len(children), 'step')}"
        case Group() as group:
            yield from _of_group(group)
        case Batch() as batch:
            yield _items(batch)
            yield f"at most {batch.window:,} at once"
    guard = node.template.guard
    if guard is not None and guard.is_false:
        yield clean(f"skipped (when {guard.condition.text})")
    if not node.runs:
        yield "not in this run"


def _of_group(group: Group) -> Iterator[str]:
    yield _branching(group)
    if group.race is not None:
        yield f"the first to succeed wins, others {_LOSERS[group.race]}"
    if group.max_workers is not None:
        yield f"at most {group.max_workers} at once"


def _branching(group: Group) -> str:
    if not group.axes:
        return f"{count(len(group.children), 'branch', 'branches')} side by side"
    return f"{count(len(group.children), 'cell')} of {clean(' × '.join(group.axes))}"  # noqa: RUF001


def _of_task(task: Task, known: _Known) -> Iterator[str]:
    yield clean(task.type)
    yield _model(task)
    if task.times is None:
        yield "once an item"
    elif task.times > 1:
        yield f"{task.times:,} times"
    if not task.is_remote or task.times == 0:
        return
    outlook = known.outlooks.get(task.number)
    if outlook is None or outlook.new:
        yield usd(known.price(task).likely, known.places)
    if outlook is not None:
        yield reuse_words.of_step(outlook)


def _model(task: Task) -> str:
    if not task.plugin.startswith(("provider:", "step:")):
        return clean(task.asked)
    if task.mock:
        return f"{clean(task.model)}, mocked by the embedded engine"
    if task.provider == "local":
        return "embedded engine"
    arrow = f"{task.asked} → " if task.asked != task.model else ""
    others = "".join(f", else {each.model}" for each in task.fallbacks)
    return clean(f"{arrow}{task.model} at {task.provider}{others}")


def _items(batch: Batch) -> str:
    if batch.items is None:
        return "items known when it runs"
    return f"for each of {count(len(batch.items), 'item')}"


def _details(node: Node) -> list[str]:
    found = list(_detail(node))
    widest = max((width(title) for title, _ in found), default=0)
    return [f"{padded(title, widest)}   {clean(words)}" for title, words in found]


def _detail(node: Node) -> Iterator[tuple[str, str]]:
    template = node.template
    if template.guard is not None and not template.is_skipped:
        yield "when", template.guard.condition.text
    if template.approve is not None:
        yield "asks", template.approve or "a person, before it begins"
    if node.waits_for:
        yield "after", ", ".join(dict.fromkeys(node.waits_for))
    if isinstance(template, Batch) and template.items:
        keys = [template.items[i].key for i in range(min(_SHOWN, len(template.items)))]
        more = f", … {template.items[-1].key}" if len(template.items) > _SHOWN else ""
        yield "items", ", ".join(keys) + more
    if isinstance(template, Task):
        yield from ((source.slot, source.words) for source in template.sources)
    if node.output is not None:
        yield "output", node.output


def as_json(plan: Plan, found: Estimate, output: str) -> dict[str, Json]:
    """The plan as plain data; amounts in USD are strings, null is unknown."""
    prices = {line.task.number: line.price for line in found.lines}
    known = _Known(outlooks=found.forecast.outlooks, prices=prices)
    return {
        "schema_version": SCHEMA_VERSION,
        "pipeline": plan.name,
        "file": plan.file,
        "output_dir": output,
        "mock": plan.mock,
        "calls": found.calls,
        "reused": found.reused,
        "cost": _cost(found.low, found.likely, found.at_most),
        "steps": [_node(node, known) for node in tree(plan)],
    }


def _node(node: Node, known: _Known) -> dict[str, Json]:
    template = node.template
    found: dict[str, Json] = {
        "id": template.path,
        "label": template.label,
        "kind": node.kind,
        "runs": node.runs,
        "waits_for": list(node.waits_for),
        "on_error": template.on_error.value,
        "when": None if template.guard is None else template.guard.condition.text,
        "skipped": template.is_skipped,
        "approve": template.approve is not None,
    }
    match template:
        case Task() as task:
            found |= _task(task, node, known)
        case Batch() as batch:
            found |= {
                "items": None if batch.items is None else len(batch.items),
                "at_once": batch.window,
            }
        case Group() as group:
            found |= _of_branches(group)
        case Chain() as chain:
            found |= {"uses": chain.uses} if chain.uses else {}
    if node.children:
        found["steps"] = [_node(child, known) for child in node.children]
    return found


def _of_branches(group: Group) -> dict[str, Json]:
    race: dict[str, Json] = {} if group.race is None else {"race": group.race.value}
    axes: dict[str, Json] = {"axes": list(group.axes)} if group.axes else {}
    return {"at_once": group.max_workers, **race, **axes}


def _task(task: Task, node: Node, known: _Known) -> dict[str, Json]:
    price = known.price(task)
    return {
        "type": task.type,
        "asked": task.asked,
        "model": task.model,
        "provider": task.provider,
        "endpoint": task.endpoint or None,
        "mock": task.mock,
        "sources": {source.slot: source.words for source in task.sources},
        "calls": task.times,
        "media": task.medium,
        "count": task.count,
        "output": node.output,
        **_state(task, known.outlooks.get(task.number)),
        "cost": _cost(price.low, price.likely, price.at_most),
    }


def _state(task: Task, outlook: Outlook | None) -> dict[str, Json]:
    """What becomes of its calls: one word, and the count of each; null is an unknown number."""
    states: dict[str, Json] = {
        "new": task.times if outlook is None else outlook.new,
        "reused": 0 if outlook is None else outlook.reused,
        "attached": 0 if outlook is None else outlook.attached,
        "doubtful": 0 if outlook is None else outlook.doubtful,
    }
    told = [word for word, number in states.items() if number != 0]
    return {
        "state": told[0] if len(told) == 1 else "mixed" if told else "skipped",
        "states": states,
    }


def _cost(low: Decimal | None, likely: Decimal | None, at_most: Decimal | None) -> dict[str, Json]:
    return {
        "low": written(low),
        "likely": written(likely),
        "at_most": written(at_most),
    }

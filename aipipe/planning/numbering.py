"""The templates of a plan, numbered in the order written."""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count

from aipipe.planning.plan import Batch, Chain, Group, Task, Template


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The next number, and how often each call to a model has come."""

    next: "count[int]" = field(default_factory=count)
    seen: Counter[str] = field(default_factory=Counter)

    def occurrence(self, task: Task) -> int:
        """Which of the equal ones it is."""
        if not task.plugin.startswith(("provider:", "step:")) or task.times == 0:
            return 1
        facts = (task.type, task.provider, task.endpoint, task.params, task.raw, task.inputs)
        same = repr(facts)
        self.seen[same] += 1
        return self.seen[same]


def numbered(root: Chain) -> Chain:
    """The same tree; containers come before what they hold, equal calls to models are counted."""
    return _chain(root, _Numbers())


def flat(template: Template) -> list[Template]:
    """Every template of a tree, in the order of their numbers."""
    found: list[Template] = []
    pending = [template]
    while pending:
        found.append(pending.pop())
        pending.extend(reversed(children(found[-1])))
    return found


def children(template: Template) -> tuple[Template, ...]:
    """What stands directly in a template."""
    match template:
        case Task():
            return ()
        case Batch():
            return (template.body,)
        case Chain() | Group():
            return template.children


def _chain(template: Chain, numbers: _Numbers) -> Chain:
    number = next(numbers.next)
    return replace(template, number=number, children=_each(template.children, numbers))


def _each(templates: tuple[Template, ...], numbers: _Numbers) -> tuple[Template, ...]:
    return tuple(_numbered(template, numbers) for template in templates)


def _numbered(template: Template, numbers: _Numbers) -> Template:
    match template:
        case Chain():
            return _chain(template, numbers)
        case Task():
            occurrence = numbers.occurrence(template)
            return replace(template, number=next(numbers.next), occurrence=occurrence)
        case Group():
            number = next(numbers.next)
            return replace(template, number=number, children=_each(template.children, numbers))
        case Batch():
            number = next(numbers.next)
            return replace(template, number=number, body=_chain(template.body, numbers))

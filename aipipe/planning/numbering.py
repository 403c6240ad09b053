"""The templates of a plan, numbered in the order written."""

from dataclasses import replace
from itertools import count

from aipipe.planning.plan import Batch, Chain, Group, Task, Template


def numbered(root: Chain) -> Chain:
    """The same tree; containers are numbered before what they hold."""
    return _chain(root, count())


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


def _chain(template: Chain, numbers: "count[int]") -> Chain:
    number = next(numbers)
    return replace(template, number=number, children=_each(template.children, numbers))


def _each(templates: tuple[Template, ...], numbers: "count[int]") -> tuple[Template, ...]:
    return tuple(_numbered(template, numbers) for template in templates)


def _numbered(template: Template, numbers: "count[int]") -> Template:
    match template:
        case Chain():
            return _chain(template, numbers)
        case Task():
            return replace(template, number=next(numbers))
        case Group():
            number = next(numbers)
            return replace(template, number=number, children=_each(template.children, numbers))
        case Batch():
            number = next(numbers)
            return replace(template, number=number, body=_chain(template.body, numbers))

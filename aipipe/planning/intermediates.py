"""Steps whose outputs stay in the store: all but the last one, with `save_intermediates: false`."""

from dataclasses import replace

from aipipe.planning.numbering import children
from aipipe.planning.plan import Batch, Chain, Group, Task, Template


def only_the_last(steps: tuple[Template, ...]) -> tuple[Template, ...]:
    """The same steps; only the last of them that publishes anything still does."""
    last = max((n for n, step in enumerate(steps) if _publishes(step)), default=len(steps))
    return tuple(step if n >= last else _kept_back(step) for n, step in enumerate(steps))


def _publishes(template: Template) -> bool:
    if isinstance(template, Task):
        return template.output is not None
    return any(_publishes(child) for child in children(template))


def _kept_back(template: Template) -> Template:
    match template:
        case Task():
            return replace(template, published=False)
        case Batch():
            body = tuple(_kept_back(child) for child in template.body.children)
            return replace(template, body=replace(template.body, children=body))
        case Chain() | Group():
            return replace(template, children=tuple(_kept_back(c) for c in template.children))

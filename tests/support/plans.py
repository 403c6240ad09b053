"""Plans by hand: trees of tasks without a file, for tests of what happens when they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from aipipe.catalog.price import FREE
from aipipe.contracts.media import TEXT
from aipipe.language.spec import Limits, OnError, Retry
from aipipe.planning.bindings import Binding, Const, FromStep, Item, Many, One, StepRef
from aipipe.planning.plan import Batch, Chain, Group, Need, Plan, Task, Template

ONCE = Retry(max_attempts=1)


def task(
    id: str,
    *,
    needs: Sequence[Need] = (),
    reads: StepRef | None = None,
    on_error: OnError = OnError.FAIL,
    plugin: str = "step:noop",
    retry: Retry = ONCE,
    **more: Any,
) -> Task:
    """A task; `reads` makes it use another step's value."""
    inputs: dict[str, Binding] = {}
    if reads is not None:
        inputs = {"input": FromStep(reads)}
        needs = (*needs, Need(reads, reads=True))
    return Task(
        number=0,
        id=id,
        path=id,
        label=id,
        at=(),
        needs=tuple(needs),
        on_error=on_error,
        produces=more.pop("produces", One(TEXT)),
        type=more.pop("type", "noop"),
        plugin=plugin,
        asked=more.pop("asked", "noop"),
        model=more.pop("model", "noop"),
        provider=plugin.removeprefix("provider:") if plugin.startswith("provider:") else "local",
        inputs=inputs,
        medium=more.pop("medium", None),
        estimate=more.get("estimate", FREE),
        total=more.pop("estimate", FREE),
        retry=retry,
        **more,
    )


def chain(
    *children: Template, id: str = "", on_error: OnError = OnError.FAIL, **more: Any
) -> Chain:
    """Steps one after the other."""
    return Chain(
        number=0,
        id=id,
        path=id,
        label=id,
        at=(),
        needs=more.pop("needs", ()),
        on_error=on_error,
        produces=children[-1].produces if children else One(None),
        children=tuple(_after_each_other(children)),
        **more,
    )


def _after_each_other(children: Sequence[Template]) -> list[Template]:
    return [
        child if index == 0 or child.needs else replace(child, needs=(after(index - 1),))
        for index, child in enumerate(children)
    ]


def after(index: int, up: int = 0) -> Need:
    """An edge of order."""
    return Need(StepRef(up, index), reads=False)


def group(
    *children: Template, id: str = "group", on_error: OnError = OnError.FAIL, **more: Any
) -> Group:
    """Branches side by side."""
    return Group(
        number=0,
        id=id,
        path=id,
        label=id,
        at=(),
        needs=more.pop("needs", ()),
        on_error=on_error,
        produces=Many(One(TEXT), len(children)),
        children=children,
        **more,
    )


def batch(
    body: Sequence[Template],
    items: Sequence[str] | int | None,
    *,
    id: str = "batch",
    window: int = 4,
    on_error: OnError = OnError.FAIL,
    **more: Any,
) -> Batch:
    """A chain for each item."""
    keys = [str(n) for n in range(1, items + 1)] if isinstance(items, int) else items
    known = None if keys is None else [Item(key, key) for key in keys]
    return Batch(
        number=0,
        id=id,
        path=id,
        label=id,
        at=(),
        needs=more.pop("needs", ()),
        on_error=on_error,
        produces=Many(One(TEXT), None if known is None else len(known)),
        body=replace(chain(*body, on_error=on_error), path=f"{id}[]"),
        items=known,
        window=window,
        **more,
    )


def plan(*steps: Template, **more: Any) -> Plan:
    """A plan of these steps, numbered in the order written."""
    numbers = count()
    root = _numbered(chain(*steps), numbers, "")
    assert isinstance(root, Chain)
    return Plan(
        name="story",
        file="story.yaml",
        root=root,
        templates=tuple(_flat(root)),
        limits=more.pop("limits", Limits()),
        output_dir="output/story",
        **more,
    )


def _numbered(template: Template, numbers: Any, path: str) -> Template:
    number = next(numbers)
    own = f"{path}.{template.id}" if path and template.id else path or template.id
    if isinstance(template, Task):
        return replace(template, number=number, path=own)
    if isinstance(template, Batch):
        body = _numbered(template.body, numbers, f"{own}[]")
        assert isinstance(body, Chain)
        return replace(template, number=number, path=own, body=body)
    children = tuple(_numbered(child, numbers, own) for child in template.children)
    return replace(template, number=number, path=own, children=children)


def _flat(template: Template) -> list[Template]:
    if isinstance(template, Task):
        return [template]
    if isinstance(template, Batch):
        return [template, *_flat(template.body)]
    return [template, *(each for child in template.children for each in _flat(child))]


def text(value: str) -> Const:
    """A text that is known."""
    return Const(value)

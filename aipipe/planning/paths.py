"""The output paths of a plan, as far as they are known before it runs."""

from collections.abc import Iterator

from aipipe.planning.outputs import names_of, placed, stem_of
from aipipe.planning.plan import Plan


def known_outputs(plan: Plan) -> Iterator[str]:
    """Every path inside the output folder that is certain to be written."""
    for task, items in placed(plan.root, ()):
        if (
            task.output is None
            or not task.published
            or not plan.runs(task.number)
            or task.number in plan.unproven
        ):
            continue
        stem = stem_of(task.output.stem, items)
        if stem is not None:
            yield from names_of(stem, task.output.extension, task.count)

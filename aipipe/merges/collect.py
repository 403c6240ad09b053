"""A list handed on as it is."""

from aipipe.contracts.merge import MergeStrategy

MERGE = MergeStrategy(
    name="collect",
    summary="Hand the list on as it is.",
    accepts=(),
    produces=None,
    run=None,
    heavy=False,
)

"""The first of a list that is there."""

from aipipe.contracts.merge import MergeStrategy

MERGE = MergeStrategy(
    name="first_success",
    summary="Take the first, as written, that did not fail.",
    accepts=(),
    produces=None,
    run=None,
    picks=True,
    heavy=False,
)

"""What a provider is: four verbs over a remote service."""

from collections.abc import Callable
from dataclasses import dataclass

from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import PollOutcome, SubmitOutcome
from aipipe.contracts.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A service that runs models. `PROVIDER` in a file of `aipipe/providers/`.

    Without `submit` the provider is known (prices, keys) but can't be called yet.
    A synchronous provider answers `Finished` from `submit` and has no `poll`.
    `poll` fetches the finished files into the store before it answers `Finished`.
    """

    name: str
    title: str
    keys: tuple[str, ...] = ()
    """Environment variables of which one must be set; empty: no key needed."""
    concurrency: int = 8
    """Jobs in flight to start from."""
    submit: Callable[[Call, Tools], SubmitOutcome] | None = None
    poll: Callable[[Job, Call, Tools], PollOutcome] | None = None
    cancel: Callable[[Job, Tools], None] | None = None
    revision: int = 1
    """Of how calls are put into its words: a new one makes no earlier result stand in."""
    raw_endpoints: bool = True
    """`model: NAME:ENDPOINT` reaches what the catalogue doesn't have."""

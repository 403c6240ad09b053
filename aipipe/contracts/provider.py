"""What a provider is: four verbs over a remote service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import FetchOutcome, PollOutcome, SubmitOutcome
from aipipe.contracts.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a part of a service is reached: by the first of its variables that is set."""

    otherwise: str
    """Without a `/` at the end."""
    variables: tuple[str, ...]
    """Ours first, then the ones that the provider's own SDK reads. From the environment only,
    never from a `.env`: keys are sent there."""

    def moved_by(self, secret: Callable[[str], str | None]) -> str | None:
        """The variable that moves it; None: it is where it always is."""
        return next((name for name in self.variables if (secret(name) or "").strip()), None)

    def chosen(self, secret: Callable[[str], str | None]) -> str:
        """The base address, without a `/` at the end."""
        variable = self.moved_by(secret)
        found = None if variable is None else secret(variable)
        return (found or self.otherwise).strip().rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A job that a provider knows of. `created` is in seconds since 1970."""

    job: Job
    created: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPrice:
    """What a provider lists today as the price of one unit of an endpoint, as it tells it."""

    amount: Decimal
    """It may be nonsense: zero, or less."""
    unit: str
    """In the provider's own words: `megapixels`."""
    currency: str
    """`USD`; empty where it tells none."""
    address: str
    """Of the service that told it, without a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A service that runs models. `PROVIDER` in a file of `aipipe/providers/`.

    Without `submit` the provider is known (prices, keys) but can't be called yet.
    A synchronous provider has no `poll`: its `submit` keeps the raw answer and gives `Made`.
    What was made is brought into the store by `fetch`, which costs nothing and may be repeated.

    `poll` and `fetch` must not need `params`, `raw` or `inputs` of the call: `aipipe jobs fetch`
    comes with a call that is `rebuilt` from the ledger, in which they are empty. What they need
    goes into `Job.data`, and each may be empty too: the user may have named a job by its id alone.
    """

    name: str
    title: str
    keys: tuple[str, ...] = ()
    """Environment variables of which one must be set, the first that is counts; empty: no key is
    needed."""
    addresses: Mapping[str, Address] = field(default_factory=dict)
    """Its base addresses, by what is reached there: `api`, or for fal `queue` and `rest`."""
    concurrency: int = 8
    """Calls in flight to start from, as its documentation says; answers may tell another number
    (`LimitsTold`)."""
    poll_every: float = 0.5
    """Seconds that must lie between two polls of one job, as its documentation says."""
    submit: Callable[[Call, Tools], SubmitOutcome] | None = None
    poll: Callable[[Job, Call, Tools], PollOutcome] | None = None
    fetch: Callable[[Job, Call, Tools], FetchOutcome] | None = None
    """Of what `Made` names. Needed by those that answer so."""
    cancel: Callable[[Job, Tools], None] | None = None
    find: Callable[[Call, float, Tools], Sequence[Candidate]] | None = None
    """The jobs with a call's endpoint and body that were created since a time (seconds since
    1970): for a call whose answer never came. Its list may lag, so nothing found proves nothing.
    The body of a `rebuilt` call is not known: then only jobs that are the call's by other means (a
    reference that was sent along), since an endpoint alone proves nothing."""
    prices: Callable[[Sequence[str], Tools], Mapping[str, ListedPrice]] | None = None
    """What it lists for endpoints, by endpoint, those left out that it does not list. It asks for
    as many at once as the provider allows, and raises `StepError` where it can't."""
    price_units: Mapping[str, str] = field(default_factory=dict)
    """Its words for units to the catalogue's (`megapixels` to `megapixel`), of those alone that
    count the same."""
    keeps: str | None = None
    """How long what it made can be collected, as its documentation says: `7 days`."""
    revision: int = 1
    """Of how calls are put into its words: a new one makes no earlier result stand in."""
    described: bool = False
    """Its endpoints are files, each of which describes a service (`Call.service`)."""
    workflows: bool = False
    """Its endpoints are files, each of which holds a graph of nodes (`Call.workflow`)."""
    free: bool = False
    """A server of the user's own: a call costs nothing, unless the step says a price."""
    optional_keys: tuple[str, ...] = ()
    """Environment variables that may hold a key, of which none need be set."""

"""Jobs of a provider that may be calls whose answers never came."""

from collections.abc import Callable, Sequence

from aipipe.backends.execution import Workshop, tools_of
from aipipe.contracts.call import Call
from aipipe.contracts.provider import Candidate


def finder(shop: Workshop) -> Callable[[Call, float], Sequence[Candidate]]:
    """Asks a call's provider for jobs with its endpoint and body since a time (unix seconds)."""

    def find(call: Call, since: float) -> Sequence[Candidate]:
        """None where the provider can't be asked, or does not answer: that proves nothing."""
        provider = shop.registry.providers.get(call.provenance.provider)
        if provider is None or provider.find is None:
            return ()
        try:
            with shop.store.session() as sink:
                return provider.find(call, since, tools_of(sink, shop))
        except Exception:  # noqa: BLE001 (a lookup is a courtesy: without it the doubt stays)
            return ()

    return find

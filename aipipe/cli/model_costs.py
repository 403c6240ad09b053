"""What a model has cost so far, in words and as data."""

from collections.abc import Iterator

from aipipe.app.model_costs import SoFar
from aipipe.cli.money import apart, places_of, usd
from aipipe.cli.text import count
from aipipe.contracts.artefact import Json
from aipipe.running import amounts


def facts(so_far: SoFar | None) -> Iterator[tuple[str, str]]:
    """Titled lines; none for a model that nothing was billed for."""
    if so_far is None:
        return
    places = places_of([so_far.billed, so_far.compared_billed, so_far.estimated])
    billed, estimated = usd(so_far.billed, places), usd(so_far.estimated, places)
    against = f"estimated {estimated}{apart(so_far.compared_billed, so_far.estimated)}"
    all_compared = so_far.compared == so_far.calls
    whole = f"{count(so_far.calls, 'call')}, {billed}"
    yield "billed so far", f"{whole}, {against}" if all_compared else whole
    if so_far.compared and not all_compared:
        yield "", f"{so_far.compared:,} of them {usd(so_far.compared_billed, places)}, {against}"
    listed = f"; {so_far.computed:,} by the price list, not reported" if so_far.computed else ""
    yield "", f"since {so_far.since}{listed}"


def as_json(so_far: SoFar | None) -> Json:
    """An object with amounts in USD as strings; None where nothing was billed."""
    if so_far is None:
        return None
    return {
        "calls": so_far.calls,
        "billed": amounts.written(so_far.billed),
        "computed": so_far.computed,
        "compared": so_far.compared,
        "compared_billed": amounts.written(so_far.compared_billed),
        "estimated": amounts.written(so_far.estimated),
        "since": so_far.since.isoformat(),
    }

"""Our prices beside the providers' own as plain data: JSON and CSV."""

from collections.abc import Sequence

from aipipe.app.price_checks import Answer, Check, Compared, NoList, NotTold, Told
from aipipe.contracts.artefact import Json

SCHEMA_VERSION = 1
CSV = ("model", "provider", "endpoint", "usd", "unit", "as_of", "listed", "their_unit", "standing")


def as_json(found: Check) -> dict[str, Json]:
    """All of it as plain data; amounts are texts."""
    return {
        "schema_version": SCHEMA_VERSION,
        "providers": [_provider(each) for each in found.answers],
        "models": [_model(each) for each in found.compared],
        "on": found.on.isoformat(),
        "kept": None if found.kept is None else str(found.kept),
    }


def _provider(answer: Answer) -> dict[str, Json]:
    name = answer.provider.name
    match answer:
        case Told():
            addresses = sorted({each.address for each in answer.prices.values()})
            told: list[Json] = [*addresses]
            return {"name": name, "status": "told", "prices": len(answer.prices), "from": told}
        case NotTold(problem=problem):
            return {"name": name, "status": problem.code, "message": problem.message}
        case NoList():
            return {"name": name, "status": "no_list"}


def _model(found: Compared) -> dict[str, Json]:
    price, listed = found.model.price, found.listed
    theirs: Json = None
    if listed is not None:
        amount = f"{listed.amount:f}"
        theirs = {"amount": amount, "currency": listed.currency, "unit": listed.unit}
    return {
        "name": found.model.name,
        "provider": found.model.provider,
        "endpoint": found.model.endpoint,
        "ours": {
            "usd": None if price.usd is None else f"{price.usd:f}",
            "unit": price.unit,
            "as_of": price.as_of,
        },
        "listed": theirs,
        "standing": found.standing.value,
    }


def csv_row(found: Compared) -> Sequence[Json]:
    """The cells of `CSV`."""
    price, listed = found.model.price, found.listed
    return (
        found.model.name,
        found.model.provider,
        found.model.endpoint,
        "" if price.usd is None else f"{price.usd:f}",
        price.unit,
        price.as_of or "",
        "" if listed is None else f"{listed.amount:f} {listed.currency}".strip(),
        "" if listed is None else listed.unit,
        found.standing.value,
    )

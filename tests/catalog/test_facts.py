"""The catalogue against the list of facts that it was made from, where that is at hand."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from aipipe.catalog.catalogue import load

FACTS = Path(__file__).parents[3] / "shared" / "catalog.yaml"
MENDED = {
    "luma_ray_2": "POST /generations/video model=ray-2",  # its base address has the rest
}
"""Endpoints that the list has otherwise, and why."""


@pytest.mark.skipif(not FACTS.exists(), reason="the list of facts is not at hand")
def test_names_endpoints_providers_and_prices_of_what_is_listed_are_as_found() -> None:
    listed = yaml.safe_load(FACTS.read_text(encoding="utf-8"))["models"]
    found = {
        m["name"]: (
            MENDED.get(m["name"], m["endpoint"]),
            m["provider"],
            (m["step"], *m.get("also", [])),
            None if m["price"]["usd"] is None else Decimal(str(m["price"]["usd"])),
            m["source"].get("price_as_of"),
        )
        for m in listed
    }

    known = {
        m.name: (m.endpoint, m.provider, m.types, m.price.usd, m.price.as_of)
        for m in load().models.values()
    }
    assert {name: known.get(name) for name in found} == found

"""The catalogue against the list of facts that it was made from, where that is at hand."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from aipipe.catalog.catalogue import load

MENDED = {
    "local_kokoro": "POST {kokoro}/v1/audio/speech model=kokoro",
    "local_ollama": "POST {ollama}/v1/chat/completions",
}
"""Endpoints that say which server of one's own they are at."""
FACTS = Path(__file__).parents[3] / "shared" / "catalog.yaml"


@pytest.mark.skipif(not FACTS.exists(), reason="the list of facts is not at hand")
def test_names_endpoints_providers_and_prices_are_as_found() -> None:
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

    assert {
        m.name: (m.endpoint, m.provider, m.types, m.price.usd, m.price.as_of)
        for m in load().models.values()
        if m.name in found  # others have been found since
    } == found

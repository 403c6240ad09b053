"""The catalogue against the list of facts that it was made from, where that is at hand."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from aipipe.catalog.catalogue import load

AT_HOME = {
    "luma_ray_2": "POST /generations/video model=ray-2",
    "local_kokoro": "POST {kokoro}/v1/audio/speech model=kokoro",
    "local_ollama": "POST {ollama}/v1/chat/completions",
}
"""Endpoints that say which server of one's own they are at, or whose base address says more."""
FACTS = Path(__file__).parents[3] / "shared" / "catalog.yaml"
IMAGES = ("text_to_image", "image_to_image")
AT_GOOGLE = "POST /v1/models/gemini-"
MENDED = {
    "gemini_3_1_flash_image": (
        f"{AT_GOOGLE}3.1-flash-image:generateContent",
        "google",
        IMAGES,
        Decimal("0.067"),  # of 1K, which is what it makes unasked
        "2026-11",
    ),
    "gemini_3_pro_image": (
        f"{AT_GOOGLE}3-pro-image:generateContent",
        "google",
        IMAGES,
        Decimal("0.134"),
        "2026-11",
    ),
    "gemini_2_5_flash_image": (
        f"{AT_GOOGLE}2.5-flash-image:generateContent",
        "google",
        IMAGES,
        Decimal("0.039"),
        "2026-11",
    ),
    "gemini_tts": (
        f"{AT_GOOGLE}3.8-flash-tts:generateContent",
        "google",
        ("text_to_speech",),
        None,
        "2026-11",
    ),
    "gemini_omni_flash": (
        "POST /v1/interactions model=gemini-omni-flash-preview",
        "google",
        ("text_to_video", "image_to_video"),
        None,
        None,
    ),
}
"""Where more is known than when the list was made."""


@pytest.mark.skipif(not FACTS.exists(), reason="the list of facts is not at hand")
def test_names_endpoints_providers_and_prices_of_what_is_listed_are_as_found() -> None:
    listed = yaml.safe_load(FACTS.read_text(encoding="utf-8"))["models"]
    found = {
        m["name"]: (
            AT_HOME.get(m["name"], m["endpoint"]),
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
    } == {**found, **MENDED}

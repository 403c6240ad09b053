"""Where fal is reached, and with which key."""

from typing import Final

from aipipe.contracts.provider import Address
from aipipe.contracts.tools import Tools
from aipipe.providers.http.site import Site, site_of

KEYS: Final = ("FAL_KEY",)
QUEUE: Final = Address(otherwise="https://queue.fal.run", variables=("AIPIPE_FAL_QUEUE_URL",))
RUN: Final = Address(otherwise="https://fal.run", variables=("AIPIPE_FAL_RUN_URL",))
REST: Final = Address(otherwise="https://rest.fal.ai", variables=("AIPIPE_FAL_REST_URL",))
CDN: Final = Address(otherwise="https://v3.fal.media", variables=("AIPIPE_FAL_CDN_URL",))
PLATFORM: Final = Address(otherwise="https://api.fal.ai/v1", variables=("AIPIPE_FAL_PLATFORM_URL",))


def site(tools: Tools, address: Address = QUEUE) -> Site:
    """One of its hosts, and the key that goes there."""
    return site_of(tools, address, keys=KEYS, header="Authorization", prefix="Key ")

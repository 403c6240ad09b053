"""Where Replicate is reached, and where each of its models is called."""

import re
from typing import Final

from aipipe.contracts.provider import Address
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http.site import Site, site_of

KEYS: Final = ("REPLICATE_API_TOKEN",)
API: Final = Address(
    otherwise="https://api.replicate.com",
    variables=("AIPIPE_REPLICATE_BASE_URL", "REPLICATE_BASE_URL"),
)
SLOTS: Final = {each: each for each in ("prompt", "text", "image", "audio", "video")}
"""Where inputs go of models that the catalogue does not know."""
_MODEL: Final = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_VERSION: Final = re.compile(r"[A-Za-z0-9]+")


def site(tools: Tools) -> Site:
    """Its API, with the user's key.

    Raises:
        StepError: the key has a character that no header can hold.
    """
    return site_of(tools, API, keys=KEYS, header="Authorization", prefix="Bearer ")


def place(endpoint: str) -> tuple[str, str | None]:
    """The path that a call goes to, and the version that it names, if any.

    Raises:
        StepError: nothing can have this name.
    """
    model, version = named(endpoint)
    is_version = _VERSION.fullmatch(version) is not None
    if is_version and (not model or _MODEL.fullmatch(model)):
        return "/v1/predictions", version
    if not version and _MODEL.fullmatch(model):
        return f"/v1/models/{model}/predictions", None
    raise StepError(
        "not_found",
        f"'{endpoint}' is no model of Replicate's",
        hint="replicate:OWNER/NAME, replicate:OWNER/NAME:VERSION or replicate:VERSION",
    )


def named(endpoint: str) -> tuple[str, str]:
    """A model and a version, of which one may be empty; the catalogue has them as paths.

    >>> named("POST /v1/models/ideogram-ai/ideogram-v3/predictions")
    ('ideogram-ai/ideogram-v3', '')
    >>> named("owner/name:5c7d")
    ('owner/name', '5c7d')
    >>> named("5c7d")
    ('', '5c7d')
    """
    name = endpoint.removeprefix("POST /v1/models/").removesuffix("/predictions")
    model, _, version = name.partition(":")
    return (model, version) if version or "/" in model else ("", model)

"""Pictures, speech, transcription and text by OpenAI.

Wire facts: OpenAI's OpenAPI document 2.3.0 (2026-08) and openai 3.57.0.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.tools import Tools
from aipipe.providers.http.dialect import calls
from aipipe.providers.http.dialect.calls import Dialect
from aipipe.providers.http.site import Site, site_of

KEYS: Final = ("OPENAI_API_KEY",)
ADDRESS: Final = Address(
    otherwise="https://api.openai.com/v1", variables=("AIPIPE_OPENAI_BASE_URL", "OPENAI_BASE_URL")
)
ACCOUNT: Final = {
    "OpenAI-Organization": "OPENAI_ORG_ID",
    "OpenAI-Project": "OPENAI_PROJECT_ID",
}
"""Headers that say who pays, and the variables that hold them."""


def _site(tools: Tools, _address: str) -> Site:
    """OpenAI's own host; what says who pays goes nowhere else either."""
    site = site_of(tools, ADDRESS, keys=KEYS, header="Authorization", prefix="Bearer ")
    told = {header: (tools.secret(name) or "").strip() for header, name in ACCOUNT.items()}
    account = {header: value for header, value in told.items() if value}
    return replace(site, credentials={**site.credentials, **account})


_DIALECT: Final = Dialect(
    provider="openai",
    site=_site,
    words={"max_tokens": "max_completion_tokens"},
    is_exact=True,
)

PROVIDER = Provider(
    name="openai",
    title="OpenAI",
    keys=KEYS,
    addresses={"api": ADDRESS},
    concurrency=8,
    submit=partial(calls.submit, _DIALECT),
    fetch=partial(calls.fetch, _DIALECT),
)

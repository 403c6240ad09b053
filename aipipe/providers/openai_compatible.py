"""Servers of your own that speak OpenAI's dialect: LocalAI, Ollama, Kokoro-FastAPI and others.

Wire facts: the sources of Kokoro-FastAPI, and Ollama's and LocalAI's documentation.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.tools import Tools
from aipipe.providers.http.dialect import calls, forms
from aipipe.providers.http.dialect.calls import Dialect
from aipipe.providers.http.site import Site, site_of

ANY: Final = "AIPIPE_OPENAI_COMPATIBLE_BASE_URL"
KEY: Final = "AIPIPE_OPENAI_COMPATIBLE_API_KEY"
"""Most such servers need none."""
ADDRESSES: Final[Mapping[str, Address]] = {
    "api": Address(otherwise="http://127.0.0.1:8080", variables=(ANY,)),
    "ollama": Address(
        otherwise="http://127.0.0.1:11434", variables=("AIPIPE_OLLAMA_BASE_URL", ANY)
    ),
    "kokoro": Address(otherwise="http://127.0.0.1:8880", variables=("AIPIPE_KOKORO_BASE_URL", ANY)),
}
"""Each where it listens by itself, so that several may run at one time."""
_SILENCE: Final = 1800.0
"""Seconds: a model may be loaded first, and runs on whatever there is."""


def _site(tools: Tools, address: str) -> Site:
    """A server, with or without the `/v1` that others want at the end of its address."""
    chosen = ADDRESSES.get(address, ADDRESSES["api"])
    site = site_of(tools, chosen, keys=(KEY,), header="Authorization", prefix="Bearer ")
    return replace(site, base=site.base.removesuffix("/v1"))


def _unreached(address: str) -> str:
    variable = ADDRESSES.get(address, ADDRESSES["api"]).variables[0]
    return f"start the server there, or say where it is with {variable}"


_DIALECT: Final = Dialect(
    provider="openai_compatible",
    site=_site,
    prefix="/v1",
    usual={forms.PICTURES.path: {"response_format": "b64_json"}},
    silence=_SILENCE,
    unreached=_unreached,
)

PROVIDER = Provider(
    name="openai_compatible",
    title="an OpenAI-compatible server",
    addresses=ADDRESSES,
    concurrency=2,
    submit=partial(calls.submit, _DIALECT),
    fetch=partial(calls.fetch, _DIALECT),
)

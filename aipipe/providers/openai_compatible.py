"""Servers of your own that speak OpenAI's dialect."""

from aipipe.contracts.provider import Address, Provider

ADDRESS = Address(
    otherwise="http://127.0.0.1:8080", variables=("AIPIPE_OPENAI_COMPATIBLE_BASE_URL",)
)

PROVIDER = Provider(
    name="openai_compatible",
    title="an OpenAI-compatible server",
    addresses={"api": ADDRESS},
    concurrency=2,
)

"""Servers of your own that speak OpenAI's dialect."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="openai_compatible",
    title="an OpenAI-compatible server",
    concurrency=2,
)

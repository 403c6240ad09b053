"""Models that run on Replicate."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="replicate",
    title="Replicate",
    keys=("REPLICATE_API_TOKEN",),
    concurrency=8,
)

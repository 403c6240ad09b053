"""Models that run on Replicate."""

from aipipe.contracts.provider import Address, Provider

ADDRESS = Address(
    otherwise="https://api.replicate.com",
    variables=("AIPIPE_REPLICATE_BASE_URL", "REPLICATE_BASE_URL"),
)

PROVIDER = Provider(
    name="replicate",
    title="Replicate",
    keys=("REPLICATE_API_TOKEN",),
    addresses={"api": ADDRESS},
    concurrency=8,
)

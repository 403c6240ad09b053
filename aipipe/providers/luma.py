"""Video and pictures by Luma."""

from aipipe.contracts.provider import Address, Provider

ADDRESS = Address(
    otherwise="https://api.lumalabs.ai/dream-machine/v1",
    variables=("AIPIPE_LUMA_BASE_URL", "LUMAAI_BASE_URL"),
)

PROVIDER = Provider(
    name="luma",
    title="Luma",
    keys=("LUMAAI_API_KEY",),
    addresses={"api": ADDRESS},
    concurrency=4,
)

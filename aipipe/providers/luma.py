"""Video and pictures by Luma."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="luma",
    title="Luma",
    keys=("LUMAAI_API_KEY",),
    concurrency=4,
)

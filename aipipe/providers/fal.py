"""fal.ai queue: pictures, video, sound and speech models."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="fal",
    title="fal",
    keys=("FAL_KEY",),
    concurrency=2,
)

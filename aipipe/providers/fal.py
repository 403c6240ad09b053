"""fal.ai queue: pictures, video, sound and speech models."""

from aipipe.contracts.provider import Address, Provider

ADDRESSES = {
    "queue": Address(otherwise="https://queue.fal.run", variables=("AIPIPE_FAL_QUEUE_URL",)),
    "run": Address(otherwise="https://fal.run", variables=("AIPIPE_FAL_RUN_URL",)),
    "rest": Address(otherwise="https://rest.fal.ai", variables=("AIPIPE_FAL_REST_URL",)),
    "cdn": Address(otherwise="https://v3.fal.media", variables=("AIPIPE_FAL_CDN_URL",)),
    "platform": Address(otherwise="https://api.fal.ai/v1", variables=("AIPIPE_FAL_PLATFORM_URL",)),
}

PROVIDER = Provider(
    name="fal",
    title="fal",
    keys=("FAL_KEY",),
    addresses=ADDRESSES,
    concurrency=2,
)

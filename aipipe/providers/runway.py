"""Video and pictures by Runway."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="runway",
    title="Runway",
    keys=("RUNWAYML_API_SECRET",),
    concurrency=2,
)

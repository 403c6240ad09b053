"""Video and pictures by Runway."""

from aipipe.contracts.provider import Address, Provider

ADDRESS = Address(
    otherwise="https://api.dev.runwayml.com",
    variables=("AIPIPE_RUNWAY_BASE_URL", "RUNWAYML_BASE_URL"),
)

PROVIDER = Provider(
    name="runway",
    title="Runway",
    keys=("RUNWAYML_API_SECRET",),
    addresses={"api": ADDRESS},
    concurrency=2,
    poll_every=5.0,
)

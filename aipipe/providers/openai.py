"""Pictures, speech, transcription and text by OpenAI."""

from aipipe.contracts.provider import Address, Provider

ADDRESS = Address(
    otherwise="https://api.openai.com/v1", variables=("AIPIPE_OPENAI_BASE_URL", "OPENAI_BASE_URL")
)

PROVIDER = Provider(
    name="openai",
    title="OpenAI",
    keys=("OPENAI_API_KEY",),
    addresses={"api": ADDRESS},
    concurrency=8,
)

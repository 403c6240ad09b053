"""Pictures, speech, transcription and text by OpenAI."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="openai",
    title="OpenAI",
    keys=("OPENAI_API_KEY",),
    concurrency=8,
)

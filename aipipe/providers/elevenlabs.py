"""Speech, sound effects, music and transcription by ElevenLabs."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="elevenlabs",
    title="ElevenLabs",
    keys=("ELEVENLABS_API_KEY",),
    concurrency=4,
)

"""Speech, sound effects, music and transcription by ElevenLabs."""

from aipipe.contracts.provider import Address, Provider

ADDRESS = Address(otherwise="https://api.elevenlabs.io", variables=("AIPIPE_ELEVENLABS_BASE_URL",))

PROVIDER = Provider(
    name="elevenlabs",
    title="ElevenLabs",
    keys=("ELEVENLABS_API_KEY",),
    addresses={"api": ADDRESS},
    concurrency=4,
)

"""Pictures, speech, video and text by Google's Gemini API."""

from aipipe.contracts.provider import Address, Provider

ADDRESS = Address(
    otherwise="https://generativelanguage.googleapis.com",
    variables=("AIPIPE_GOOGLE_BASE_URL", "GOOGLE_GEMINI_BASE_URL"),
)

PROVIDER = Provider(
    name="google",
    title="Google Gemini",
    keys=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    addresses={"api": ADDRESS},
    concurrency=8,
)

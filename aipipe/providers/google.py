"""Pictures, speech, video and text by Google's Gemini API."""

from aipipe.contracts.provider import Provider

PROVIDER = Provider(
    name="google",
    title="Google Gemini",
    keys=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    concurrency=8,
)

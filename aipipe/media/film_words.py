"""The words that the steps which film a still picture have in common."""

from collections.abc import Mapping

from aipipe.contracts.step import JsonSchema
from aipipe.media import sizes, words

LONGEST = 600
PARAMS: Mapping[str, JsonSchema] = {
    "duration": {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST},
            {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(s|sec|seconds?)?\s*$"},
        ],
        "description": "Length in seconds.",
        "default": 5,
    },
    "size": {**sizes.SIZE, "description": "Width and height in pixels; made even."},
    "aspect_ratio": sizes.ASPECT_RATIO,
    "resolution": sizes.VIDEO_RESOLUTION,
    "fps": {
        "type": "number",
        "minimum": 1,
        "maximum": 60,
        "description": "Pictures a second.",
        "default": 24,
    },
    "seed": words.SEED,
    "audio": {"type": "boolean", "description": "Whether to add sound.", "default": False},
    "camera": {
        "type": "string",
        "description": "How the camera moves, such as 'zoom in' or 'pan left'.",
    },
    "negative_prompt": {"type": "string", "description": "What the video should not have."},
}

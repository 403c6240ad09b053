"""The language's own keys: of the pipeline, and of each kind of step."""

from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import REFERENCE
from aipipe.schema.values import (
    COUNT,
    DOLLARS,
    FAILURES,
    FLAG,
    IDENTIFIER,
    ITEMS,
    NAME,
    ON_ERROR,
    PAUSE,
    STARTS,
    TEXT,
    TIME,
    Schema,
    described,
    mapping,
)
from aipipe.schema.variation import VARIATION

STEPS: Final[Schema] = {"type": "array", "minItems": 1}
"""A list of steps, each of which is checked by itself."""
_RETRY: Final = mapping(
    {
        "max_attempts": described(COUNT, "How often a call is sent at most (3)."),
        "delay": described(PAUSE, "Time before the second attempt; it doubles from there (1s)."),
        "max_delay": described(PAUSE, "The longest time between two attempts (1m)."),
    },
    description="How often a call that may safely be sent again is sent.",
)
_LIMIT: Final = mapping(
    {
        "concurrency": described(COUNT, "Jobs in flight at once."),
        "rate": described(STARTS, "Starts in a time: 60/min, 5/s."),
    }
)
_LIMITS: Final = mapping(
    {
        "max_workers": described(COUNT, "Calls in flight at once, over all (32)."),
        "providers": {
            "type": "object",
            "description": "By provider: fal, elevenlabs, …",
            "additionalProperties": _LIMIT,
        },
        "models": {
            "type": "object",
            "description": "By model, as the catalogue names it.",
            "additionalProperties": _LIMIT,
        },
    },
    description="How much may happen at once.",
)
_TIMEOUT: Final = described(TIME, "How long a call may take: 90, 10m, 1h30m.")
_ON_ERROR: Final = described(
    ON_ERROR,
    "What a failure does: fail stops what needs it; continue leaves a gap and exits 1;"
    " ignore leaves a gap and exits 0.",
)
_VAR: Final = mapping(
    {
        "type": described(
            {"enum": ["string", "number", "integer", "boolean", "list"]},
            "What --var NAME=VALUE is read as.",
        ),
        "default": {"description": "The value without --var."},
        "required": described(FLAG, "true: it must be given where it has no default."),
        "choices": {
            "description": "All that it may be.",
            "type": "array",
            "minItems": 1,
            "items": {"type": ["string", "number", "boolean"]},
        },
        "description": described(TEXT, "What it is for."),
    }
)
_INPUTS: Final = "What the run starts from: texts, files, addresses, globs, rows of tables, or -."
TOP: Final[dict[str, Json]] = {
    "aipipe": described({"const": 1}, "The version of the language."),
    "name": described(NAME, "What the pipeline is called; else the file's name."),
    "description": described(TEXT, "What it is for."),
    "prompt": described(TEXT, "The run's text; --prompt takes its place."),
    "input": described(
        {
            "title": "a text, a path, a mapping or a list",
            "type": ["string", "number", "boolean", "object", "array"],
        },
        f"{_INPUTS} --input takes its place.",
    ),
    "inputs": described(ITEMS, f"{_INPUTS} --input takes its place."),
    "vars": {
        "type": "object",
        "description": "Values that ${{ vars.NAME }} names and --var NAME=VALUE changes.",
        "propertyNames": {"pattern": r"^([A-Za-z_][A-Za-z0-9_-]*|x-.*)$"},
        "additionalProperties": {
            "title": "a value, or a mapping of type, default and description",
            "anyOf": [{"type": ["string", "number", "boolean", "array"]}, _VAR],
        },
    },
    "outputs": {
        "type": "object",
        "description": "What it gives, by name: ${{ steps.ID.output }}. The first is its value.",
        "propertyNames": {"pattern": r"^([A-Za-z_][A-Za-z0-9_-]*|x-.*)$"},
        "additionalProperties": {"title": "a reference to a step", "type": "string"},
    },
    "budget": described(DOLLARS, "The run never spends more than this, in US dollars."),
    "limits": _LIMITS,
    "defaults": mapping(
        {"retry": _RETRY, "timeout": _TIMEOUT, "on_error": _ON_ERROR},
        description="What holds for every step that does not say otherwise.",
    ),
    "output_dir": described(NAME, "Where outputs go, relative to the working directory."),
    "save_intermediates": described(
        FLAG, "false: only what the last step makes is put into the output folder."
    ),
    "tags": described(
        {"title": "on or off", "enum": [True, False, "on", "off"]},
        "Whether files tell how they were made: prompt, model, seed.",
    ),
}
COMMON: Final[dict[str, Json]] = {
    "id": described(IDENTIFIER, "What ${{ steps.ID }} and needs call it; unique among siblings."),
    "name": described(NAME, "What tables call it; it stands in for id."),
    "needs": {
        "title": "the id of a step, or a list of them",
        "description": "The steps that must have ended before.",
        "anyOf": [{"type": "array", "items": NAME, "minItems": 1}, NAME],
    },
    "input": {
        "title": "a text, a path, a reference, or a mapping by slot",
        "description": "What it takes in, instead of what the step before gives.",
        "type": ["string", "object", "array"],
    },
    "enabled": {
        "title": "true, false or a reference to a variable",
        "description": "false: as if it was not written.",
        "anyOf": [FLAG, dict(REFERENCE)],
    },
    "on_error": _ON_ERROR,
    **VARIATION,
    "when": {
        "title": "true, false or a condition such as vars.quality == 'high'",
        "description": "It is skipped unless this is true: names without ${{ }}, == != < <= > >="
        " in, and, or, not.",
        "type": ["boolean", "string"],
    },
    "approve": {
        "title": "true, false or a question",
        "description": "A person is asked before it begins; else  run --approve STEP.",
        "type": ["boolean", "string"],
    },
}
CALLING: Final[dict[str, Json]] = {
    "raw": {
        "type": "object",
        "description": "Wire parameters of the endpoint, sent as they are.",
    },
    "retry": _RETRY,
    "timeout": _TIMEOUT,
    "cache": described(FLAG, "false: never use an earlier result."),
    "price": described(DOLLARS, "What one call costs, where the catalogue does not know."),
}
_BUDGET: Final = described(DOLLARS, "What its steps spend at most together, in US dollars.")
_MAX_FAILURES: Final = described(FAILURES, "It fails once more than this many have failed.")
_MIN_SUCCESS: Final = described(COUNT, "It succeeds with this many, whatever the others do.")
_RACE: Final[dict[str, Json]] = {
    "title": "true, false, or {running: finish}",
    "description": "The first branch to succeed wins: its output is the group's, others stop.",
    "anyOf": [
        FLAG,
        mapping(
            {
                "running": described(
                    {"enum": ["finish", "leave", "cancel"]},
                    "What becomes of calls in flight: they finish, and what they make is kept;"
                    " jobs are left at their provider; or they are asked to stop.",
                )
            }
        ),
    ],
}
GROUP: Final[dict[str, Json]] = {
    "race": _RACE,
    "max_workers": described(COUNT, "How many of its branches run at once."),
    "max_failures": _MAX_FAILURES,
    "min_success": _MIN_SUCCESS,
    "budget": _BUDGET,
}
BATCH: Final[dict[str, Json]] = {
    "batch_size": described(COUNT, "How many items are in flight at once."),
    "inputs": described(ITEMS, "The items; else the list that arrives, else the run's inputs."),
    "as": described(IDENTIFIER, "What references call the item, besides 'item'."),
    "max_failures": _MAX_FAILURES,
    "min_success": _MIN_SUCCESS,
    "budget": _BUDGET,
}

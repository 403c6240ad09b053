"""What the description of a service may say, for `model: http:FILE`."""

from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.schema.values import NAME, PAUSE, Schema, described, mapping

CODES: Final = (
    "bad_key",
    "no_credit",
    "not_allowed",
    "not_found",
    "refused.input",
    "bad_parameter",
    "rate_limit",
    "too_many_at_once",
    "overloaded",
)
"""The codes that a refusal can have."""
_VARIABLE: Final[Schema] = {
    "title": "a variable that begins with AIPIPE_KEY_",
    "type": "string",
    "pattern": "^AIPIPE_KEY_[A-Z0-9_]+$",
}
_PATH: Final[Schema] = {
    "title": "a path that begins with '/'",
    "type": "string",
    "pattern": r"^/(?!/)\S*$",
}
_JOB_PATH: Final[Schema] = {
    "title": "a path that begins with '/' and has '{id}' in it",
    "type": "string",
    "pattern": r"^/(?!/)\S*\{id\}\S*$",
}
_CANCEL: Final[Schema] = {
    "title": "a method and a path with '{id}', such as 'DELETE /jobs/{id}'",
    "type": "string",
    "pattern": r"^(POST|PUT|PATCH|DELETE) /(?!/)\S*\{id\}\S*$",
}
_STATES: Final[Schema] = {
    "type": "array",
    "items": {"type": ["string", "integer", "boolean"]},
    "minItems": 1,
}
_HEADER: Final[Schema] = {
    "title": "the name of a header",
    "type": "string",
    "pattern": "^[A-Za-z0-9-]+$",
}
_PRINTABLE: Final[Schema] = {
    "title": "letters, digits and signs of ASCII",
    "type": "string",
    "pattern": "^[ -~]*$",
}
_KEY: Final[Schema] = {
    "title": "a variable that begins with AIPIPE_KEY_, or {variable: …, header: …, prefix: …}",
    "description": "The variable that holds the key, sent as 'Authorization: Bearer …'.",
    "anyOf": [
        _VARIABLE,
        mapping(
            {
                "variable": _VARIABLE,
                "header": described(_HEADER, "The header that holds the key (Authorization)."),
                "prefix": described(_PRINTABLE, "What stands before the key ('Bearer ')."),
            },
            required=["variable"],
        ),
    ],
}
_SUBMIT: Final = mapping(
    {
        "path": described(_PATH, "Where the call goes; {voice} stands for that parameter."),
        "body": {
            "title": "a mapping",
            "type": "object",
            "description": "The JSON body. '${{ prompt }}' alone stands for that input or"
            " parameter, and is left out where there is none.",
        },
        "files": described(
            {"enum": ["data_url", "base64"]}, "How files stand in the body (data_url)."
        ),
    },
    required=["path", "body"],
    description="The request that makes something.",
)
_JOB: Final = mapping(
    {
        "id": described(NAME, "Where the answer has the job's id: id, data.task_id."),
        "path": described(_JOB_PATH, "Where the job is asked for."),
        "status": described(NAME, "Where that answer has the status."),
        "done": described(_STATES, "Statuses of jobs that are done."),
        "failed": described(_STATES, "Statuses of jobs that have failed."),
        "refused": described(_STATES, "Statuses of jobs that moderation has refused."),
        "cancelled": described(_STATES, "Statuses of jobs that were cancelled."),
        "pending": described(_STATES, "Statuses of jobs that go on; without it, every other."),
        "progress": described(NAME, "Where it has the progress: 0 to 1, or percent."),
        "every": described(PAUSE, "The time between two questions (2s)."),
        "result": described(_JOB_PATH, "Where the result is asked for, if not there too."),
        "cancel": described(_CANCEL, "How a job is cancelled."),
        "failures": described(
            {"enum": ["billed", "free"]},
            "Whether jobs that fail or are cancelled cost nothing (billed).",
        ),
    },
    required=["id", "path", "status", "done", "failed"],
    description="How a job is asked for; without it, the service answers at once.",
)
_REFUSALS: Final = mapping(
    {str(status): {"enum": list[Json](CODES)} for status in (*range(400, 500), 503, 529)},
    description="HTTP statuses by which it refuses what costs nothing, with aipipe's codes.",
)


def service() -> Schema:
    """The schema of a description, as one document."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A service for aipipe: model: http:FILE",
        **mapping(
            {
                "base": {
                    "title": "an address such as https://api.example.com/v1",
                    "description": "The address that all paths are below.",
                    "type": "string",
                    "pattern": r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
                },
                "key": _KEY,
                "headers": {
                    "title": "a mapping of names to texts",
                    "type": "object",
                    "description": "Headers of every request.",
                    "additionalProperties": _PRINTABLE,
                },
                "submit": _SUBMIT,
                "job": _JOB,
                "results": {
                    "title": "a list such as ['images[].url']",
                    "description": "Where the answer has what was made: an address, base64 or a"
                    " text. Without it, the answer is what was made.",
                    "type": "array",
                    "items": NAME,
                    "minItems": 1,
                },
                "error": described(NAME, "Where an answer says what went wrong: error.message."),
                "refusals": _REFUSALS,
            },
            required=["base", "submit"],
        ),
    }

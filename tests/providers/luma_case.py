"""How Luma says no."""

from providers.cases import Case
from support.fakes.luma import Luma
from support.till.replies import Reply, of_json


def failed(reason: str) -> Reply:
    """A generation that came to nothing."""
    return of_json(200, {"id": "g", "state": "failed", "failure_reason": reason})


LUMA = Case(
    name="luma",
    make=Luma,
    step="  - {type: text_to_image, model: luma_photon, params: {prompt: a red fox}}\n",
    refusals={
        "bad_key": of_json(403, {"detail": "Invalid API key is provided"}),
        "no_credit": of_json(400, {"detail": "Insufficient credits"}),
        "not_found": of_json(404, {"detail": "Not Found"}),
        "bad_parameter": of_json(422, {"detail": [{"loc": ["body"], "msg": "no such ratio"}]}),
        "refused.input": of_json(
            400, {"detail": "Prompt not allowed because advanced moderation failed"}
        ),
        "rate_limit": of_json(429, {"detail": "Too many requests"}),
    },
    ends={
        "refused.output": failed("400: advanced moderation failed"),
        "job_failed": failed("an internal error"),
    },
    cancel="",
)

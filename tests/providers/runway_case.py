"""How Runway says no."""

from providers.cases import Case
from support.fakes.runway import Runway
from support.till.replies import Reply, of_json

ISSUE = {"code": "too_big", "path": ["ratio"], "message": "not one of the ratios"}


def failed(code: str, credits_: int = 0) -> Reply:
    """A task that has failed."""
    told = {"status": "FAILED", "failure": "it went wrong", "failureCode": code}
    return of_json(200, {"id": "t", **told, "cost": {"credits": credits_}})


RUNWAY = Case(
    name="runway",
    make=Runway,
    step="  - {type: text_to_image, model: runway, params: {prompt: a red fox}}\n",
    refusals={
        "bad_key": of_json(401, {"error": "The provided API key is not valid."}),
        "no_credit": of_json(400, {"error": "You do not have enough credits to run this task."}),
        "not_found": of_json(404, {"error": "Not found"}),
        "bad_parameter": of_json(400, {"error": "Validation of body failed", "issues": [ISSUE]}),
        "rate_limit": of_json(429, {"error": "Too many requests"}),
    },
    ends={
        "refused.input": failed("SAFETY.INPUT.TEXT", 5),
        "refused.output": failed("SAFETY.OUTPUT.IMAGE"),
        "bad_parameter": failed("ASSET.INVALID"),
        "job_failed": failed("INTERNAL.BAD_OUTPUT.CODE01"),
    },
)

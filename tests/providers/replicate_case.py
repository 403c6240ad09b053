"""How Replicate says no."""

from providers.cases import Case
from support.fakes.replicate import Replicate
from support.till.replies import Reply, of_json


def _problem(status: int, title: str, detail: str) -> Reply:
    return of_json(status, {"title": title, "detail": detail, "status": status})


def failed(error: str, seconds: float = 1.5) -> Reply:
    """A prediction that has failed."""
    told = {"status": "failed", "error": error, "output": None, "data_removed": False}
    return of_json(200, {"id": "p", **told, "metrics": {"predict_time": seconds}})


REPLICATE = Case(
    name="replicate",
    make=Replicate,
    step="  - {type: text_to_image, model: flux_schnell_replicate, params: {prompt: a red fox}}\n",
    refusals={
        "bad_key": _problem(401, "Unauthenticated", "You did not pass a valid token"),
        "no_credit": _problem(402, "Insufficient credit", "You have insufficient credit"),
        "not_found": of_json(404, {"detail": "The requested resource could not be found."}),
        "bad_parameter": _problem(422, "Input validation failed", "- input.seed: no integer\n"),
        "rate_limit": of_json(
            429, {"detail": "Request was throttled. Your rate limit resets in ~1s.", "status": 429}
        ),
    },
    ends={
        "refused.output": failed("The input or output was flagged as sensitive. (E005) (x1)"),
        "job_failed": failed("CUDA out of memory"),
    },
)

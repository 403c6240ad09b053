"""How fal says no."""

from providers.cases import Case
from support.fakes.fal import Fal
from support.till.replies import of_json

POLICY = [
    {"loc": ["body", "prompt"], "msg": "not allowed", "type": "content_policy_violation"},
]

FAL = Case(
    name="fal",
    make=Fal,
    step="  - {type: text_to_image, model: flux, params: {prompt: a red fox}}\n",
    refusals={
        "bad_key": of_json(401, {"detail": "No user found for Key ID and Secret"}),
        "no_credit": of_json(403, {"detail": "User is locked. Reason: Exhausted balance."}),
        "not_found": of_json(404, {"detail": "Application not found"}),
        "bad_parameter": of_json(
            422, {"detail": [{"loc": ["body", "seed"], "msg": "no number", "type": "int_type"}]}
        ),
        "refused.input": of_json(422, {"detail": POLICY}),
        "rate_limit": of_json(429, {"detail": "too many"}),
    },
    ends={
        "refused.output": of_json(422, {"detail": POLICY}, {"x-fal-billable-units": "0"}),
        "job_failed": of_json(500, {"detail": "it broke"}, {"x-fal-request-id": "r"}),
        "bad_parameter": of_json(422, {"detail": "image_url can't be loaded"}),
    },
)

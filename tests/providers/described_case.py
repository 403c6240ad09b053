"""How a described service says no: as jobs, and with answers at once."""

from providers.cases import Case
from support.fakes.described import VARIABLE, Described
from support.fakes.fake import Fake
from support.till.replies import of_json

TOP = f"""\
key: {{variable: {VARIABLE}, header: X-Key, prefix: "Token "}}
headers: {{X-Version: "2"}}
error: error.message
refusals: {{402: no_credit, 418: bad_parameter, 451: refused.input}}
"""
JOB = """\
job:
  id: data.number
  path: /jobs/{id}
  every: 0.05
  status: state
  done: [ready]
  failed: [broken]
  refused: [blocked]
  cancelled: [stopped]
  progress: percent
  cancel: DELETE /jobs/{id}
  failures: free
"""
RESULTS = 'results: ["output[].address"]\n'


def submit(path: str, body: str) -> str:
    """The lines of a request."""
    return f"submit:\n  path: {path}\n  body: {{{body}}}\n"


def described(fake: Fake, *parts: str) -> dict[str, str]:
    """The file that describes it."""
    return {"studio.yaml": f"base: {fake.base}/v1\n{TOP}{''.join(parts)}"}


BODY = 'text: "${{ prompt }}", options: {seed: "${{ seed }}", sides: ["${{ size }}"]}, kind: best'
REFUSALS = {
    "bad_key": of_json(401, {"error": {"message": "who is there"}}),
    "no_credit": of_json(402, {"error": {"message": "pay first"}}),
    "not_found": of_json(404, {}),
    "bad_parameter": of_json(418, {"error": {"message": "too small"}}),
    "refused.input": of_json(451, {"error": {"message": "not that"}}),
    "rate_limit": of_json(429, {"error": {"message": "slower"}}),
}
STEP = (
    "  - {type: text_to_image, model: 'http:studio.yaml', params: {prompt: a red fox}, price: 1}\n"
)

DESCRIBED_JOBS = Case(
    name="described_jobs",
    make=Described,
    step=STEP,
    beside=lambda fake: described(fake, submit("/jobs", BODY), JOB, RESULTS),
    refusals=REFUSALS,
    ends={
        "refused.output": of_json(200, {"state": "blocked", "error": {"message": "not that"}}),
        "job_failed": of_json(200, {"state": "broken"}),
    },
)
DESCRIBED_NOW = Case(
    name="described_now",
    make=Described,
    step=STEP,
    beside=lambda fake: described(fake, submit("/now", BODY)),
    refusals=REFUSALS,
    status="",
    file="",
    cancel="",
)

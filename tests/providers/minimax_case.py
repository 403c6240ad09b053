"""How MiniMax says no: a video is a task, speech is answered at once."""

from providers.cases import Case
from support.fakes.minimax import MiniMax, no
from support.till.replies import Reply, of_json

REFUSALS = {
    "bad_key": no(1004, "login fail"),
    "no_credit": no(1008, "insufficient balance"),
    "not_found": of_json(404, {"error": {"message": "404 page not found"}}),
    "bad_parameter": no(2013, "invalid params"),
    "refused.input": no(1026, "input new_sensitive"),
    "rate_limit": no(1002, "rate limit"),
}


def failed(code: int, message: str) -> Reply:
    """A task that came to nothing."""
    base = {"status_code": code, "status_msg": message}
    return of_json(200, {"task_id": "1", "status": "Fail", "base_resp": base})


MINIMAX_VIDEO = Case(
    name="minimax_video",
    make=MiniMax,
    step="  - {type: text_to_video, model: hailuo_2_3_minimax, params: {prompt: a red fox}}\n",
    refusals=REFUSALS,
    ends={
        "refused.output": failed(1027, "output new_sensitive"),
        "job_failed": failed(0, "success"),
    },
    cancel="",
)
MINIMAX_SPEECH = Case(
    name="minimax_speech",
    make=MiniMax,
    step="  - {type: text_to_speech, model: speech-2.8-hd, params: {text: A red fox}}\n",
    refusals=REFUSALS,
    status="",
    file="",
    cancel="",
)

"""Every provider bears the same troubles: told by name, never paid twice, never lost."""

from pathlib import Path

import pytest
from providers.automatic1111_case import IMG2IMG, TXT2IMG
from providers.cases import Case, Stage, serve
from providers.comfyui_case import COMFYUI
from providers.described_case import DESCRIBED_JOBS, DESCRIBED_NOW
from providers.elevenlabs_case import SCRIBE, SOUNDS, SPEECH
from providers.fal_case import FAL
from providers.google_case import GOOGLE
from providers.luma_case import LUMA
from providers.minimax_case import MINIMAX_SPEECH, MINIMAX_VIDEO
from providers.openai_case import OPENAI
from providers.replicate_case import REPLICATE
from providers.runway_case import RUNWAY
from support.buying import states
from support.till.replies import RESET, Manner, Reply

from aipipe.app.run import Control
from aipipe.contracts.event import RunEvent
from aipipe.contracts.in_flight import Running
from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work

CASES = [
    FAL,
    SPEECH,
    SOUNDS,
    SCRIBE,
    *OPENAI,
    *GOOGLE,
    REPLICATE,
    RUNWAY,
    LUMA,
    MINIMAX_VIDEO,
    MINIMAX_SPEECH,
    DESCRIBED_JOBS,
    DESCRIBED_NOW,
    COMFYUI,
    TXT2IMG,
    IMG2IMG,
]
JOBS = [case for case in CASES if case.status]
every = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_job = pytest.mark.parametrize("case", JOBS, ids=lambda case: case.name)


def of(name: str) -> pytest.MarkDecorator:
    """The cases whose server can say no in this way."""
    found = [case for case in CASES if name in case.refusals]
    return pytest.mark.parametrize("case", found, ids=lambda case: case.name)


@every
def test_what_was_asked_for_is_made_as_the_specification_has_it(case: Case, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        summary = stage.run()

        assert (summary.counts, summary.exit_code) == ({Status.DONE: 1}, 0)
        assert stage.fake.faults == []
        assert [row.outputs for row in summary.rows()]
        assert len(stage.fake.charged) == 1
        again = stage.run()
        assert (again.counts, len(stage.fake.charged)) == ({Status.REUSED: 1}, 1)

    serve(case, tmp_path, play)


REFUSED = [
    (case, code)
    for case in CASES
    for code in ("bad_key", "no_credit", "not_found", "bad_parameter", "refused.input")
    if code in case.refusals
]


@pytest.mark.parametrize(
    ("case", "code"), REFUSED, ids=[f"{case.name}-{code}" for case, code in REFUSED]
)
def test_a_refusal_is_told_by_its_code_costs_nothing_and_is_not_sent_again(
    case: Case, code: str, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", case.refusals[code])
        summary = stage.run()

        assert (stage.code(summary), summary.exit_code) == (code, 1)
        assert stage.fake.count("submit") == 1
        assert [money for _, _, money in states(stage.folder)] == [Money.FREE]

    serve(case, tmp_path, play)


@of("rate_limit")
@pytest.mark.parametrize("wait", [None, "1"])
def test_one_too_many_is_sent_again(case: Case, wait: str | None, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        refusal = case.refusals["rate_limit"]
        named = {**refusal.headers, **({"Retry-After": wait} if wait else {})}
        throttled = Reply(status=refusal.status, body=refusal.body, headers=named)
        stage.fake.trouble("submit", throttled)
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert (stage.fake.count("submit"), len(stage.fake.charged)) == (2, 1)

    serve(case, tmp_path, play)


@every
@pytest.mark.parametrize("reply", [Reply(status=500, body=b"oops"), RESET], ids=["500", "reset"])
@pytest.mark.parametrize("charged", [True, False])
def test_a_submit_whose_answer_is_lost_is_unconfirmed_and_never_sent_again(
    case: Case, reply: Reply, tmp_path: Path, *, charged: bool
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", reply, after=charged)
        summary = stage.run()
        stage.fake.trouble(case.lookup, *[Reply(status=500)] * 3)
        again = stage.run()

        assert (summary.counts, summary.exit_code) == ({Status.UNCONFIRMED: 1}, 4)
        assert again.exit_code == 4
        assert stage.fake.count("submit") == 1
        assert [work for _, work, _ in states(stage.folder)] == [Work.UNCONFIRMED]

    serve(case, tmp_path, play)


@every_job
@pytest.mark.parametrize("reply", [Reply(status=500, body=b"oops"), RESET], ids=["500", "reset"])
def test_a_job_that_can_t_be_asked_for_goes_on(case: Case, reply: Reply, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble(case.status, reply)
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert stage.fake.count("submit") == 1

    serve(case, tmp_path, play)


@every_job
@pytest.mark.parametrize("status", [401, 404])
def test_a_poll_that_is_refused_never_means_that_a_job_is_gone(
    case: Case, status: int, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble(case.status, Reply(status=status, body=b"{}"))
        first = stage.run()
        again = stage.run()

        assert first.exit_code == 1
        assert again.counts == {Status.DONE: 1}
        assert stage.fake.count("submit") == 1

    serve(case, tmp_path, play)


ENDS = [(case, code) for case in CASES for code in case.ends]


@pytest.mark.parametrize(("case", "code"), ENDS, ids=[f"{case.name}-{code}" for case, code in ENDS])
def test_a_job_that_fails_is_told_by_its_code(case: Case, code: str, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        kind = getattr(stage.fake, "end_kind", "result")
        stage.fake.trouble(kind, *[case.ends[code]] * 3)
        summary = stage.run()

        assert (stage.code(summary), summary.exit_code) == (code, 1)
        if code.startswith("refused"):
            assert stage.fake.count("submit") == 1
            assert stage.run().exit_code == 1
            assert stage.fake.count("submit") == 1

    serve(case, tmp_path, play)


DOWNLOADS = [case for case in CASES if case.file]


@pytest.mark.parametrize("case", DOWNLOADS, ids=lambda case: case.name)
def test_a_download_that_breaks_off_is_repeated(case: Case, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        cut = Reply(body=b"x" * 1000, manner=Manner.CUT_OFF)
        stage.fake.trouble(case.file, cut, Reply(status=500), RESET)
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert (stage.fake.count("submit"), stage.fake.count(case.file)) == (1, 4)

    serve(case, tmp_path, play)


@pytest.mark.parametrize("case", DOWNLOADS, ids=lambda case: case.name)
def test_a_result_that_is_gone_is_told_and_not_bought_again(case: Case, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble(case.file, *[Reply(status=410)] * 2)  # at a fresh address too
        summary = stage.run()
        again = stage.run()

        assert stage.code(summary).startswith("result.")
        assert again.exit_code == 1
        assert stage.fake.count("submit") == 1
        assert [(work, money) for _, work, money in states(stage.folder)] == [
            (Work.EXPIRED, Money.BILLED)
        ]

    serve(case, tmp_path, play)


HOSTILE = {
    "html": Reply(body=b"<html>wait</html>", headers={"Content-Type": "text/html"}),
    "shape": Reply(body=b'{"a": [1]}', headers={"Content-Type": "application/json"}),
    "nan": Reply(body=b'{"status": NaN}', headers={"Content-Type": "application/json"}),
    "file": Reply(status=302, headers={"Location": "file:///etc/passwd"}),
    "empty": Reply(body=b""),
}


@every
@pytest.mark.parametrize("what", HOSTILE)
def test_an_answer_that_is_not_what_was_promised_ends_the_step_and_never_the_run(
    case: Case, what: str, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        kind = case.file or case.status or "submit"
        stage.fake.trouble(kind, *[HOSTILE[what]] * 12)
        summary = stage.run()

        assert summary.exit_code in {1, 4}
        assert stage.fake.count("submit") == 1
        assert "/etc" not in str([row.problem for row in summary.rows()])

    serve(case, tmp_path, play)


CANCELS = [case for case in CASES if case.cancel]


@pytest.mark.parametrize("case", CANCELS, ids=lambda case: case.name)
def test_a_job_is_cancelled_when_that_is_asked_for(case: Case, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.polls = 1_000  # type: ignore[attr-defined] # every fake with jobs has them
        control = Control(Running.CANCEL)

        def listen(_event: RunEvent) -> None:
            if stage.fake.count(case.status):
                control.interrupt("SIGINT")

        summary = stage.run(listen=listen, control=control)

        assert stage.fake.count(case.cancel) == 1
        assert summary.counts == {Status.CANCELLED: 1}
        assert stage.fake.count("submit") == 1

    serve(case, tmp_path, play)

"""A model whose receipt is above its worst case is not called again in that run."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import group, plan, task
from support.running import BROKEN, Story, made, tell

from aipipe.contracts.call import Produced, Receipt
from aipipe.contracts.event import Noticed, StepEnded
from aipipe.contracts.outcome import Failed, Finished, NotSent, SubmitOutcome
from aipipe.language.spec import Retry
from aipipe.planning.plan import Task
from aipipe.running.closures import EXCEEDED
from aipipe.running.desk import Terms
from aipipe.running.instructions import Answered, Commit, Committed, Submit, Submitted
from aipipe.running.machine import Machine
from aipipe.running.values import Binder

DOLLAR = 1_000_000_000


def billed(amount: int, *, computed: bool = False) -> Finished:
    receipt = Receipt(nano_usd=amount, computed=computed)
    return Finished(produced=Produced(artefacts=(made("x"),), receipt=receipt))


def model(id_: str, name: str, **more: Any) -> Task:
    return task(id_, plugin="provider:p", model=name, **more)


def run(*tasks: Task, answers: dict[str, SubmitOutcome], **terms: Any) -> Story:
    """A run in which each call may cost a dollar, and costs one where nothing else is said."""
    told: dict[str, Any] = {"hold_of": lambda _t, _c: DOLLAR, "max_workers": 1, **terms}
    said = {path: _saying(answer) for path, answer in answers.items()}
    return tell(plan(group(*tasks)), answers=said, otherwise=_saying(billed(DOLLAR)), **told)


def _saying(answer: SubmitOutcome) -> Any:
    return lambda _call: answer


def codes(story: Story) -> list[str | None]:
    ends = [each for each in story.events if isinstance(each, StepEnded)]
    return [each.problem.code if each.problem else None for each in ends]


def test_a_receipt_above_its_hold_closes_that_model_and_no_other() -> None:
    story = run(
        model("1", "dear"),
        model("2", "dear"),
        model("3", "other"),
        answers={"group.1": billed(DOLLAR + 1)},
    )

    assert [call.task for call in story.sent] == ["group.1", "group.3"]
    assert story.ends == {"group.1": "done", "group.2": "failed", "group.3": "done"}
    assert story.end.exit_code == 1


def test_what_waited_says_what_was_billed_and_what_to_do() -> None:
    story = run(*[model(n, "dear") for n in "123"], answers={"group.1": billed(3 * DOLLAR)})

    problems = [e.problem for e in story.events if isinstance(e, StepEnded) and e.problem]
    assert {(p.code, p.message) for p in problems} == {
        (EXCEEDED, "billed $3.000 where at most $1.000 was expected")
    }
    assert "aipipe models NAME" in (problems[0].hint or "")
    assert [each.message for each in story.events if isinstance(each, Noticed)] == [
        "'dear' billed $3.000 where at most $1.000 was expected: no further call to it starts"
    ]


def test_a_receipt_of_exactly_the_hold_closes_nothing() -> None:
    story = run(*[model(n, "dear") for n in "12"], answers={})

    assert codes(story) == [None, None]


def test_where_the_worst_case_was_unknown_no_receipt_closes_anything() -> None:
    story = run(*[model(n, "dear") for n in "12"], answers={}, hold_of=lambda _t, _c: None)

    assert codes(story) == [None, None]


def test_a_failed_call_that_cost_too_much_is_not_sent_again() -> None:
    dear = Failed(problem=BROKEN, retryable=True, billed_nano_usd=2 * DOLLAR)
    again = Retry(max_attempts=3)
    story = run(*[model(n, "dear", retry=again) for n in "12"], answers={"group.1": dear})

    assert len(story.sent) == 1
    assert codes(story) == [EXCEEDED, EXCEEDED]


def test_calls_in_flight_go_on_when_their_model_closes() -> None:
    story = run(
        *[model(n, "dear") for n in "123"],
        answers={"group.1": billed(2 * DOLLAR)},
        max_workers=2,
        seconds=lambda call: 1.0 if call.task == "group.1" else 5.0,
    )

    assert story.ends == {"group.1": "done", "group.2": "done", "group.3": "failed"}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.integers(1, 5))
@settings(max_examples=80, deadline=None)
def test_a_model_that_is_always_too_dear_is_sent_no_more_calls_than_were_in_flight(
    lasting: list[int], workers: int
) -> None:
    tasks = [model(str(n), "dear") for n in range(len(lasting))]
    seconds = {f"group.{n}": float(each) for n, each in enumerate(lasting)}

    story = tell(
        plan(group(*tasks)),
        otherwise=_saying(billed(3 * DOLLAR)),
        hold_of=lambda _t, _c: DOLLAR,
        seconds=lambda call: seconds[call.task],
        max_workers=workers,
    )

    assert len(story.sent) == min(workers, len(tasks))
    assert story.end.billed == 3 * DOLLAR * len(story.sent)


def test_a_call_that_is_only_kept_when_its_model_closes_is_withdrawn() -> None:
    terms = Terms(
        run="test",
        max_workers=2,
        concurrency=lambda _provider: 9,
        hold_of=lambda _t, _c: DOLLAR,
        likely_of=lambda _t, _c: DOLLAR,
        random=lambda: 0.0,
    )
    binder = Binder(run="test", pipeline="story", read_text=str)
    machine = Machine(plan(group(model("1", "dear"), model("2", "dear"))), terms, binder)
    machine.begin(0.0)
    machine.handle(Committed((0,)), 1.0)
    machine.handle(Submitted(0, billed(2 * DOLLAR)), 2.0)

    asked = machine.handle(Committed((1,)), 3.0)

    kept = [each for commit in asked if isinstance(commit, Commit) for each in commit.records]
    assert [(type(e.outcome), e.spent) for e in kept if isinstance(e, Answered)] == [(NotSent, 0)]
    assert not any(isinstance(each, Submit) for each in asked)
    assert machine.over

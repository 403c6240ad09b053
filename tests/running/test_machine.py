"""The laws of a run, in simulated time."""

from __future__ import annotations

from typing import Any

from support.plans import after, batch, chain, group, plan, task
from support.running import BROKEN, fail, made, tell

from aipipe.contracts.call import Produced
from aipipe.contracts.event import RunStatus
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import Failed, Finished, Rejected
from aipipe.language.spec import Limit, Limits, OnError, Retry
from aipipe.planning.bindings import FromStep, Many, One, StepRef
from aipipe.running.instructions import StopRequested


def test_a_chain_runs_one_after_the_other() -> None:
    story = tell(plan(task("a"), task("b"), task("c")))

    assert story.started == ["a", "b", "c"]
    assert story.seconds == 3.0
    assert story.end.status is RunStatus.DONE


def test_a_failure_skips_all_that_waits_for_it() -> None:
    story = tell(plan(task("a"), task("b"), task("c")), answers={"a": fail})

    assert story.ends == {"a": "failed", "b": "skipped", "c": "skipped"}
    assert story.end.exit_code == 1


def test_branches_run_side_by_side() -> None:
    story = tell(plan(group(task("1"), task("2"), task("3"))))

    assert story.seconds == 1.0
    assert story.most_in_flight == 3


def test_a_groups_value_is_in_the_order_written_whatever_ends_first() -> None:
    slow_first = {"group.1": 3.0, "group.2": 2.0, "group.3": 1.0}
    merge = task("merged", plugin="merge:noop", reads=StepRef(0, 0))
    story = tell(
        plan(group(task("1"), task("2"), task("3")), merge),
        seconds=lambda call: slow_first.get(call.task, 1.0),
    )

    assert [each.text for each in story.sent[-1].inputs["input"]] == [  # type: ignore[union-attr]
        "group.1",
        "group.2",
        "group.3",
    ]


def test_siblings_of_a_failure_finish_and_the_group_fails() -> None:
    story = tell(plan(group(task("1"), task("2")), task("next")), answers={"group.1": fail})

    assert story.ends == {"group.1": "failed", "group.2": "done", "next": "skipped"}
    assert story.end.exit_code == 1


def test_continue_leaves_a_gap_and_counts() -> None:
    branches = [task(n, on_error=OnError.CONTINUE) for n in "123"]
    merge = task("merged", plugin="merge:noop", reads=StepRef(0, 0))
    story = tell(plan(group(*branches), merge), answers={"group.2": fail})

    assert [each.text for each in story.sent[-1].inputs["input"]] == ["group.1", "group.3"]  # type: ignore[union-attr]
    assert story.end.exit_code == 1


def test_ignore_leaves_a_gap_and_does_not_count() -> None:
    branches = [task(n, on_error=OnError.IGNORE) for n in "123"]
    story = tell(plan(group(*branches), task("next")), answers={"group.2": fail})

    assert story.ends["next"] == "done"
    assert (story.end.exit_code, story.end.status) == (0, RunStatus.DONE_WITH_FAILURES)


def test_strict_makes_an_ignored_failure_count() -> None:
    story = tell(plan(task("a", on_error=OnError.IGNORE)), answers={"a": fail}, strict=True)

    assert story.end.exit_code == 1


def test_a_reader_of_a_gap_is_skipped_and_others_run() -> None:
    first = task("a", on_error=OnError.CONTINUE)
    story = tell(
        plan(first, task("b", reads=StepRef(0, 0)), task("c", needs=(after(0),))),
        answers={"a": fail},
    )

    assert story.ends == {"a": "failed", "b": "skipped", "c": "done"}


def test_with_enough_successes_the_merge_goes_on() -> None:
    branches = [task(n, on_error=OnError.CONTINUE) for n in "123"]
    merge = task("merged", plugin="merge:noop", reads=StepRef(0, 0))
    story = tell(plan(group(*branches, min_success=2), merge), answers={"group.2": fail})

    assert story.ends["merged"] == "done"


def test_nothing_new_starts_once_min_success_is_out_of_reach() -> None:
    branches = [task(str(n), on_error=OnError.CONTINUE) for n in range(1, 6)]
    story = tell(plan(group(*branches, min_success=5, max_workers=1)), answers={"group.1": fail})

    assert story.started == ["group.1"]
    assert story.ends["group.5"] == "skipped"
    assert story.end.exit_code == 1


def test_a_groups_max_workers_is_never_exceeded() -> None:
    branches = [task(str(n)) for n in range(10)]
    story = tell(plan(group(*branches, max_workers=3)))

    assert story.most_in_flight == 3
    assert story.seconds == 4.0


def test_a_batch_is_a_sliding_window_and_not_waves() -> None:
    slow = {f"batch[{n}].a": 3.0 for n in range(1, 6)}
    story = tell(
        plan(batch([task("a")], 50, window=10)),
        seconds=lambda call: slow.get(call.task, 0.78),
    )

    assert story.most_in_flight == 10
    assert story.seconds < 6.2


def test_a_batch_gives_its_results_in_order() -> None:
    merge = task("merged", plugin="merge:noop", reads=StepRef(0, 0))
    story = tell(
        plan(batch([task("a")], 20, window=20), merge),
        seconds=lambda call: 1.0 + (hash(call.task) % 7) / 7,
    )

    texts = [each.text for each in story.sent[-1].inputs["input"]]  # type: ignore[union-attr]
    assert texts == [f"batch[{n}].a" for n in range(1, 21)]


def test_an_item_that_has_started_comes_first() -> None:
    story = tell(plan(batch([task("a"), task("b")], 4, window=4)), max_workers=1)

    assert story.started == [f"batch[{n}].{s}" for n in range(1, 5) for s in "ab"]


def test_a_group_in_a_batch_in_a_group_keeps_its_order() -> None:
    inner = batch([group(task("x"), task("y"), id="g")], 2, id="b")
    merge = task("merged", plugin="merge:noop", reads=StepRef(0, 0))
    story = tell(
        plan(group(inner, task("z")), merge), seconds=lambda call: 1 + (hash(call.task) % 5)
    )

    texts = [each.text for each in story.sent[-1].inputs["input"]]  # type: ignore[union-attr]
    assert texts == [
        "group.b[1].g.x",
        "group.b[1].g.y",
        "group.b[2].g.x",
        "group.b[2].g.y",
        "group.z",
    ]


def test_a_batch_over_a_list_that_is_made_on_the_way() -> None:
    split = task("parts", plugin="split:noop", produces=Many(One("text"), None))
    each = batch([task("a")], None, source=FromStep(StepRef(0, 0)))
    story = tell(
        plan(split, each),
        answers={"parts": lambda _c: Finished(produced=Produced(values=("x", "y")))},
    )

    assert [call.task for call in story.sent] == ["parts", "batch[1].a", "batch[2].a"]


def test_a_retryable_failure_is_tried_again_as_often_as_allowed() -> None:
    flaky = Failed(problem=BROKEN, retryable=True)
    story = tell(plan(task("a", retry=Retry(max_attempts=3))), answers={"a": lambda _c: flaky})

    assert len(story.sent) == 3
    assert story.ends == {"a": "failed"}


def test_a_throttled_call_uses_up_no_attempt() -> None:
    refusals = iter([Rejected(problem=BROKEN, throttled=True, retry_after=2.0)] * 5)
    done = Finished(produced=Produced(artefacts=(made("a"),)))
    story = tell(
        plan(task("a", plugin="provider:p")), answers={"a": lambda _c: next(refusals, done)}
    )

    assert story.ends == {"a": "done"}
    assert len(story.sent) == 6


def test_a_fixed_cap_of_five_is_met_within_a_third_of_the_ideal() -> None:
    jobs = [task(str(n), plugin="provider:p") for n in range(50)]
    flying: list[float] = []

    def answer(call: object) -> Finished | Rejected:  # noqa: ARG001
        return Finished(produced=Produced(artefacts=(made("x"),)))

    story = tell(
        plan(group(*jobs), limits=Limits(providers={"p": Limit(concurrency=5)})),
        otherwise=answer,
    )

    assert story.most_in_flight == 5
    assert story.seconds <= 13.0
    assert flying == []


def test_an_account_wide_error_closes_the_provider_at_once() -> None:
    jobs = [task(str(n), plugin="provider:p") for n in range(10)]
    refused = Rejected(problem=BROKEN, closes_provider=True)
    story = tell(plan(group(*jobs)), otherwise=lambda _c: refused, max_workers=1)

    assert len(story.sent) == 1
    assert set(story.ends.values()) == {"failed"}


def paid(*, hold: int, likely: int, cap: int) -> dict[str, Any]:
    """The terms of a run in which every call costs the same."""
    return {"hold_of": lambda _t, _c: hold, "likely_of": lambda _t, _c: likely, "cap": cap}


def test_a_cap_makes_calls_wait_and_refuses_what_can_never_fit() -> None:
    jobs = [task(str(n), plugin="provider:p") for n in range(5)]
    paid: dict[str, Any] = {
        "hold_of": lambda _t, _c: 40,
        "likely_of": lambda _t, _c: 40,
        "cap": 100,
    }
    story = tell(plan(group(*jobs)), **paid)

    assert story.most_in_flight == 2
    assert sorted(story.ends.values()) == ["done", "done", "refused", "refused", "refused"]
    assert story.end.exit_code == 3


def test_a_hold_that_turns_out_cheaper_leaves_room_for_more() -> None:
    jobs = [task(str(n), plugin="provider:p") for n in range(5)]
    paid: dict[str, Any] = {
        "hold_of": lambda _t, _c: 60,
        "likely_of": lambda _t, _c: 10,
        "cap": 100,
    }
    story = tell(plan(group(*jobs)), **paid)

    assert set(story.ends.values()) == {"done"}
    assert story.end.billed == 50


def test_an_interrupt_starts_nothing_new_and_cancels_what_runs() -> None:
    stop = StopRequested("SIGINT", Running.CANCEL)
    story = tell(plan(task("a"), task("b")), stop_at=(0.5, stop))

    assert story.ends == {"a": "cancelled", "b": "cancelled"}
    assert (story.end.exit_code, story.end.status) == (130, RunStatus.INTERRUPTED)


def test_a_time_limit_lets_running_calls_finish() -> None:
    story = tell(plan(task("a"), task("b")), stop_at=(0.5, StopRequested(None, Running.FINISH)))

    assert story.ends == {"a": "done", "b": "cancelled"}
    assert story.end.exit_code == 5


def test_a_timeout_fails_the_step_and_never_sends_again() -> None:
    story = tell(
        plan(task("a", timeout=5.0, retry=Retry(max_attempts=3)), task("b")),
        seconds=lambda _c: 60.0,
    )

    assert len(story.sent) == 1
    assert story.ends == {"a": "failed", "b": "skipped"}
    assert story.seconds == 5.0


def test_a_chain_as_a_branch_gives_its_last_value() -> None:
    merge = task("merged", plugin="merge:noop", reads=StepRef(0, 0))
    story = tell(plan(group(chain(task("a"), task("b"), id="c"), task("d")), merge))

    assert [each.text for each in story.sent[-1].inputs["input"]] == ["group.c.b", "group.d"]  # type: ignore[union-attr]


def test_a_call_that_was_one_too_many_is_not_waited_for_once_the_run_is_stopping() -> None:
    throttled = Rejected(problem=BROKEN, throttled=True, retry_after=5.0)
    story = tell(
        plan(task("a", plugin="provider:p")),
        otherwise=lambda _c: throttled,
        stop_at=(0.5, StopRequested("SIGINT", Running.FINISH)),
    )

    assert story.ends == {"a": "cancelled"}
    assert story.seconds == 1.0

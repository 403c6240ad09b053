"""What was charged is on disk before anybody is told, and outlives everybody."""

from pathlib import Path

import pytest
from support.till.account import charges
from support.till.faults import KINDS, Faults, Stage, orders_of
from support.till.starting import Till, started
from till.using import buyer

from aipipe.contracts.outcome import Accepted, Made


@pytest.mark.parametrize("form", ["jobs", "now"])
def test_a_charge_is_on_disk_before_its_answer(alone: Till, tmp_path: Path, form: str) -> None:
    outcome = buyer(alone, tmp_path).submit("a fox", f"{form}/text")
    alone.kill()

    assert isinstance(outcome, Accepted | Made)
    (charge,) = alone.charges()
    assert (charge.endpoint, charge.body, charge.nano_usd) == (
        f"{form}/text",
        '{"prompt":"a fox"}',
        100_000_000,
    )
    known = outcome.job.id if isinstance(outcome, Accepted) else outcome.result.id
    assert charge.job == known


def test_a_provider_that_begins_again_knows_its_jobs(tmp_path: Path) -> None:
    folder = tmp_path / "till"
    with started(folder) as first:
        accepted = buyer(first, tmp_path).submit("a fox")
    assert isinstance(accepted, Accepted)

    with started(folder) as second:
        again = buyer(second, tmp_path)
        made = again.last(accepted.job)
        assert isinstance(made, Made)
        assert again.text(made.result) == "made 1 of a fox\n"
        again.submit("a hen")

    assert [charge.id for charge in charges(folder)] == [1, 2]


def test_half_a_line_is_no_charge_and_spoils_no_later_one(tmp_path: Path) -> None:
    folder = tmp_path / "till"
    folder.mkdir()
    (folder / "account.jsonl").write_bytes(b'{"id": 1, "endpo')

    with started(folder) as till:
        buyer(till, tmp_path).submit("a fox")

    assert [charge.id for charge in charges(folder)] == [1]


def test_the_log_of_requests_has_no_key(alone: Till, tmp_path: Path) -> None:
    buyer(alone, tmp_path).submit("a fox")

    text = (alone.folder / "requests.jsonl").read_text(encoding="utf-8")
    (request,) = alone.requests()
    assert "till-key" not in text
    assert (request["has_key"], request["prompt"], request["status"]) == (True, "a fox", 201)


def test_chance_depends_on_the_seed_and_the_prompt_alone() -> None:
    plan = {"chance": {"seed": 7, "times": 1, "kinds": {"throttled": 0.3, "no_id": 0.2}}}
    prompts = [f"fox {n}" for n in range(200)]

    def drawn(order: list[str]) -> dict[str, str | None]:
        faults = Faults(orders_of(plan))
        found = {each: faults.next(Stage.SUBMIT, "jobs", each) for each in order}
        assert all(faults.next(Stage.SUBMIT, "jobs", each) is None for each in order)
        return {each: None if fault is None else fault.kind for each, fault in found.items()}

    there, back = drawn(prompts), drawn(prompts[::-1])
    assert there == back
    assert 40 <= list(there.values()).count("throttled") <= 80
    assert 20 <= list(there.values()).count("no_id") <= 60


def test_a_plan_with_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="no fault is called 'flood'"):
        orders_of({"rules": [{"kind": "flood"}]})


def test_each_kind_of_fault_is_for_one_stage() -> None:
    assert set(KINDS.values()) == set(Stage)

"""A real run keeps to what a provider's answers tell of its limits."""

import threading
from itertools import count
from pathlib import Path

from support.buying import bought
from support.paid import Shop, texts
from support.world import PATIENCE

from aipipe.contracts.call import Job
from aipipe.contracts.limits import LimitsTold
from aipipe.contracts.outcome import Accepted
from aipipe.contracts.status import Status

DOCUMENTED, PLAN = 8, 24


def test_as_many_calls_are_under_way_as_the_users_plan_allows(tmp_path: Path) -> None:
    tasks = [f"texts.{number}" for number in range(1, DOCUMENTED + PLAN + 1)]
    arrivals, together = count(), threading.Barrier(PLAN, timeout=PATIENCE)

    def look(task: str) -> None:
        if task in tasks and next(arrivals) >= DOCUMENTED:
            together.wait()

    told = LimitsTold(at_once=PLAN)
    shop = Shop(has_jobs=True, look=look)
    for task in tasks:
        job = Job(provider="shop", id=f"job-{task}")
        shop.answers[task] = Accepted(job=job, limits=told)
    summary = bought(texts(*["1"] * len(tasks)), tmp_path, shop)

    assert summary.counts == {Status.DONE: len(tasks)}
    assert not together.broken

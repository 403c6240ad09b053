"""Jobs: how far each is depends on how often it was asked for, never on a clock."""

import threading
from dataclasses import dataclass

from support.till.account import Charge


@dataclass(slots=True, kw_only=True)
class Job:
    """A job that was accepted."""

    id: str
    number: int
    endpoint: str
    prompt: str
    body_sha256: str
    created: float
    born: int
    """The number of the request that made it."""
    cost: str
    """USD."""
    end: str = "done"
    asked: int = 0
    polls: int = 2

    @property
    def result(self) -> bytes:
        """What it makes: the same in every process."""
        return made(self.number, self.prompt)

    def status(self) -> dict[str, object]:
        """What it tells to one more question."""
        self.asked += 1
        if self.end == "cancelled" or self.asked > self.polls:
            return self._ended()
        if self.asked == 1:
            return {"id": self.id, "status": "queued", "position": 1, "progress": 0.0}
        return {"id": self.id, "status": "running", "progress": (self.asked - 1) / self.polls}

    def _ended(self) -> dict[str, object]:
        facts: dict[str, object] = {"id": self.id, "status": self.end, "cost_usd": self.cost}
        if self.end == "done":
            return {**facts, "progress": 1.0, "result_url": f"/v1/files/{self.id}"}
        return {**facts, "error": f"{self.end} by plan"}


def made(number: int, prompt: str) -> bytes:
    """The text that the charge of this number paid for."""
    return f"made {number} of {prompt}\n".encode()


class Jobs:
    """All jobs by id."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        """One more."""
        with self._lock:
            self._all[job.id] = job

    def get(self, id: str) -> Job | None:
        """One of them."""
        return self._all.get(id)

    def status(self, job: Job) -> dict[str, object]:
        """What a job tells to one more question."""
        with self._lock:
            return job.status()

    def cancel(self, job: Job) -> None:
        """Stop it where it can still be stopped. What was charged stays charged."""
        with self._lock:
            if job.end == "done" and job.asked <= job.polls:
                job.end = "cancelled"

    def listed(self, endpoint: str, since: float, before: int) -> list[Job]:
        """Those of an endpoint since a time that were made before a request's number."""
        with self._lock:
            every = list(self._all.values())
        return [
            job
            for job in every
            if job.endpoint == endpoint and job.created >= since and job.born < before
        ]


def job_of(charge: Charge, prompt: str, cost: str, polls: int) -> Job:
    """The job of a charge that an earlier process made."""
    return Job(
        id=charge.job,
        number=charge.id,
        endpoint=charge.endpoint.removeprefix("jobs/"),
        prompt=prompt,
        body_sha256=charge.body_sha256,
        created=charge.created,
        born=0,
        cost=cost,
        polls=polls,
    )

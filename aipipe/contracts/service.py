"""A service as its user describes it: where calls go, and where its answers have what."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

from aipipe.contracts.artefact import Json

Files = Literal["data_url", "base64"]
WORD: Final = re.compile(r"^\$\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}$")
"""A text of a body that stands for one of our words."""
IN_PATH: Final = re.compile(r"\{([^{}]*)\}")
"""A word in a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """How the service is told who calls: a header that holds what a variable says."""

    variable: str
    header: str = "Authorization"
    prefix: str = "Bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """The request that may cost."""

    path: str
    """Below the base address; `{voice}` stands for our word of that name."""
    body: Json = None
    """Where a text is `${{ prompt }}` and nothing else, our word of that name goes."""
    files: Files = "data_url"
    """How files stand in the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How a job is asked for. Dotted names say where an answer has something."""

    id: str
    """Where the answer to the submit has the job's id."""
    path: str
    """Below the base address, with `{id}`."""
    status: str
    done: tuple[str, ...]
    failed: tuple[str, ...]
    refused: tuple[str, ...] = ()
    """Statuses of jobs that moderation refused."""
    cancelled: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    """Statuses of jobs that go on; empty: every other."""
    progress: str | None = None
    every: float = 2.0
    """Seconds between two questions."""
    result: str | None = None
    """The path of a request of its own for the result, with `{id}`."""
    cancel: str | None = None
    """`DELETE /jobs/{id}`."""
    failures: Literal["billed", "free"] = "billed"
    """Whether a job that fails costs what it would have cost otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A described service. Plain data: it travels with a call."""

    base: str
    """Without a `/` at the end."""
    key: Key | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request to it."""
    submit: Submit
    job: Polling | None = None
    """None: it answers at once."""
    results: tuple[str, ...] = ()
    """Where the answer has what was made; empty: the body itself is it."""
    error: str | None = None
    """Where a refusal or a failed job says why."""
    refusals: Mapping[str, str] = field(default_factory=dict)
    """By HTTP status: the code of a refusal that is known to cost nothing."""

    def sent(self) -> Json:
        """What a call to it is known by."""
        return {"base": self.base, "headers": dict(self.headers), **asdict(self.submit)}

    def after(self) -> dict[str, Json]:
        """What is needed once a call is accepted, as JSON; `service_of` reads it."""
        plain: dict[str, Json] = _listed(asdict(replace(self, submit=Submit(path=""))))
        return plain


def service_of(plain: Mapping[str, Any]) -> Service:
    """A service from plain data of its shape, which a schema has checked."""
    own = dict(plain)
    key, job, submit = own.pop("key", None), own.pop("job", None), own.pop("submit")
    if isinstance(key, str):
        key = {"variable": key}
    return Service(
        **{**own, "results": tuple(own.get("results", ()))},
        key=None if key is None else Key(**key),
        submit=Submit(**submit),
        job=None if job is None else Polling(**{name: _tuple(each) for name, each in job.items()}),
    )


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    """The same with lists in the place of tuples, as JSON has them."""
    match value:
        case dict():
            return {name: _listed(each) for name, each in value.items()}
        case tuple() | list():
            return [_listed(each) for each in value]
        case _:
            return value

"""What every provider must bear, told once; a `Case` says how its server words it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from support.fakes.fake import Fake
from support.till.replies import Reply
from support.till.server import served

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import Control, run
from aipipe.app.setting import setting_of
from aipipe.contracts.event import RunEvent
from aipipe.running.summary import Summary


@dataclass(frozen=True, kw_only=True)
class Case:
    """A provider, a pipeline of one step that calls it, and how its server says no."""

    name: str
    make: Callable[[], Fake]
    step: str
    """The step's lines, indented by two."""
    refusals: Mapping[str, Reply]
    """By the code that each is told with: `bad_key`, `no_credit`, `not_found`, `bad_parameter`,
    `refused.input`, `rate_limit`; what is not here it does not have."""
    ends: Mapping[str, Reply] = field(default_factory=dict)
    """Of jobs: how a status or result says `refused.output`, `job_failed`."""
    status: str = "status"
    """The kind of request that asks for a job; empty: it answers at once."""
    file: str = "file"
    """The kind of request that downloads what was made; empty: the answer has it."""
    cancel: str = "cancel"
    """The kind of request that cancels a job; empty: it can't."""
    lookup: str = "list"
    """The kind of request by which a job is looked for whose answer was lost."""
    files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    """What lies beside the pipeline, by name."""
    beside: Callable[[Fake], Mapping[str, str]] = lambda _fake: {}
    """Files beside the pipeline's, by name."""


def serve(case: Case, folder: Path, play: Callable[["Stage"], None]) -> None:
    """Let a test play with a case's server."""
    fake = case.make()
    with served(fake) as base:
        fake.base = base
        play(Stage(case=case, fake=fake, folder=folder))


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A provider's fake that is served, and a folder for runs."""

    case: Case
    fake: Fake
    folder: Path

    def run(
        self,
        *,
        listen: Callable[[RunEvent], None] = lambda _event: None,
        control: Control | None = None,
        **options: object,
    ) -> Summary:
        """A run of the case's step, to its end."""
        file = self.folder / "one.yaml"
        file.write_text(f"name: one\nsteps:\n{self.case.step}", encoding="utf-8")
        for name, content in self.case.files.items():
            (self.folder / name).write_bytes(content())
        for name, text in self.case.beside(self.fake).items():
            (self.folder / name).write_text(text, encoding="utf-8")
        return self.run_file(file, listen=listen, control=control, **options)

    def run_file(
        self,
        file: Path,
        *,
        listen: Callable[[RunEvent], None] = lambda _event: None,
        control: Control | None = None,
        **options: object,
    ) -> Summary:
        """A run of any file."""
        given: dict[str, object] = {
            "file": str(file),
            "output_dir": str(self.folder / "out"),
            "environment": {"AIPIPE_HOME": str(self.folder / "home"), **self.fake.environment},
            "unknown_price": Decimal(1),
        }
        world = setting_of(discover.own_registry(), discover.catalog())
        ready = prepare(Options(**{**given, **options}), world)  # type: ignore[arg-type]
        return run(ready, listeners=(listen,), control=control)

    def code(self, summary: Summary) -> str:
        """Why its one step failed."""
        (problem,) = [row.problem for row in summary.rows() if row.problem is not None]
        return problem.code

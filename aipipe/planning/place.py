"""Where a template will stand."""

from dataclasses import dataclass

from aipipe.language.spec import OnError
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a template is called, what it follows and what it inherits."""

    scope: Scope
    index: int
    path: str
    label: str
    reads: Reads
    on_error: OnError
    depth: int
    times: int | None
    """How often it runs; None: an unknown number."""

    @property
    def file(self) -> str:
        """The file of the used pipeline that the step is written in; nothing: the run's own."""
        return self.scope.home.part or ""

    @property
    def id(self) -> str:
        """The step's id in its scope."""
        return self.scope.ids[self.index]

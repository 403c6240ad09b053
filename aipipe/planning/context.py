"""What every part of planning needs at hand: the world as arguments, and the faults so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.registry import Registry
from aipipe.contracts.service import Service
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.workflow import Workflow
from aipipe.language.diagnostics import Diagnostic, Fault, Path, Severity
from aipipe.language.spec import PipelineSpec
from aipipe.planning.files import Files
from aipipe.planning.plan import Items

_CROWD = 200


@dataclass(slots=True)
class Context:
    """One act of planning. `faults` and `notices` grow as it goes."""

    spec: PipelineSpec
    registry: Registry
    catalog: Catalog
    files: Files
    today: date
    mock: bool = False
    default_workers: int = 32
    service_schema: JsonSchema = field(default_factory=dict)
    """What a file that describes a service may say."""
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    services: dict[str, Service | None] = field(default_factory=dict)
    """By the path of their file; None: it is at fault."""
    workflows: dict[str, Workflow | None] = field(default_factory=dict)
    """The same of graphs of nodes."""
    elsewhere: list[Diagnostic] = field(default_factory=list)
    """What is wrong with other files than the pipeline's own."""
    given: Items | None = None
    """The run's own inputs, once they are looked at; None: there are none, or they are at fault."""

    def fault(self, code: str, message: str, at: Path, *hints: str, on_key: bool = False) -> None:
        """Note an error."""
        self.faults.append(
            Fault(code=code, message=message, at=at, hints=hints, on_key=on_key),
        )

    def notice(self, code: str, message: str, at: Path, *hints: str) -> None:
        """Note a warning."""
        warning = Fault(severity=Severity.WARNING, code=code, message=message, at=at, hints=hints)
        self.notices.append(warning)

    def note(self, code: str, message: str, at: Path) -> None:
        """Note something to know that counts for nothing."""
        told = Fault(severity=Severity.NOTE, code=code, message=message, at=at)
        self.notices.append(told)

    @property
    def is_crowded(self) -> bool:
        """So many errors that nobody reads what was meant: guessing takes longer than planning."""
        return len(self.faults) > _CROWD

    @property
    def plurals(self) -> Mapping[str, str]:
        """`image` to `images`, for messages."""
        return {kind.name: kind.plural for kind in self.registry.kinds.values()}

"""What every part of planning needs at hand: the world as arguments, and the faults so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.fragments import Fragments
from aipipe.contracts.registry import Registry
from aipipe.contracts.service import Service
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.workflow import Workflow
from aipipe.language.diagnostics import Diagnostic, Fault, Path, Severity
from aipipe.language.parts import Part
from aipipe.language.spec import PipelineSpec
from aipipe.planning.bindings import Items
from aipipe.planning.files import Files
from aipipe.planning.inside import Inside

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
    fragments: Fragments | None = None
    """What pipelines that others use are checked by; None: none can be used."""
    parts: dict[str, Part | None] = field(default_factory=dict)
    """Those pipelines by the path of their file; None: it is at fault."""
    uses: list[str] = field(default_factory=list)
    """The file of each use so far."""
    inside: Inside = field(default_factory=Inside)
    """Which of them is being planned."""

    def fault(
        self,
        code: str,
        message: str,
        at: Path,
        *hints: str,
        on_key: bool = False,
        file: str | None = None,
    ) -> None:
        """Note an error; `file` None: in the file that is being planned."""
        where = self.inside.file if file is None else file
        fault = Fault(code=code, message=message, at=at, hints=hints, on_key=on_key, file=where)
        self.faults.append(fault)

    def notice(self, code: str, message: str, at: Path, *hints: str) -> None:
        """Note a warning."""
        told = Fault(code=code, message=message, at=at, hints=hints, file=self.inside.file)
        self.notices.append(replace(told, severity=Severity.WARNING))

    def note(self, code: str, message: str, at: Path) -> None:
        """Note something to know that counts for nothing."""
        told = Fault(code=code, message=message, at=at, file=self.inside.file)
        self.notices.append(replace(told, severity=Severity.NOTE))

    @property
    def is_crowded(self) -> bool:
        """So many errors that nobody reads what was meant: guessing takes longer than planning."""
        return len(self.faults) > _CROWD

    @property
    def plurals(self) -> Mapping[str, str]:
        """`image` to `images`, for messages."""
        return {kind.name: kind.plural for kind in self.registry.kinds.values()}

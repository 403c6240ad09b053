"""A pipeline that another one uses: read, checked by itself, typed."""

from dataclasses import dataclass, replace

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import Fragments
from aipipe.language import building, checking, reader
from aipipe.language.building import Overrides
from aipipe.language.diagnostics import Diagnostic, Fault, Severity
from aipipe.language.document import Document
from aipipe.language.earlier.modern import modern
from aipipe.language.spec import PipelineSpec
from aipipe.language.variables import NOT_GIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A pipeline's file as a part of others. `spec` None: it is no mapping."""

    path: str
    """Absolute."""
    document: Document
    spec: PipelineSpec | None
    faults: tuple[Fault, ...]
    """All that is wrong with its shape; their `file` is its path."""
    told: tuple[Diagnostic, ...] = ()
    """What it says in forms of the earlier tool."""

    @property
    def data(self) -> Json:
        """What the file holds."""
        return self.document.data


def read_part(text: str, *, name: str, path: str, folder: str, fragments: Fragments) -> Part:
    """The pipeline in a text; `name` is what messages call it, `path` and `folder` are absolute.

    What its variables are is said by whoever uses it.

    Raises:
        PipelineFaultsError: it is no YAML, or of a kind that a pipeline can't be.
    """
    document, notes = modern(reader.read_text(text, name), fragments)
    data = document.data
    faults = checking.faults(data, fragments)
    spec: PipelineSpec | None = None
    if isinstance(data, dict):
        spec, more = building.spec(
            data,
            file=name,
            folder=folder,
            command_folder=folder,
            broken=[fault.at for fault in faults],
            overrides=Overrides(),
        )
        faults += fresh([fault for fault in more if fault.code != NOT_GIVEN], faults)
    told = tuple(replace(fault, file=path) for fault in faults)
    return Part(path=path, document=document, spec=spec, faults=told, told=notes)


def fresh(found: list[Fault], known: list[Fault]) -> list[Fault]:
    """Faults at places where nothing is known to be wrong yet, each once."""
    errors = [fault for fault in known if fault.severity is Severity.ERROR]
    return [
        fault
        for fault in dict.fromkeys(found)
        if not any(_covers(error, fault) for error in errors)
    ]


def _covers(known: Fault, fault: Fault) -> bool:
    shorter = min(len(known.at), len(fault.at))
    if known.file != fault.file or shorter == 0 or len(known.at) < shorter:
        return False
    return known.at[:shorter] == fault.at[:shorter]

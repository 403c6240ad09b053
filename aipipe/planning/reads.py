"""What a step reads of others: the edges that its bindings make."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from aipipe.planning.bindings import Binding, FromStep, Joined, ListOf, MapOf, StepRef
from aipipe.planning.plan import Need


@dataclass(slots=True)
class Reads:
    """The steps that a step waits for; True where it also uses what they made."""

    refs: dict[StepRef, bool] = field(default_factory=dict)
    tested: set[StepRef] = field(default_factory=set)
    """Those of which a condition asks how they ended."""
    gathered: set[StepRef] = field(default_factory=set)
    """Those that a merge takes together."""

    def order(self, ref: StepRef) -> None:
        """Wait for a step."""
        self.refs.setdefault(replace(ref, inside=()), False)

    def value(self, ref: StepRef) -> None:
        """Wait for a step and use its value."""
        self.refs[replace(ref, inside=())] = True

    def test(self, ref: StepRef) -> None:
        """Wait for a step, however it ends."""
        self.order(ref)
        self.tested.add(ref)

    def gather(self, binding: Binding) -> None:
        """Wait for every step that a merge takes: of a list of them, some may be left out."""
        self.all_of(binding)
        if isinstance(binding, ListOf):
            self.gathered.update(each.ref for each in binding.items if isinstance(each, FromStep))

    def all_of(self, binding: Binding) -> None:
        """Wait for every step that a binding reads; a failed one too has label, status, cost."""
        for each in _steps(binding):
            if each.field in {"output", "path"}:
                self.value(each.ref)
            else:
                self.order(each.ref)

    @property
    def needs(self) -> tuple[Need, ...]:
        """The edges, in the order in which they were found."""
        return tuple(
            Need(
                ref,
                reads,
                tested=ref in self.tested and not reads,
                gathered=ref in self.gathered,
            )
            for ref, reads in self.refs.items()
        )


def _steps(binding: Binding) -> Iterator[FromStep]:
    match binding:
        case FromStep():
            yield binding
        case Joined(parts):
            for part in parts:
                yield from _steps(part)
        case ListOf(items):
            for item in items:
                yield from _steps(item)
        case MapOf(entries):
            for entry in entries.values():
                yield from _steps(entry)
        case _:
            return

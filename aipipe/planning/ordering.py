"""What comes before what: `needs`, and the order in which branches can be planned."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from aipipe.language.spec import StepSpec
from aipipe.planning.bindings import Many, StepRef
from aipipe.planning.context import Context
from aipipe.planning.lookup import find_step
from aipipe.planning.mentions import mentioned
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import ListSource, Scope, Source, StepSource, Stream
from aipipe.planning.value_types import common_type


def needed(step: StepSpec, scope: Scope, stream: Stream, reads: Reads, context: Context) -> Stream:
    """What arrives at a step with `needs`: what it names, unless `input:` says what to take."""
    found: dict[tuple[int, int], tuple[Scope, int]] = {}
    for index, name in enumerate(step.needs or ()):
        place = find_step(name, scope, (*step.at, "needs", index), context)
        if place is not None:
            found[id(place[0]), place[1]] = place
            reads.order(StepRef(scope.climb(place[0]), place[1]))
    if step.input is not None or not step.needs:
        return stream
    if len(found) < len(set(step.needs)):
        return Stream(None, stream.carried, doubtful=True)
    streams = [owner.streams[index] for owner, index in found.values()]
    if len(streams) == 1:
        return streams[0]
    carried = {
        medium: source
        for medium, source in streams[0].carried.items()
        if all(other.carried.get(medium) is source for other in streams)
    }
    sources = [StepSource(owner, index) for owner, index in found.values()]
    doubtful = any(each.doubtful for each in streams)
    return Stream(_listed(sources), {**stream.carried, **carried}, doubtful)


def _listed(sources: list[StepSource]) -> Source:
    element = common_type([source.type for source in sources])
    return ListSource(tuple(sources), Many(element, len(sources)))


def branch_order(scope: Scope, context: Context) -> Iterator[int]:
    """The branches of a group, those first that others wait for; none if there is a cycle."""
    waits = {
        index: {scope.names[name] for name in mentioned(step) if name in scope.names} - {index}
        for index, step in enumerate(scope.steps)
    }
    try:
        yield from tuple(TopologicalSorter(waits).static_order())
    except CycleError as error:
        _tell_cycle(error.args[1][::-1], scope, context)


def _tell_cycle(circle: list[int], scope: Scope, context: Context) -> None:
    """`circle` begins and ends with the same branch; each waits for the one behind it."""
    start = circle.index(min(circle))
    turned = [*circle[start:-1], *circle[: start + 1]]
    names = " → ".join(f"'{scope.ids[index]}'" for index in turned)
    context.fault("cycle", f"these steps wait for each other: {names}", scope.steps[turned[0]].at)

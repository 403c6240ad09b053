"""The graph of nodes in a file that a step's model names."""

from collections.abc import Iterator, Mapping

from aipipe.contracts.step import Slot, StepType
from aipipe.contracts.workflow import OUTPUT_NODE, SIZES, Workflow
from aipipe.language.diagnostics import Path
from aipipe.language.spec import ModelStep
from aipipe.language.suggestions import did_you_mean, one_of
from aipipe.language.workflows import NoWorkflowError, workflow_in
from aipipe.planning.context import Context
from aipipe.planning.literals import absolute, read_text
from aipipe.planning.slots import Filling, slot_words

ELSEWHERE = frozenset({"output_file"})
_MOST_NAMES = 40


def workflow_at(path: str, at: Path, context: Context) -> Workflow | None:
    """The graph in a file; None: it is at fault (and noted, once)."""
    found = absolute(path, context.spec.folder)
    if found not in context.workflows:
        context.workflows[found] = _read(found, path, at, context)
    return context.workflows[found]


def _read(found: str, path: str, at: Path, context: Context) -> Workflow | None:
    if context.files.kind(found) != "file":
        looked = f"looked in {context.spec.folder}"
        what = "comfyui:FILE  names a workflow that ComfyUI has exported for its API"
        context.fault("missing_file", f"no file '{path}'", at, looked, what)
        return None
    text = read_text(found, path, at, context)
    try:
        return None if text is None else workflow_in(text)
    except NoWorkflowError as error:
        context.fault("workflow", f"'{path}' {error.why}", at, error.hint)
        return None


def check(
    workflow: Workflow, step: ModelStep, step_type: StepType, filled: Filling, context: Context
) -> None:
    """Note what a step says that its workflow has no place for."""
    for word in step.params:
        is_size = word in SIZES and workflow.takes_sizes
        if word not in {*slot_words(step_type), *ELSEWHERE, *workflow.places} and not is_size:
            _no_place(word, (*step.at, "params", word), workflow, context)
    for word in step.raw:
        if word not in {*workflow.places, OUTPUT_NODE}:
            _no_place(word, (*step.at, "raw", word), workflow, context)
    for slot in step_type.slots:
        if slot.name in filled.inputs and slot.name not in workflow.places:
            _no_slot(slot, step, workflow, context)
    wanted = step.raw.get(OUTPUT_NODE)
    if isinstance(wanted, str | int) and "${{" not in str(wanted):
        _check_node(str(wanted), (*step.at, "raw", OUTPUT_NODE), workflow, context)


def _no_slot(slot: Slot, step: ModelStep, workflow: Workflow, context: Context) -> None:
    """A required input, or one that is written, must have its place; others are told of."""
    written = [word for word in (slot.name, *slot.words) if word in step.params]
    message = f"the workflow has no place for the {slot.name}"
    if written:
        _no_place(written[0], (*step.at, "params", written[0]), workflow, context)
    elif slot.required:
        hints = (f"give the node that takes it the title '{slot.name}'", _has(workflow.places))
        context.fault("unknown_param", message, (*step.at, "model"), *hints)
    else:
        context.note("not_sent", f"the {slot.name} is not sent: {message}", (*step.at, "model"))


def _no_place(word: str, at: Path, workflow: Workflow, context: Context) -> None:
    hints = (*did_you_mean(word, workflow.places), _has(workflow.places))
    message = f"the workflow has no place for '{word}'"
    context.fault("unknown_param", message, at, *hints, on_key=True)


def _check_node(name: str, at: Path, workflow: Workflow, context: Context) -> None:
    if name not in workflow.nodes:
        hints = (*did_you_mean(name, workflow.nodes), _has(workflow.nodes))
        context.fault("unknown_param", f"the workflow has no node '{name}'", at, *hints)


def _has(names: Mapping[str, object]) -> str:
    return f"the workflow has: {one_of(_shortest_first(names), _MOST_NAMES)}"


def _shortest_first(names: Mapping[str, object]) -> Iterator[str]:
    """Names without a dot first, then each input once, by the id of its node."""
    yield from (name for name in names if "." not in name)
    yield from (name for name in names if name.partition(".")[0].isdigit() and "." in name)

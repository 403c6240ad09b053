"""Two tasks that would write to one place: told before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from aipipe.planning.context import Context
from aipipe.planning.outputs import folded, names_of, placed, stem_of
from aipipe.planning.plan import Chain, Task

_ENUMERATED = 200_000


@dataclass(slots=True)
class Taken:
    """Who writes what, by folded path; and who needs which folder."""

    files: dict[str, Task] = field(default_factory=dict)
    folders: dict[str, Task] = field(default_factory=dict)

    def other(self, name: str) -> Task | None:
        """The task that has taken this path, or one on the way to it."""
        taken = (self.files.get(each) for each in (name, *_above(name)))
        return next((task for task in taken if task is not None), self.folders.get(name))

    def take(self, name: str, task: Task) -> None:
        """Write a path down."""
        self.files[name] = task
        self.folders.update(dict.fromkeys(_above(name), task))


def collisions(root: Chain, context: Context) -> frozenset[int]:
    """Note every two tasks with one output path; gives the tasks whose names can't be known yet."""
    taken = Taken()
    unproven: set[int] = set()
    left = _ENUMERATED
    for task, items in placed(root, ()):
        if task.output is None or not task.published or task.number in unproven:
            continue
        left -= 1
        stem = stem_of(task.output.stem, items)
        if stem is None or left < 0 or not _take(stem, task, taken, context):
            unproven.add(task.number)
    return frozenset(unproven)


def _take(stem: str, task: Task, taken: Taken, context: Context) -> bool:
    extension = task.output.extension if task.output is not None else ""
    for name in names_of(stem, extension, task.count):
        key = folded(name)
        other = taken.other(key)
        if other is not None:
            _tell(name, task, other, context, is_file=key in taken.files)
            return False
        taken.take(key, task)
    return True


def _above(name: str) -> Iterator[str]:
    """The folders that a path goes through."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _tell(name: str, task: Task, other: Task, context: Context, *, is_file: bool) -> None:
    if other is not task and other.path == task.path:
        return  # two steps of one id: that has been told
    if other is task:
        said = f"two items of '{task.path}' are written to '{name}'"
        hint = "put what tells them apart into the name:  ${{ item.key }}"
    elif is_file:
        said = f"'{name}' is written by '{other.path}' and by '{task.path}'"
        hint = "give each its own  output_file:"
    else:
        said = f"'{name}' of '{task.path}' needs a folder where '{other.path}' needs a file"
        hint = "give one of them another  output_file:"
    at = (*task.at, "params", "output_file")
    context.fault("same_output", said, at, hint, file=task.file)

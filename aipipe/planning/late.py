"""What a used pipeline is given: values that are known only when it runs, and files."""

from collections.abc import Sequence
from typing import Literal

from aipipe.language.diagnostics import Path
from aipipe.planning.bound import Bound
from aipipe.planning.context import Context
from aipipe.planning.flow import binding_at, is_broken, media_in
from aipipe.planning.scopes import Scope, Source


def late_value(rest: Sequence[str], scope: Scope, at: Path, context: Context) -> Bound | None:
    """What `vars.NAME` stands for where a step gives it; None: it is at fault (and noted)."""
    name, *keys = rest
    source = context.inside.values[name]
    if source is None:
        return None
    if keys:
        tell_late(f"no key of variable '{name}' can be named, as it", at, context)
        return None
    return seen(source, scope)


def seen(source: Source, scope: Scope) -> Bound | None:
    """What flows into a used pipeline, as a step inside it reads it; None: it is at fault."""
    if is_broken(source):
        return None
    return Bound(binding_at(source, scope), source.type, media_in(source))


def tell_late(said: str, at: Path, context: Context) -> None:
    """Note that the value of a variable is needed before there is one."""
    message = f"{said} is known only when it runs"
    context.fault("late_variable", message, at, "give it a value that is written out, under  with:")


def tell_none(what: Literal["prompt", "inputs"], at: Path, context: Context) -> None:
    """Note that there is no prompt, or that there are no inputs."""
    if context.inside.doubtful:
        return
    outside, command = {
        "prompt": ("with: {prompt: …}", "--prompt TEXT"),
        "inputs": ("input:", "--input PATH"),
    }[what]
    where = f"{outside}  at the step that uses it" if context.inside.file else command
    said = f"the {'pipeline' if context.inside.file else 'run'} has no {what}"
    if what == "prompt":
        context.fault("no_prompt", said, at, where, "prompt: at the top")
    else:
        context.fault("no_inputs", said, at, where, "inputs: at the top")

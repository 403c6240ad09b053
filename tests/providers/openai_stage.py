"""A stage with OpenAI's fake and one step."""

from collections.abc import Callable
from pathlib import Path

from providers.cases import Case, Stage, serve
from support.fakes import files
from support.fakes.openai import OpenAI

from aipipe.contracts.status import Status
from aipipe.running.rows import Row
from aipipe.running.summary import Summary

PROMPT = "{type: text_to_text, model: gpt_5_4_mini, params: {prompt: a fox}}"


def play(
    step: str, folder: Path, then: Callable[[Stage], None], make: type[OpenAI] = OpenAI
) -> None:
    """Let a test play with OpenAI and one step, given as a mapping in YAML."""
    case = Case(name="openai", make=make, step=f"  - {step}\n", refusals={}, status="", file="")
    serve(case, folder, then)


def fake_of(stage: Stage) -> OpenAI:
    assert isinstance(stage.fake, OpenAI)
    return stage.fake


def row(summary: Summary) -> Row:
    (found,) = summary.rows()
    return found


def made(stage: Stage) -> list[bytes]:
    """The files of a run, which has gone well."""
    summary = stage.run()
    assert summary.counts == {Status.DONE: 1}, row(summary).problem
    assert stage.fake.faults == []
    return [(stage.folder / "out" / each.path).read_bytes() for each in row(summary).outputs]


def picture(folder: Path, name: str = "fox.png") -> str:
    path = folder / name
    path.write_bytes(files.picture("fox", path.suffix[1:]))
    return str(path)


def sound(folder: Path, name: str = "fox.mp3") -> str:
    path = folder / name
    path.write_bytes(files.sound("fox", path.suffix[1:]))
    return str(path)

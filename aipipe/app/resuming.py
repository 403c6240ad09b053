"""Which run the same command goes on with: the newest of its file and inputs that is not done."""

from collections.abc import Callable
from pathlib import Path

from aipipe.app.options import Options
from aipipe.contracts.artefact import Json
from aipipe.memory import keys
from aipipe.memory.ledger.liveness import RunTakenError
from aipipe.memory.ledger.past import Run
from aipipe.memory.ledger.reading import Reader


def file_key(options: Options) -> str:
    """What a pipeline's text is known by."""
    return keys.digest(Path(options.file).read_text(encoding="utf-8-sig"))


def inputs_key(options: Options) -> str:
    """What the run of a file is known by, besides its text."""
    told = asked_for(options)
    return keys.digest({name: value for name, value in told.items() if name != "fresh"})


def asked_for(options: Options) -> dict[str, Json]:
    """What makes a run of a file another than the last, as the ledger keeps it."""
    return {
        "prompt": options.prompt,
        "inputs": list(options.inputs),
        "vars": dict(options.vars),
        "only": [*options.only],
        "redo": [*sorted(options.redo)],
        "mock": options.mock,
        "fresh": options.fresh,
    }


def unfinished(
    options: Options, folder: Path, reader: Reader, is_alive: Callable[[str], bool]
) -> Run | None:
    """The run to go on with; None: another one begins.

    A run that asks for everything anew is gone on with by those who ask for that, and by those
    who don't; one that does not is never gone on with by those who do.

    Raises:
        RunTakenError: another process is carrying it out, into the same folder.
    """
    if options.new_run:
        return None
    for run in reader.unfinished(file_key(options), inputs_key(options)):
        if is_alive(run.id):
            if Path(run.folder) == folder.absolute():
                raise RunTakenError(run.id)
        else:
            return None if options.fresh and not was_fresh(run) else run
    return None


def was_fresh(run: Run) -> bool:
    """Whether a run asked for everything anew."""
    return isinstance(run.options, dict) and bool(run.options.get("fresh"))

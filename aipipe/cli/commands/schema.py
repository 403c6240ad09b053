"""`aipipe schema`: the JSON Schema of pipeline files, and of files that describe a service."""

from pathlib import Path
from typing import Annotated

from aipipe.cli import flags
from aipipe.cli.screen import screen

EXAMPLES = """\
aipipe schema --path                            where it is, for an editor's settings
aipipe schema > pipeline.schema.json
aipipe schema --service                         of a file that  model: http:FILE  names
# yaml-language-server: $schema=FILE            as a file's first line does the same"""

PathOnly = Annotated[
    bool, flags.option("--path", help="Print where the file is.", panel=flags.OUTPUT)
]
Service = Annotated[
    bool,
    flags.option("--service", help="Of files that describe a service.", panel=flags.OUTPUT),
]


def command(*, path: PathOnly = False, service: Service = False) -> None:
    """Print the JSON Schema (draft-07) of pipeline files, or say where it is."""
    from aipipe import shipped  # noqa: PLC0415 (only this command needs it)

    file = Path(shipped.service_schema_path() if service else shipped.schema_path())
    on = screen()
    on.print(str(file) if path else file.read_text(encoding="utf-8").removesuffix("\n"))

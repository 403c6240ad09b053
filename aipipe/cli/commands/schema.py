"""`aipipe schema`: the JSON Schema of pipeline files."""

from pathlib import Path
from typing import Annotated

from aipipe.cli import flags
from aipipe.cli.screen import screen

EXAMPLES = """\
aipipe schema --path                            where it is, for an editor's settings
aipipe schema > pipeline.schema.json
# yaml-language-server: $schema=FILE            as a file's first line does the same"""

PathOnly = Annotated[
    bool, flags.option("--path", help="Print where the file is.", panel=flags.OUTPUT)
]


def command(*, path: PathOnly = False) -> None:
    """Print the JSON Schema (draft-07) of pipeline files, or say where it is."""
    from aipipe.shipped import schema_path  # noqa: PLC0415 (only this command needs it)

    file = Path(schema_path())
    on = screen()
    on.print(str(file) if path else file.read_text(encoding="utf-8").removesuffix("\n"))

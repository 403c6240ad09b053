"""A starter, written where its user wants it, with the files that it reads."""

from pathlib import Path

from aipipe.cli.templates import Template, starter
from aipipe.errors import OutputInTheWayError, UsageError


def written(chosen: Template, output: str, schema: str, *, force: bool) -> tuple[str, ...]:
    """Write a starter and its companions beside it; the paths, the starter's first.

    Raises:
        OutputInTheWayError: one of them exists, and nobody said `--force`; none is written.
        UsageError: it is a folder, or can't be written.
    """
    if Path(output).is_dir():
        hint = f"a file in it: -o {output}/{chosen.name}.yaml"
        raise UsageError(f"'{output}' is a folder", hints=(hint,))
    around = Path(output).parent
    contents = {output: starter(chosen, schema).encode()}
    for each in chosen.companions:
        contents[str(around / each)] = (chosen.path.parent / each).read_bytes()
    if not force:
        _free(contents)
    for path, content in contents.items():
        _write(path, content, around)
    return tuple(contents)


def _free(paths: dict[str, bytes]) -> None:
    taken = next((path for path in paths if Path(path).exists()), None)
    if taken is not None:
        hints = ("--force  replaces it", "-o FILE  writes elsewhere")
        raise OutputInTheWayError(f"'{taken}' is there already", hints=hints)


def _write(path: str, content: bytes, around: Path) -> None:
    try:
        if Path(path).parent != around:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
    except FileNotFoundError as error:
        raise UsageError(f"there is no folder '{Path(path).parent}'") from error
    except OSError as error:
        raise UsageError(f"can't write '{path}': {(error.strerror or '').lower()}") from error

"""What was under `settings:` at the top of a file."""

from collections.abc import Iterator, Mapping

from aipipe.contracts.artefact import Json
from aipipe.language.earlier import forms
from aipipe.language.earlier.changes import Add, Change, Drop, Move


def changes(written: Mapping[str, Json], data: Mapping[str, Json]) -> Iterator[Change]:
    """The values go to where they stand today; what stands there already wins."""
    for key, value in written.items():
        at, today = ("settings", key), forms.SETTINGS.get(key)
        if today is not None and not _is_there(data, today):
            yield _moved(at, today, data)
        elif key == "fail_fast" and value is False and not _is_there(data, ("defaults",)):
            note = "'settings.fail_fast: false' is now 'defaults: {on_error: continue}'"
            yield Drop(at=at, note=note)
            yield Add(to=(), key="defaults", value={"on_error": "continue"})
        else:
            why = forms.SETTINGS_GONE.get(key, "nothing reads it")
            yield Drop(at=at, note=f"'settings.{key}' has no effect: {why}")
    yield Drop(at=("settings",))


def _is_there(data: Mapping[str, Json], path: tuple[str, ...]) -> bool:
    inner = data.get(path[0])
    return path[0] in data if len(path) == 1 else isinstance(inner, dict) and path[1] in inner


def _moved(at: tuple[str, str], today: tuple[str, ...], data: Mapping[str, Json]) -> Move:
    note = f"'settings.{at[1]}' is now '{'.'.join(today)}'"
    if len(today) == 1:
        return Move(at=at, to=(), key=today[0], note=note)
    outer, key = today
    if isinstance(data.get(outer), dict):
        return Move(at=at, to=(outer,), key=key, note=note)
    return Move(at=at, to=(), key=key, wrap=outer, note=note)

"""How providers are reached from here, as the doctor tells it: keys by name, never by value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aipipe.app.access import Access, Key, accesses
from aipipe.app.environment import Environment
from aipipe.app.network import Proxy, Trust, proxies, trust
from aipipe.cli.diagnostics import Look
from aipipe.cli.tables_grid import Cell, Column, Line, drawn
from aipipe.cli.text import clean, count
from aipipe.contracts.artefact import Json
from aipipe.contracts.registry import Registry

_UNFIT = Cell("can't be used: it should be an http or https address without a password", "red")
_HIDDEN = Cell("not shown: it holds a password, or can't be read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """All that says how providers are reached."""

    around: Environment
    accesses: tuple[Access, ...]
    proxies: tuple[Proxy, ...]
    trust: Trust | None


def found(registry: Registry, around: Environment) -> Reached:
    """What holds for a command in this environment."""
    return Reached(
        around=around,
        accesses=accesses(registry, around),
        proxies=proxies(around.variables),
        trust=trust(around.variables),
    )


def sections(reached: Reached, look: Look) -> Iterator[tuple[str, list[str]]]:
    """Titles, and the lines below each; what there is none of is left out."""
    yield "keys", _aligned([line for each in reached.accesses for line in _keys(each)], look)
    yield "key file", [_file(reached.around, look), *_notices(reached.around, look)]
    yield "addresses", _aligned([line for each in reached.accesses for line in _moved(each)], look)
    yield "proxies", _aligned([_proxy(each) for each in reached.proxies], look)
    if reached.trust is not None:
        yield "CA files", _aligned([_trust(reached.trust)], look)


def _aligned(lines: Sequence[Line], look: Look) -> list[str]:
    columns = [Column() for _ in range(max(map(len, lines), default=0))]
    return drawn(columns, lines, Look(paint=look.paint))


def _keys(access: Access) -> Iterator[Line]:
    if not access.keys:
        yield Cell(access.provider.name), Cell("-"), Cell("none needed")
    for number, key in enumerate(access.keys):
        name = "" if number else access.provider.name
        yield Cell(name), Cell(key.variable), _state(key, access.keys)


def _state(key: Key, keys: Sequence[Key]) -> Cell:
    counting = next((each.variable for each in keys if each.counts), None)
    if key.counts:
        return Cell(f"set in {_place(key)}", "green")
    if key.source is not None:
        return Cell(f"set in {_place(key)}, not used: {counting} counts")
    if counting is not None:
        return Cell(f"not needed beside {counting}")
    return Cell("not set" if len(keys) == 1 else "not set, and one of them would do")


def _place(key: Key) -> str:
    return "the environment" if key.source == "environment" else f"'{clean(str(key.source))}'"


def _file(around: Environment, look: Look) -> str:
    if around.file is None:
        return "none looked for (--no-env-file)"
    keys = look.paint("bold", count(len(around.from_file), "key")) if around.from_file else "no key"
    told = f"{keys} taken from it" if around.is_read else "not read"
    if not around.is_read and not around.notices:
        told = "not there; it may hold keys, one NAME=VALUE a line"
    return f"'{clean(around.file)}'   {told}"


def _notices(around: Environment, look: Look) -> Iterator[str]:
    for each in around.notices:
        yield look.paint("yellow", clean(each.message))


def _moved(access: Access) -> Iterator[Line]:
    for each in access.moved:
        address = _UNFIT if each.address is None else Cell(clean(each.address))
        yield Cell(access.provider.name), Cell(each.part), Cell(each.variable), address


def _proxy(proxy: Proxy) -> Line:
    return Cell(proxy.variable), _HIDDEN if proxy.value is None else Cell(clean(proxy.value))


def _trust(found: Trust) -> Line:
    missing = Cell() if found.is_there else Cell("not there, so no call can be made", "red")
    return Cell(found.variable), Cell(clean(found.path)), missing


def as_json(reached: Reached) -> dict[str, Json]:
    """The same as data."""
    return {
        "key_file": _read(reached.around),
        "providers": [_provider(each) for each in reached.accesses],
        "proxies": [{"variable": each.variable, "value": each.value} for each in reached.proxies],
        "ca_file": None if reached.trust is None else _trusted(reached.trust),
    }


def _read(around: Environment) -> dict[str, Json]:
    return {
        "path": around.file,
        "is_read": around.is_read,
        "keys": [*sorted(around.from_file)],
        "notices": [each.message for each in around.notices],
    }


def _provider(access: Access) -> Json:
    return {
        "name": access.provider.name,
        "title": access.provider.title,
        "keys": [
            {"variable": each.variable, "source": each.source, "counts": each.counts}
            for each in access.keys
        ],
        "moved": [
            {"part": each.part, "variable": each.variable, "address": each.address}
            for each in access.moved
        ],
    }


def _trusted(found: Trust) -> Json:
    return {"variable": found.variable, "path": found.path, "is_there": found.is_there}

"""Which variables a command goes by: the world's, and nothing of a file but keys."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.app import discover
from aipipe.app.environment import (
    MOST_BYTES,
    Environment,
    address_variables,
    beside,
    key_variables,
    keys_of,
    named,
)
from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.registry import Registry, registry_of
from aipipe.errors import UsageError

REGISTRY = discover.own_registry()
KEYS = sorted(key_variables(REGISTRY))
ADDRESSES = sorted(address_variables(REGISTRY))
OTHERS = ["PATH", "AIPIPE_HOME", "AIPIPE_MAX_COST", "HTTPS_PROXY", "SSL_CERT_FILE", "fal_key"]
NAMES = st.sampled_from([*KEYS, *ADDRESSES, *OTHERS])
VALUES = st.sampled_from(["", " ", "a", "b", "${HOME}", "it's # mine"])
VARIABLES = st.dictionaries(NAMES, VALUES)


def read(
    folder: Path, text: str, world: Mapping[str, str], registry: Registry = REGISTRY
) -> Environment:
    file = folder / "keys.env"
    file.write_bytes(text.encode())
    return named(world, str(file), lambda: registry)


def told(found: Environment) -> list[str]:
    return [each.message for each in found.notices]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@given(world=VARIABLES, file=VARIABLES)
def test_a_file_gives_keys_that_the_world_lacks_and_nothing_else(
    shared: Path, world: dict[str, str], file: dict[str, str]
) -> None:
    before = dict(world)
    text = "\n".join(f'{name}="{value}"' for name, value in file.items())

    found = read(shared, text, world)

    lacking = {
        name
        for provider in REGISTRY.providers.values()
        if not any(world.get(each, "").strip() for each in keys_of(provider))
        for name in keys_of(provider)
    }
    given_ = {name: value for name, value in file.items() if name in lacking and value.strip()}
    assert found.variables == {**world, **given_}
    assert found.from_file == set(given_)
    assert world == before


def test_a_file_overrides_no_account_of_the_world_by_another_name_of_its_key(
    shared: Path,
) -> None:
    found = read(shared, "GOOGLE_API_KEY=file", {"GEMINI_API_KEY": "world"})

    assert found.variables == {"GEMINI_API_KEY": "world"}


def test_a_described_service_s_key_may_stand_in_the_file(shared: Path) -> None:
    found = read(shared, "AIPIPE_KEY_STUDIO=file\nAIPIPE_HOME=/tmp", {})

    assert found.variables == {"AIPIPE_KEY_STUDIO": "file"}


@given(world=VARIABLES, file=VARIABLES)
def test_a_key_that_came_from_the_file_says_so(
    shared: Path, world: dict[str, str], file: dict[str, str]
) -> None:
    found = read(shared, "\n".join(f"{name}={value}" for name, value in file.items()), world)

    for name in KEYS:
        is_there = bool(found.variables.get(name, "").strip())
        source = None if not is_there else found.file if name in found.from_file else "environment"
        assert found.source(name) == source


@given(file=VARIABLES)
def test_no_value_is_told_or_shown(shared: Path, file: dict[str, str]) -> None:
    lines = [f"{name}=canary{value}" for name, value in file.items()]

    found = read(shared, "\n".join([*lines, 'FAL_KEY="canary']), {"OPENAI_API_KEY": "canary"})

    assert "canary" not in repr(found)


@given(text=st.text() | st.text(alphabet="FAL_KEY='\"\\=# \r\n$"))
def test_whatever_a_file_says_only_keys_come_of_it(shared: Path, text: str) -> None:
    found = read(shared, text, {"PATH": "/bin"})

    assert set(found.variables) <= {"PATH", *KEYS}
    assert found.variables["PATH"] == "/bin"


def test_a_variable_that_moves_an_address_is_no_key_whatever_a_plug_in_says(
    tmp_path: Path,
) -> None:
    moved = Address(otherwise="https://there", variables=("OPENAI_BASE_URL",))
    odd = Provider(name="odd", title="Odd", keys=("OPENAI_BASE_URL",), addresses={"api": moved})

    found = read(tmp_path, "OPENAI_BASE_URL=http://elsewhere", {}, registry_of([odd]))

    assert found.variables == {}


def test_addresses_in_a_file_are_told_once_by_name(tmp_path: Path) -> None:
    text = "OPENAI_BASE_URL=http://a\nAIPIPE_FAL_RUN_URL=http://b\nOPENAI_BASE_URL=http://c\n"

    found = read(tmp_path, text, {})

    assert told(found) == [
        (
            f"AIPIPE_FAL_RUN_URL and OPENAI_BASE_URL in '{found.file}' are not used: "
            "keys are sent to an address, so only the environment may move it"
        )
    ]


def test_an_address_that_the_environment_moves_too_is_not_told(tmp_path: Path) -> None:
    found = read(tmp_path, "OPENAI_BASE_URL=http://a", {"OPENAI_BASE_URL": "http://b"})

    assert (found.variables, told(found)) == ({"OPENAI_BASE_URL": "http://b"}, [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("FAL_KEY=abc", "abc"),
        ("export FAL_KEY='abc'\r\n", "abc"),
        ("\ufeffFAL_KEY=abc # mine", "abc"),
        ("FAL_KEY=old\nFAL_KEY=abc", "abc"),
        ("FAL_KEY=${HOME}/abc", "${HOME}/abc"),
        ("# FAL_KEY=abc", None),
        ("FAL_KEY", None),
        ("FAL_KEY=", None),
        ("FAL_KEY=abc\nFAL_KEY=", None),
    ],
)
def test_lines_are_read_as_such_files_are_written(
    tmp_path: Path, text: str, value: str | None
) -> None:
    found = read(tmp_path, text, {})

    assert (found.variables.get("FAL_KEY"), told(found)) == (value, [])


def test_a_line_that_is_not_understood_is_told_where_it_names_a_key_that_is_missing(
    tmp_path: Path,
) -> None:
    text = "what is this\n\nFAL_KEY='abc\nOPENAI_API_KEY='abc\n"

    found = read(tmp_path, text, {"OPENAI_API_KEY": "set"})

    assert told(found) == [
        f"line 3 of '{found.file}' names a key and is not understood: it should be NAME=VALUE"
    ]


# --- the one of the working directory


def test_without_a_file_the_environment_is_the_world_itself(here: Path) -> None:
    def unneeded() -> Registry:
        raise AssertionError("the plug-ins are not needed")

    (here / "sub").mkdir()
    found = [beside(os.environ, unneeded)]
    (here / ".env").mkdir()
    found.append(beside(os.environ, unneeded))

    assert all(each.variables is os.environ for each in found)
    assert [(each.file, each.is_read, told(each)) for each in found] == [(".env", False, [])] * 2


def test_the_working_directory_s_file_is_read(here: Path) -> None:
    (here / ".env").write_text("FAL_KEY=abc\nPATH=/nowhere\n", encoding="utf-8")

    found = beside({"PATH": "/bin"}, lambda: REGISTRY)

    assert found.variables == {"PATH": "/bin", "FAL_KEY": "abc"}
    assert (found.is_read, found.source("FAL_KEY")) == (True, ".env")


def test_a_file_that_can_not_be_read_is_told_and_stops_nothing(here: Path) -> None:
    (here / ".env").write_bytes("FAL_KEY=abc".encode("utf-16"))
    wide = beside({}, lambda: REGISTRY)
    (here / ".env").write_bytes(b"#" * (MOST_BYTES + 1))
    large = beside({}, lambda: REGISTRY)

    assert [each.variables for each in (wide, large)] == [{}, {}]
    assert [told(each) for each in (wide, large)] == [
        ["can't read '.env': it is not UTF-8 text (byte 1)"],
        ["can't read '.env': it is larger than 100 kB"],
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_in_the_place_of_the_file_is_told_and_never_waited_for(here: Path) -> None:
    os.mkfifo(here / ".env")

    assert told(beside({}, lambda: REGISTRY)) == [
        "'.env' is no plain file, so only --env-file .env reads it"
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_told(here: Path) -> None:
    (here / ".env").touch(mode=0)

    assert told(beside({}, lambda: REGISTRY)) == ["can't read '.env': permission denied"]


# --- the one that is named


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "no such file or directory"),
        (b"FAL_KEY=\xff", "it is not UTF-8 text (byte 9)"),
        (b"#" * (MOST_BYTES + 1), "it is larger than 100 kB"),
    ],
)
def test_a_named_file_that_can_not_be_read_is_an_error(
    here: Path, data: bytes | None, message: str
) -> None:
    if data is not None:
        (here / "keys").write_bytes(data)

    with pytest.raises(UsageError) as error:
        named({}, "keys", lambda: REGISTRY)

    assert error.value.message == f"can't read 'keys': {message}"


def test_a_folder_that_is_named_is_an_error(here: Path) -> None:
    with pytest.raises(UsageError) as error:
        named({}, str(here), lambda: REGISTRY)

    assert error.value.message == f"can't read '{here}': is a directory"


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the system names no open files")
def test_a_pipe_that_is_named_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"FAL_KEY=abc\n")
    os.close(writing)

    found = named({}, f"/dev/fd/{reading}", lambda: REGISTRY)
    os.close(reading)

    assert found.variables == {"FAL_KEY": "abc"}

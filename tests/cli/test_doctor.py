"""What the doctor says of keys, addresses and the network: where they are set, never a secret."""

import json
from pathlib import Path

import pytest
from support.golden import golden
from support.keyless import keyless

from aipipe.cli.main import main

GOLDEN = Path(__file__).parent / "golden"
MOVED = "OPENAI_BASE_URL=http://elsewhere\n"
KEY = "FAL_KEY=canary\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory in a world without keys."""
    monkeypatch.chdir(tmp_path)
    keyless(monkeypatch)
    return tmp_path


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """The same in a world that has secrets wherever there may be some."""
    variables = {
        "GEMINI_API_KEY": "canary",
        "LUMAAI_API_KEY": "canary",
        "AIPIPE_FAL_QUEUE_URL": "http://127.0.0.1:9/queue?key=canary#canary",
        "LUMAAI_BASE_URL": "https://ann:canary@gate/v1",
        "https_proxy": "http://ann:canary@proxy:3128",
        "all_proxy": "http://proxy:3128/?token=canary",
        "SSL_CERT_FILE": "/nowhere/ca.pem",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return folder


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(("doctor", *arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_it_shows_what_is_set_and_from_where(
    secrets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (secrets / ".env").write_text(f"{MOVED}{KEY}GOOGLE_API_KEY=canary\n", encoding="utf-8")

    words, data = told(capsys), told(capsys, "--json")

    assert (words[0], words[2], data[0], data[2]) == (0, "", 0, "")
    golden(GOLDEN / "doctor.txt", words[1][words[1].index("keys   ") :])
    found = json.loads(data[1])
    reached = {name: found[name] for name in ("key_file", "providers", "proxies", "ca_file")}
    golden(GOLDEN / "doctor.json", json.dumps(reached, indent=2) + "\n")


def test_it_never_shows_a_secret(secrets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (secrets / ".env").write_text(
        f"{KEY}OPENAI_API_KEY='canary\nREPLICATE_BASE_URL=http://canary\n", encoding="utf-8"
    )

    ways = (("--color", "always"), ("--json",), ("--env-file", ".env"), ("--no-env-file",))
    shown = "".join("".join(told(capsys, *more)[1:]) for more in ways)

    assert "LUMAAI_API_KEY" in shown
    assert "anar" not in shown


def test_a_named_file_is_told_by_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ci.env").write_text(KEY, encoding="utf-8")

    words = told(capsys, "--env-file", "ci.env")[1]
    data = json.loads(told(capsys, "--env-file", "ci.env", "--json")[1])

    assert "FAL_KEY               set in 'ci.env'\n" in words
    assert data["key_file"] == {
        "path": "ci.env",
        "is_read": True,
        "keys": ["FAL_KEY"],
        "notices": [],
    }


def test_it_says_where_it_looks_for_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    none = told(capsys, "--no-env-file")[1]
    absent = told(capsys)[1]
    (folder / ".env").write_bytes(b"\xff")
    unread = told(capsys)[1]

    assert "key file    none looked for (--no-env-file)\n" in none
    assert "key file    '.env'   not there; it may hold keys, one NAME=VALUE a line\n" in absent
    assert (
        "key file    '.env'   not read\n"
        "            can't read '.env': it is not UTF-8 text (byte 1)\n"
    ) in unread

"""A key appears nowhere: not in files, messages, events, tags or output, whatever goes wrong."""

import json
import logging
import traceback
from dataclasses import replace
from pathlib import Path

import pytest
from providers.cases import Case, Stage, serve
from providers.test_all import CASES, HOSTILE
from support.till.replies import RESET, Manner, Reply

from aipipe.contracts.event import RunEvent


def secrets_of(stage: Stage) -> list[bytes]:
    """The values of the fake's keys, and the parts of each."""
    names = ("KEY", "TOKEN", "SECRET", "AUTH")
    environment = stage.fake.environment
    found = [v for name, v in environment.items() if any(word in name for word in names) and v]
    assert found or stage.case.name in KEYLESS
    return [part.encode() for value in found for part in {value, value.rpartition(":")[2]}]


OTHERS = (
    Reply(status=500, body=b"oops at"),
    Reply(status=418, body=b"no tea for"),
    RESET,
    Reply(body=b"half of it", manner=Manner.CUT_OFF),
)
KEYLESS = frozenset({"comfyui"})
"""Servers of one's own, which want no key."""


def quoting(reply: Reply, stage: Stage) -> Reply:
    """The same refusal from a server that repeats the key in each of its texts."""
    keys = b" ".join(secrets_of(stage)).decode()
    try:
        found = json.loads(reply.body)
    except ValueError:
        return replace(reply, body=reply.body + keys.encode())
    return replace(reply, body=json.dumps(_with(found, keys)).encode())


def _with(found: object, keys: str) -> object:
    if isinstance(found, dict):
        return {name: _with(value, keys) for name, value in found.items()}
    if isinstance(found, list):
        return [_with(value, keys) for value in found]
    return f"{found} {keys}" if isinstance(found, str) and " " in found else found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_key_is_nowhere_after_all_kinds_of_trouble(
    case: Case,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []

    def listen(event: RunEvent) -> None:
        told.append(repr(event))

    def play(stage: Stage) -> None:
        kinds = [kind for kind in ("submit", case.status, case.file) if kind]
        others = [*HOSTILE.values(), *OTHERS]
        troubles = [("submit", reply) for reply in case.refusals.values()]
        troubles += [(getattr(stage.fake, "end_kind", "result"), e) for e in case.ends.values()]
        troubles += [(kinds[n % len(kinds)], reply) for n, reply in enumerate(others)]
        for number, (kind, reply) in enumerate(troubles):
            again = replace(stage, folder=tmp_path / f"{number}-{kind}")
            again.folder.mkdir()
            stage.fake.trouble(kind, quoting(reply, stage))
            try:
                told.append(repr(again.run(listen=listen)))
            except Exception:  # noqa: BLE001 (whatever it is, it must not tell the key)
                told.append(traceback.format_exc())
        heard = capfd.readouterr()
        texts = [text.encode() for text in (*told, heard.out, heard.err, caplog.text)]
        files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        for secret in secrets_of(stage):
            assert not [text for text in texts if secret in text]
            assert not [content for content in files if secret in content]

    serve(case, tmp_path, play)

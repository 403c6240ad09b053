"""The store serves plug-ins: real media in, by what they really are, and nothing left over."""

from pathlib import Path

from support.sinks import call_of

from aipipe.contracts.tools import Sink, Tools
from aipipe.media.probe import probe
from aipipe.memory.store import Store
from aipipe.steps.text_to_speech import STEP


def tools_over(sink: Sink) -> Tools:
    return Tools(
        sink=sink,
        report=lambda _fraction, _phase: None,
        cancelled=lambda: False,
        clock=lambda: 0.0,
        secret=lambda _name: None,
    )


def test_speech_goes_into_the_store_and_scratch_files_go(tmp_path: Path) -> None:
    assert STEP.local is not None
    store = Store(root=tmp_path / "store", probe=probe)
    with store.session() as session:
        call = call_of("step:text_to_speech", inputs={"text": "Hello."}, extension="mp3")
        speech = STEP.local(call, tools_over(session)).artefacts[0]

    left = [path for path in store.root.rglob("*") if path.is_file()]
    assert left == [store.path_of(speech)]
    assert probe(store.path_of(speech), "audio").seconds == speech.seconds


def test_a_users_file_is_taken_in_by_what_it_is(tmp_path: Path) -> None:
    store = Store(root=tmp_path / "store", probe=probe)
    named = tmp_path / "voice.mp3"
    with store.session() as session:
        assert STEP.local is not None
        call = call_of("step:text_to_speech", inputs={"text": "Hello."})
        speech = STEP.local(call, tools_over(session)).artefacts[0]
        named.write_bytes(session.path_of(speech).read_bytes())

    taken = store.ingest(named, "audio")
    assert (taken.extension, taken.label) == ("wav", "voice")
    assert taken.sha256 == speech.sha256

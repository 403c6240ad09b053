"""Merges keep the order written, lose nothing, and give the same bytes for the same parts."""

import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.listening import decoded, length_of, pitch_of, tone_file
from support.sinks import FolderSink, call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import Sound, sound_of
from aipipe.media.parts import file_names
from aipipe.merges import archive, collect, concat_audio, concat_text, first_success, json_

MONO, STEREO = Sound(rate=22_050), Sound(rate=44_100, channels=2)


def merged(
    merge: MergeStrategy,
    tools: Tools,
    parts: "tuple[Value | None, ...]",
    labels: tuple[str, ...] = (),
    params: dict[str, Json] | None = None,
    extension: str | None = None,
) -> ArtefactRef:
    assert merge.run is not None
    call = call_of(
        f"merge:{merge.name}",
        inputs={"input": parts},
        labels=labels,
        params=params,
        extension=extension,
    )
    return merge.run(call, tools).artefacts[0]


def test_the_two_that_are_bookkeeping_take_anything_and_do_nothing() -> None:
    assert [(m.run, m.accepts, m.produces) for m in (collect.MERGE, first_success.MERGE)] == [
        (None, (), None),
        (None, (), None),
    ]


def test_texts_are_joined_in_the_order_written(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = ("one", tools.sink.adopt_text("two\n"), "three")

    assert merged(concat_text.MERGE, tools, parts).text == "one\ntwo\n\nthree"


@pytest.mark.parametrize("separator", ["", " | ", "\n\n"])
def test_texts_are_joined_by_the_separator(tmp_path: Path, separator: str) -> None:
    joined = merged(
        concat_text.MERGE, tools_in(tmp_path), ("a", "b"), params={"separator": separator}
    )

    assert joined.text == f"a{separator}b"


def test_a_text_merge_refuses_what_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(StepError) as caught:
        merged(concat_text.MERGE, tools_in(tmp_path), ("a", {"b": 1}))
    assert caught.value.code == "merge.wrong_input"


@pytest.mark.parametrize("extension", [None, "wav", "mp3", "m4a", "flac", "ogg", "opus"])
def test_sounds_of_any_kind_join_to_the_sum_of_their_lengths(
    tmp_path: Path, extension: str | None
) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    parts = (
        tone_file(sink, "wav", 0.5, MONO),
        tone_file(sink, "mp3", 0.75, STEREO),
        tone_file(sink, "opus", 1.25, Sound(rate=48_000)),
        tone_file(sink, "flac", 0.3, Sound(rate=8000, channels=2)),
    )
    joined = merged(concat_audio.MERGE, tools, parts, params={"gap": 0.4}, extension=extension)

    assert joined.extension == (extension or "wav")
    assert sound_of(sink.path_of(joined)).channels == 2
    assert length_of(sink.path_of(joined)) == pytest.approx(2.8 + 3 * 0.4, abs=0.025)


def test_joined_wav_sounds_keep_every_sample_and_the_exact_gap(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    one, two = tone_file(sink, "wav", 0.5, MONO), tone_file(sink, "flac", 0.25, MONO)
    joined = merged(concat_audio.MERGE, tools, (one, two), params={"gap": 0.1})

    silence = [0] * 2205
    expected = [*decoded(sink.path_of(one)), *silence, *decoded(sink.path_of(two))]
    assert list(decoded(sink.path_of(joined))) == expected


def test_sounds_are_joined_in_the_order_written_at_their_own_pitch(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    low, high = tone_file(sink, "wav", 1, STEREO), tone_file(sink, "wav", 1, MONO)
    joined = sink.path_of(merged(concat_audio.MERGE, tools, (high, low)))

    assert sound_of(joined) == STEREO
    assert pitch_of(decoded(joined)[::2], 44_100) == pytest.approx(440, rel=0.01)


def test_a_cancelled_join_leaves_no_file(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    tone = tone_file(sink, "wav", 1, MONO)

    with pytest.raises(CancelledError):
        merged(concat_audio.MERGE, tools_in(tmp_path, cancelled=lambda: True), (tone, tone))
    assert sink.scratched() == []


def test_the_document_tells_all_that_is_known_of_each_part(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    text, tone = sink.adopt_text("grüß"), tone_file(sink, "wav", 0.5, MONO)
    made = merged(json_.MERGE, tools, (text, tone, {"row": 1}, "plain"), ("a/b", "tone", "x", "y"))

    nothing = {"width": None, "height": None}
    assert (made.medium, made.extension) == ("data", "json")
    assert json.loads(sink.text_of(made)) == [
        {
            "label": "a/b",
            "medium": "text",
            "file": "a-b.txt",
            "sha256": text.sha256,
            "text": "grüß",
            "seconds": None,
            **nothing,
        },
        {
            "label": "tone",
            "medium": "audio",
            "file": "tone.wav",
            "sha256": tone.sha256,
            "text": None,
            "seconds": 0.5,
            **nothing,
        },
        {"label": "x", "medium": "data", "value": {"row": 1}},
        {"label": "y", "medium": "text", "value": "plain"},
    ]


def test_an_archive_holds_each_file_under_a_safe_name_of_its_own(tmp_path: Path) -> None:
    tools, sink = tools_in(tmp_path), FolderSink(folder=tmp_path)
    tone = tone_file(sink, "wav", 0.1, MONO)
    parts = (tone, "hello", "again", {"a": 1}, tone)
    made = merged(archive.MERGE, tools, parts, ("../up", "Note", "note", "", "CON"))

    names = ["-up.wav", "Note.txt", "note-2.txt", "4.json", "_CON.wav"]
    with zipfile.ZipFile(sink.path_of(made)) as found:
        assert found.namelist() == names
        assert found.testzip() is None
        assert found.read("-up.wav") == sink.path_of(tone).read_bytes()
        assert found.read("note-2.txt") == b"again"
        assert found.read("4.json") == b'{"a": 1}'


@pytest.mark.parametrize("extension", ["zip", "tar"])
def test_the_same_parts_make_the_same_archive(tmp_path: Path, extension: str) -> None:
    tools = tools_in(tmp_path)
    first, again = (
        merged(archive.MERGE, tools, ("a", "b"), ("x", "y"), extension=extension) for _ in range(2)
    )

    assert first == again
    assert first.extension == extension


def test_a_tar_holds_the_same_files(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    made = merged(archive.MERGE, tools, ("a", "b"), ("x", "y"), extension="tar")

    with tarfile.open(tools.sink.path_of(made)) as found:
        assert found.getnames() == ["x.txt", "y.txt"]


def test_a_cancelled_archive_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        merged(archive.MERGE, tools_in(tmp_path, cancelled=lambda: True), ("a",))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("labels", [("one", "gap", "three"), ("one", "three")])
def test_labels_stay_with_their_parts_past_gaps(tmp_path: Path, labels: tuple[str, ...]) -> None:
    tools = tools_in(tmp_path)
    made = merged(json_.MERGE, tools, ("a", None, "c"), labels)

    described = json.loads(tools.sink.text_of(made))
    assert [part["label"] for part in described] == ["one", "three"]


@pytest.mark.parametrize(
    "merge", [concat_text.MERGE, json_.MERGE, archive.MERGE, concat_audio.MERGE]
)
def test_nothing_is_not_merged(tmp_path: Path, merge: MergeStrategy) -> None:
    with pytest.raises(StepError) as caught:
        merged(merge, tools_in(tmp_path), ())
    assert caught.value.code == "merge.nothing"


@given(stems=st.lists(st.text(max_size=8) | st.sampled_from(["a", "A", "a-2", "con"]), max_size=6))
def test_file_names_are_safe_and_no_two_are_alike(stems: list[str]) -> None:
    names = file_names(stems, ["txt"] * len(stems))

    assert len({name.casefold() for name in names}) == len(stems)
    assert not any(set(name) & set('/\\:*?"<>|\0') or name.startswith(".") for name in names)


def test_texts_may_stand_under_their_labels(tmp_path: Path) -> None:
    texts = merged(
        concat_text.MERGE, tools_in(tmp_path), ("one", "two"), ("A\nB", "C"), {"headings": True}
    )

    assert texts.text == "## A B\n\none\n\n## C\n\ntwo"


@pytest.mark.parametrize(("params", "shown"), [({}, False), ({"headings": True}, True)])
def test_labels_count_for_reuse_only_where_they_are_shown(
    params: dict[str, Json],
    shown: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    assert concat_text.MERGE.shows_labels(params) is shown

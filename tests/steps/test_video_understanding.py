"""What the embedded engine says of a video is measured, and says so."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.films import BLUE, reel
from support.seeing import made_by
from support.sinks import FolderSink, tools_in

from aipipe.contracts.artefact import ArtefactRef
from aipipe.errors import StepError
from aipipe.steps import video_understanding


def told(tmp_path: Path, video: ArtefactRef, **how: Any) -> list[str]:
    """The lines of a report on a video."""
    inputs = {"video": video, "prompt": how.pop("prompt", None)}
    made = made_by(video_understanding.STEP, tools_in(tmp_path), inputs, **how)[0]
    return (made.text or "").splitlines()


def test_the_facts_of_a_video_are_measured(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    video = reel(sink, colour=BLUE, seconds=2.0, rate=Fraction(12), hertz=440.0)

    assert told(tmp_path, video, prompt="What\nis it?")[:6] == [
        "Video facts, measured by the embedded engine; no model has watched it",
        "Question: What is it?",
        "Length: 2.00 s",
        "Size: 96 x 64 pixels",
        "Pictures a second: 12",
        "Sound: mono, 44100 Hz",
    ]


def test_what_is_seen_is_told_by_time_and_as_much_as_asked(tmp_path: Path) -> None:
    video = reel(FolderSink(folder=tmp_path), colour=BLUE, seconds=2.0)
    counts = {
        detail: sum(line.startswith("At ") for line in told(tmp_path, video, detail=detail))
        for detail in ("low", "auto", "high")
    }

    assert "At 1.0 s: Main colours: blue 100%" in told(tmp_path, video)
    assert counts == {"low": 0, "auto": 4, "high": 12}


def test_a_video_without_sound_is_told_as_such(tmp_path: Path) -> None:
    assert "Sound: none" in told(tmp_path, reel(FolderSink(folder=tmp_path)))


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    sink = FolderSink(folder=tmp_path)
    path = sink.scratch("mp4")
    path.write_bytes(b"no video")

    with pytest.raises(StepError, match="it is no known video format"):
        told(tmp_path, sink.adopt(path, "video"))

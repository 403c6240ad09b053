"""Whole runs that film, merge and split: from the file to what can be played."""

from pathlib import Path

from support.films import is_colour, seen_at
from support.seeing import watched
from support.world import ran

from aipipe.contracts.event import RunStatus, StepEnded
from aipipe.contracts.status import Status

CLIP = "type: text_to_video, model: local"
CLIPS = f"""\
prompt: a lighthouse in fog
steps:
  - id: clips
    type: parallel_group
    parallel_steps:
      - {{{CLIP}, params: {{duration: 0.5, size: 96x64, fps: 12, audio: true}}}}
      - {{{CLIP}, params: {{duration: 0.5, size: 64x96, fps: 10, output_file: tall.webm}}}}
      - {{{CLIP}, params: {{duration: 1, size: 64x64, fps: 12}}}}
"""
MERGES = """\
  - id: film
    type: merge_outputs
    merge_strategy: concat_video
    input: ${{ steps.clips.output }}
    params: {output_file: film.mp4}
  - id: beside
    type: merge_outputs
    merge_strategy: stack_video
    input: ${{ steps.clips.output }}
    params: {layout: grid, sound: mix, output_file: beside.webm}
  - id: stills
    type: split_input
    split_strategy: frames
    input: ${{ steps.film.output }}
    params: {count: 4}
  - {type: merge_outputs, merge_strategy: combine_images, params: {output_file: sheet.png}}
"""
PAIRS = """\
prompt: a fox
steps:
  - id: pairs
    type: parallel_group
    on_error: continue
    parallel_steps:
      - {id: seen, type: text_to_image, model: local, params: {size: 96x64}}
      - {id: heard, type: text_to_speech, model: local, params: {language: "LANGUAGE"}}
  - {id: show, type: merge_outputs, merge_strategy: slideshow, params: {output_file: show.mp4}}
"""


def test_clips_are_joined_stacked_and_split(tmp_path: Path) -> None:
    summary = ran(CLIPS + MERGES, tmp_path)
    film = watched(tmp_path / "out" / "film.mp4")
    beside = watched(tmp_path / "out" / "beside.webm")

    assert summary.status == RunStatus.DONE
    assert (film.size, len(film.pictures), film.seconds) == ((96, 64), 24, 2)
    assert film.sound is not None
    assert is_colour(seen_at(film, 0.75, (0.02, 0.5)), (0, 0, 0))
    assert beside.codec.startswith(("vp9", "libvpx"))
    assert (tmp_path / "out" / "sheet.png").is_file()


def test_a_picture_and_its_speech_are_a_slideshow(tmp_path: Path) -> None:
    summary = ran(PAIRS.replace("LANGUAGE", "en-us"), tmp_path)
    film = watched(tmp_path / "out" / "show.mp4")

    assert summary.status == RunStatus.DONE
    assert film.size == (96, 64)
    assert film.sound is not None


def test_a_slideshow_refuses_to_go_on_without_a_part(tmp_path: Path) -> None:
    ends: list[StepEnded] = []
    ran(
        PAIRS.replace("LANGUAGE", "klingon"),
        tmp_path,
        listeners=[lambda event: ends.append(event) if isinstance(event, StepEnded) else None],
    )
    found = {end.task: (end.status, end.problem and end.problem.code) for end in ends}

    assert found["pairs.heard"] == (Status.FAILED, "local.unknown_language")
    assert found["show"] == (Status.FAILED, "merge.gap")

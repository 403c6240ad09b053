"""Audio merges against the ffmpeg command doing the same with the same encoder.

python benchmarks/audio_merges.py [MINUTES …]

Prints processor seconds of both (which a busy machine does not change), the ratio (aim 1.3), and
the peak memory of the process that merges, which must not grow with the length. Each merge runs in
a process of its own; its time is that of the call alone, ffmpeg's that of the command.

MP3 is a case of its own: libmp3lame as it is built into PyAV's wheel takes about three times as
long as Debian's, whoever calls it.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, OutputRequest, Provenance
from aipipe.contracts.media import AUDIO, VIDEO, Medium
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Tools
from aipipe.merges import add_audio_track, concat_audio, mix_audio

AIM = 1.3
MERGES = {each.name: each for each in (add_audio_track.MERGE, concat_audio.MERGE, mix_audio.MERGE)}
QUIET = ("ffmpeg", "-nostdin", "-v", "error", "-y")
MP3 = ("-c:a", "libmp3lame", "-b:a", "128k")
M4A = ("-c:a", "aac", "-b:a", "128k")
COPIED = ("-map", "0:v", "-map", "1:a", "-c:v", "copy", *M4A, "-movflags", "+faststart")
STEREO = "aformat=channel_layouts=stereo:sample_rates=44100"


@dataclass(frozen=True, slots=True)
class Folder:
    """A sink that names files after themselves: nothing is hashed, so that only merging counts."""

    place: Path
    made: list[Path] = field(default_factory=list)

    def path_of(self, artefact: ArtefactRef) -> Path:
        return self.place / f"{artefact.label}.{artefact.extension}"

    def text_of(self, artefact: ArtefactRef) -> str:
        return self.path_of(artefact).read_text()

    def scratch(self, extension: str) -> Path:
        return self.place / f"ours.{extension}"

    def adopt(self, path: Path, medium: Medium, *, label: str | None = None) -> ArtefactRef:
        self.made.append(path)
        return named(path.name, medium, label)

    def adopt_text(
        self,
        text: str,
        *,
        extension: str = "txt",
        medium: Medium = "text",
        label: str | None = None,
    ) -> ArtefactRef:
        raise NotImplementedError(text, extension, medium, label)


def named(name: str, medium: Medium, label: str | None = None) -> ArtefactRef:
    stem, _, extension = name.partition(".")
    return ArtefactRef(
        sha256=name, medium=medium, extension=extension, bytes=0, label=label or stem
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One merge of files by name, and the command that does the same."""

    merge: str
    files: tuple[str, ...]
    extension: str
    command: Callable[[tuple[str, ...]], list[list[str]]]
    params: Mapping[str, Json] = field(default_factory=dict)


def one(files: tuple[str, ...], graph: str, *encoder: str) -> list[list[str]]:
    given = [word for file in files for word in ("-i", file)]
    return [[*QUIET, *given, "-filter_complex", graph, "-map", "[out]", *encoder]]


def levelled(files: tuple[str, ...]) -> list[list[str]]:
    """Listen to each, then join; the gains are made up, for they cost nothing."""
    meter = ("-af", f"{STEREO},ebur128=peak=sample", "-f", "null", "-")
    listen = [[*QUIET, "-i", file, *meter] for file in files]
    graph = f"[0:a]{STEREO},volume=-3dB[a];[1:a]{STEREO},volume=-2dB[b];[a][b]concat=v=0:a=1[out]"
    return [*listen, *one(files, graph, *M4A, "theirs.m4a")]


CASES = {
    "join to wav": Case(
        merge="concat_audio",
        files=("voice.mp3", "music.wav"),
        extension="wav",
        command=lambda files: one(
            files,
            f"[0:a]{STEREO},apad=pad_dur=0.5[a];[1:a]{STEREO}[b];[a][b]concat=v=0:a=1[out]",
            "theirs.wav",
        ),
        params={"gap": 0.5},
    ),
    "join to mp3": Case(
        merge="concat_audio",
        files=("voice.mp3", "music.wav"),
        extension="mp3",
        command=lambda files: one(
            files,
            f"[0:a]{STEREO}[a];[1:a]{STEREO}[b];[a][b]concat=v=0:a=1[out]",
            *MP3,
            "theirs.mp3",
        ),
    ),
    "crossfade": Case(
        merge="concat_audio",
        files=("voice.mp3", "music.wav"),
        extension="m4a",
        command=lambda files: one(
            files,
            f"[0:a]{STEREO}[a];[1:a]{STEREO}[b];[a][b]acrossfade=d=2[out]",
            *M4A,
            "theirs.m4a",
        ),
        params={"crossfade": 2},
    ),
    "level": Case(
        merge="concat_audio",
        files=("voice.mp3", "music.wav"),
        extension="m4a",
        command=levelled,
        params={"level": True},
    ),
    "mix and duck": Case(
        merge="mix_audio",
        files=("voice.mp3", "music.wav"),
        extension="m4a",
        command=lambda files: one(
            files,
            f"[0:a]{STEREO},asplit[a][key];[1:a]{STEREO},volume=-12dB[b];"
            "[b][key]sidechaincompress=threshold=0.004:ratio=20:mix=0.75[c];"
            "[a][c]amix=normalize=0,alimiter=limit=0.891:level=0[out]",
            *M4A,
            "theirs.m4a",
        ),
        params={"duck": 12},
    ),
    "add to a video": Case(
        merge="add_audio_track",
        files=("film.mp4", "music.wav"),
        extension="mp4",
        command=lambda files: [[*QUIET, "-i", files[0], "-i", files[1], *COPIED, "theirs.mp4"]],
    ),
}


def make(place: Path, minutes: float) -> None:
    """A voice of a half second each second in mp3, music in WAV, and a small film."""
    seconds = str(round(minutes * 60))
    voice = "aevalsrc='0.4*sin(2*PI*220*t)*lt(mod(t,1),0.5)':s=44100:d=" + seconds
    music = f"aevalsrc='0.3*sin(2*PI*440*t)|0.3*sin(2*PI*554*t)':s=44100:d={seconds}"
    film = f"testsrc=size=160x90:rate=5:d={seconds}"
    for source, name, encoder in (
        (voice, "voice.mp3", MP3),
        (music, "music.wav", ()),
        (film, "film.mp4", ("-c:v", "libx264", "-preset", "ultrafast")),
    ):
        command = [*QUIET, "-f", "lavfi", "-i", source, *encoder, name]
        subprocess.run(command, cwd=place, check=True)


def merge(name: str, place: Path) -> float:
    """Seconds that the call takes."""
    case = CASES[name]
    strategy: MergeStrategy = MERGES[case.merge]
    assert strategy.run is not None
    parts = tuple(named(each, VIDEO if each.endswith("mp4") else AUDIO) for each in case.files)
    call = Call(
        task=name,
        plugin=f"merge:{case.merge}",
        type="merge_outputs",
        model=case.merge,
        params=case.params,
        inputs={"input": parts},
        output=OutputRequest(medium=None, extension=case.extension),
        provenance=Provenance(pipeline="", step="", model="", provider="", mock=False),
    )
    tools = Tools(
        sink=Folder(place),
        report=lambda _fraction, _phase: None,
        cancelled=lambda: False,
        clock=time.monotonic,
        secret=lambda _name: None,
    )
    started = time.process_time()
    strategy.run(call, tools)
    return time.process_time() - started


def ours(name: str, place: Path) -> tuple[float, float]:
    """Seconds, and MB at the peak of a process of its own."""
    child = subprocess.Popen(
        [sys.executable, __file__, "--child", name, str(place)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, name
    return json.loads(told), usage.ru_maxrss / 1024


def theirs(name: str, place: Path) -> float:
    case = CASES[name]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in case.command(case.files):
        subprocess.run(command, cwd=place, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(lengths: list[float]) -> None:
    if shutil.which("ffmpeg") is None:
        print("skipped: there is no ffmpeg command to compare with")
        return
    for minutes in lengths:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            make(place, minutes)
            for name in CASES:
                seconds, peak = ours(name, place)
                command = theirs(name, place)
                print(
                    f"{minutes:4g} min  {name:15} {seconds:6.2f} s, ffmpeg {command:6.2f} s,"
                    f" ratio {seconds / command:4.2f} (aim {AIM}), peak {peak:4.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(merge(sys.argv[2], Path(sys.argv[3]))))
    else:
        main([float(each) for each in sys.argv[1:]] or [1, 20])

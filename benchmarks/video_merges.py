"""Each merge of videos against the ffmpeg program with the same encoder settings, and its memory.

python benchmarks/video_merges.py [SECONDS]
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from noop import now

MERGE = """\
import resource, sys
sys.path.insert(0, "tests")
from importlib import import_module
from pathlib import Path
from support.sinks import call_of, tools_in
from aipipe.contracts.artefact import ArtefactRef
name, folder, params, *files = sys.argv[1:]
tools = tools_in(Path(folder))
merge = import_module(f"aipipe.merges.{name}").MERGE
media = {"png": "image", "wav": "audio"}
parts = tuple(
    ArtefactRef(sha256=stem, medium=media.get(end, "video"), extension=end, bytes=1)
    for stem, end in (file.split(".") for file in files)
)
merge.run(call_of("merge:" + name, inputs={"input": parts}, params=eval(params)), tools)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
ENCODER = "-c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p -movflags +faststart"
FITTED = (
    "scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2,"
    "pad=1280:720:-1:-1,setsar=1,fps=30,format=yuv420p"
)
SOURCES = {
    "a.mp4": "-f lavfi -i testsrc2=s=1280x720:r=24:d={s} -f lavfi -i sine=d={s} -c:a aac",
    "b.mp4": "-f lavfi -i testsrc2=s=720x960:r=30:d={s}",
    "c.mp4": "-f lavfi -i testsrc2=s=960x540:r=25:d={s} -f lavfi -i sine=f=880:d={s} -c:a aac",
}
SUBPIXEL = "scale=5120:2880"
"""`zoompan` moves by whole pixels of what it gets: of pictures four times as large, by quarters."""
AIM, FLAT = 1.3, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A merge, its parameters, its parts, and the same said to ffmpeg."""

    merge: str
    files: Sequence[str]
    graph: str
    params: dict[str, object] = field(default_factory=dict)
    maps: str = "-map [v] -map [a] -c:a aac"
    inputs: str = "-i a.mp4 -i b.mp4 -i c.mp4"


def cases(seconds: int) -> list[Case]:
    """What is compared."""
    films = tuple(SOURCES)
    each = ";".join(f"[{n}:v]{FITTED}[v{n}]" for n in range(3))
    mono = "aformat=channel_layouts=mono"
    sound = f"aevalsrc=0:d={seconds}[s];[0:a]{mono}[l];[2:a]{mono}[r]"
    faded = (
        f"[v0][v1]xfade=duration=1:offset={seconds - 1}[x];"
        f"[x][v2]xfade=duration=1:offset={2 * seconds - 2}[v];"
        "[l][s]acrossfade=d=1:c1=tri:c2=tri[y];[y][r]acrossfade=d=1:c1=tri:c2=tri[a]"
    )
    row = (
        "[0:v]scale=1280:720,setsar=1,fps=30,format=yuv420p[v0];"
        "[1:v]scale=540:720,setsar=1,fps=30,format=yuv420p[v1];"
        "[2:v]scale=1280:720,setsar=1,fps=30,format=yuv420p[v2];"
        "[v0][v1][v2]xstack=inputs=3:layout=0_0|w0_0|w0+w1_0[v]"
    )
    grid = f"{each};[v0][v1][v2]xstack=inputs=3:layout=0_0|w0_0|0_h0:fill=black[v]"
    first = "-map [v] -map 0:a -c:a aac"
    slides = ";".join(
        f"[{n}:v]{SUBPIXEL},"
        f"zoompan=z='1+0.18*on/{seconds * 24}':d={seconds * 24}:s=1280x720:fps=24[v{n}]"
        for n in range(3)
    )
    still = ";".join(f"[{n}:v]{FITTED}[v{n}]" for n in range(3))
    shown = "-i 0.png -i 1.png -i 2.png -i 0.wav -i 1.wav -i 2.wav"
    return [
        Case(
            merge="concat_video",
            files=films,
            graph=f"{each};{sound};[v0][l][v1][s][v2][r]concat=n=3:v=1:a=1[v][a]",
            params={},
        ),
        Case(
            merge="concat_video",
            files=films,
            graph=f"{each};{sound};{faded}",
            params={"crossfade": 1},
        ),
        Case(
            merge="stack_video",
            files=films,
            graph=row,
            params={"labels": False, "fps": 30},
            maps=first,
        ),
        Case(
            merge="stack_video",
            files=films,
            graph=grid,
            params={"layout": "grid", "columns": 2, "labels": False},
            maps=first,
        ),
        Case(
            merge="slideshow",
            files=("0.png", "1.png", "2.png", "0.wav", "1.wav", "2.wav"),
            graph=f"{slides};[v0][3:a][v1][4:a][v2][5:a]concat=n=3:v=1:a=1[v][a]",
            params={"move": "ken_burns", "size": "1280x720"},
            inputs=shown,
        ),
        Case(
            merge="slideshow",
            files=("0.png", "1.png", "2.png", "0.wav", "1.wav", "2.wav"),
            graph=f"{still};[v0][3:a][v1][4:a][v2][5:a]concat=n=3:v=1:a=1[v][a]",
            params={"move": "none", "size": "1280x720", "fps": 30},
            inputs=" ".join(
                [
                    *(f"-loop 1 -framerate 30 -t {seconds} -i {n}.png" for n in range(3)),
                    *(f"-i {n}.wav" for n in range(3)),
                ]
            ),
        ),
    ]


def made(folder: Path, seconds: int) -> None:
    """The inputs, in a folder."""
    for name, source in SOURCES.items():
        _ffmpeg(folder, f"{source.format(s=seconds)} {ENCODER} {name}")
    for number in range(3):
        _ffmpeg(folder, f"-f lavfi -i testsrc2=s=1536x864 -frames:v 1 {number}.png")
        _ffmpeg(folder, f"-f lavfi -i sine=f={440 + 110 * number}:r=22050:d={seconds} {number}.wav")


def _ffmpeg(folder: Path, words: str) -> None:
    command = ["ffmpeg", "-v", "error", "-y", *words.split()]
    subprocess.run(command, cwd=folder, check=True)


def cpu() -> float:
    """Seconds of processor time of all processes that have ended: a busy machine adds none."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def theirs(case: Case, folder: Path) -> tuple[float, float]:
    """Seconds that ffmpeg takes, by the clock and of processor time."""
    started, before = now(), cpu()
    command = ["ffmpeg", "-v", "error", "-y", *case.inputs.split(), "-filter_complex", case.graph]
    words = f"{case.maps} {ENCODER} out.mp4".split()
    subprocess.run([*command, *words], cwd=folder, check=True)
    return now() - started, cpu() - before


def ours(case: Case, folder: Path) -> tuple[float, float, int]:
    """The same of the merge in a process of its own, and its peak memory in MB."""
    started, before = now(), cpu()
    words = [case.merge, str(folder), repr(case.params), *case.files]
    done = subprocess.run(
        [sys.executable, "-c", MERGE, *words], check=True, capture_output=True, text=True
    )
    return now() - started, cpu() - before, int(done.stdout)


def main(seconds: int) -> None:
    if shutil.which("ffmpeg") is None:
        sys.exit("this compares with the ffmpeg program, which is not on the path: install it")
    with tempfile.TemporaryDirectory() as short, tempfile.TemporaryDirectory() as long:
        made(Path(short), seconds)
        made(Path(long), seconds * 10)
        for case, longer in zip(cases(seconds), cases(seconds * 10), strict=True):
            best, needed = map(
                min, zip(*(theirs(case, Path(short)) for _ in range(2)), strict=True)
            )
            took, used, peak = map(
                min, zip(*(ours(case, Path(short)) for _ in range(2)), strict=True)
            )
            print(
                f"{case.merge} {case.params or ''}: {took:.2f} s, ffmpeg {best:.2f} s: "
                f"{took / best:.2f} (aim {AIM}); processor {used:.2f} s, ffmpeg {needed:.2f} s: "
                f"{used / needed:.2f}; {peak} MB",
                flush=True,
            )
            _, _, later = ours(longer, Path(long))
            print(f"  ten times as long: {later} MB (aim {peak} + {FLAT})", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)

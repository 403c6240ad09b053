"""What can be measured of a video, in words."""

from collections.abc import Iterator
from pathlib import Path

from aipipe.media import film_facts, film_stills, look

_PLACES = {"low": (0.5,), "auto": (0.5,), "high": (0.1, 0.5, 0.9)}
"""Where single pictures are looked at, as shares of the length, by how much is to be told."""


def report(path: Path, *, question: str | None, stands_for: str | None, detail: str) -> str:
    """The facts of a video file, a line each, labelled as measured.

    Raises:
        StepError: `media.unreadable`.
    """
    facts = film_facts.facts_of(path, "the video")
    by = f"in the place of '{stands_for}'" if stands_for else "by the embedded engine"
    lines = [f"Video facts, measured {by}; no model has watched it"]
    if question:
        lines.append(f"Question: {' '.join(question.split())}")
    lines += _facts(facts)
    if detail != "low":
        lines += _pictures(path, facts, _PLACES.get(detail, _PLACES["auto"]))
    return "\n".join(lines) + "\n"


def _facts(facts: film_facts.Facts) -> Iterator[str]:
    yield f"Length: {facts.seconds:.2f} s"
    yield f"Size: {facts.width} x {facts.height} pixels"
    yield f"Pictures a second: {float(facts.rate):g}"
    sound = facts.sound
    channels = {1: "mono", 2: "stereo"}
    told = "none" if sound is None else f"{channels[sound.channels]}, {sound.rate} Hz"
    yield f"Sound: {told}"


def _pictures(path: Path, facts: film_facts.Facts, shares: tuple[float, ...]) -> Iterator[str]:
    times = [facts.seconds * share for share in shares]
    for time, picture in zip(times, film_stills.stills(path, times, facts), strict=False):
        for line in look.appearance(picture):
            yield f"At {time:.1f} s: {line}"

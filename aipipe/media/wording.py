"""Texts by template: labelled as such, the same every time, no model's work."""

import hashlib
import re
from dataclasses import dataclass

ANSWERS = (
    "Begin with what matters most, and leave out what nobody would miss.",
    "One clear picture says more than three that compete.",
    "Show the place first, then the person, then what changes.",
    "Keep the light low and the movement slow.",
    "Let one detail carry the feeling: a hand, a window, a sound.",
    "End where it began, with one thing different.",
    "Say it once, plainly, and let it stand.",
    "Give the eye somewhere to rest.",
)
MOVES = {
    "short": "one slow push in",
    "medium": "a slow push in, then a gentle drift to the side",
    "long": "a wide view, a slow push in, a drift to the side, and a last still frame",
}
FRAMING = {
    "video": "smooth camera movement, natural motion, steady exposure",
    "image": "one clear subject, balanced composition, fine detail",
    "audio": "clear foreground, soft background, no sudden changes",
}
LONGEST_ECHO = 400


def label(model: str | None) -> str:
    """The words that say where a text comes from. `model` is whose place it takes, if any."""
    place = f" in the place of '{model}'" if model else ""
    return f"[template of the local engine{place}, not a model's answer]"


def answer(prompt: str, instructions: str, seed: int, model: str | None) -> str:
    """A text in answer to a prompt: its echo, and three sentences that the prompt picks."""
    lines = [label(model), f"Asked: {_short(prompt)}"]
    if instructions:
        lines.append(f"Told to: {_short(instructions)}")
    return "\n".join([*lines, *_picked(f"{seed}\n{instructions}\n{prompt}")])


def limited(text: str, words: int | None) -> str:
    """At most so many words of a text, its lines kept."""
    if words is None:
        return text
    found = list(re.finditer(r"\S+", text))
    return text if len(found) <= words else text[: found[words - 1].end()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a prompt is wanted for."""

    subject: str
    target: str
    """`video`, `image` or `audio`."""
    style: str = ""
    background: str = ""
    length: str = "medium"
    """`short`, `medium` or `long`: how much should happen."""
    colours: tuple[str, ...] = ()


def prompt_for(brief: Brief, model: str | None) -> str:
    """A prompt for a picture, a video or a sound, in one line."""
    moves = MOVES.get(brief.length, MOVES["medium"]) if brief.target == "video" else ""
    palette = f"in {' and '.join(brief.colours)}" if brief.colours else ""
    parts = (
        _short(brief.subject),
        f"{brief.style} style" if brief.style else "",
        palette,
        moves,
        FRAMING.get(brief.target, FRAMING["video"]),
        _short(brief.background),
    )
    return f"{', '.join(part for part in parts if part)} {label(model)}"


def _picked(key: str) -> list[str]:
    """Three different sentences."""
    drawn = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    left = list(ANSWERS)
    return [left.pop(drawn[place] % len(left)) for place in range(3)]


def _short(text: str) -> str:
    """One line of it."""
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= LONGEST_ECHO else f"{line[:LONGEST_ECHO].rstrip()}…"

"""Validating a file of 10,000 lines with every model of the catalogue, beyond start-up.

python benchmarks/validate.py [LINES]
"""

import sys
from itertools import cycle, islice
from pathlib import Path

from noop import folder, now

from aipipe.app import discover
from aipipe.app.check import check
from aipipe.app.options import Options
from aipipe.catalog.model import Model, ModelParam

LINES_A_STEP = 7


def steps(count: int, files: dict[str, str]) -> str:
    """That many steps, each model of each type in turn."""
    catalog, registry = discover.catalog(), discover.registry()
    pairs = [(t, m) for t in registry.steps for m in catalog.of_type(t)]
    lines: list[str] = []
    for number, (kind, model) in enumerate(islice(cycle(pairs), count)):
        needed = {s.name: s.medium for s in registry.steps[kind].slots if s.required}
        params = {name: files.get(medium, "some words") for name, medium in needed.items()}
        params |= {w: value(p, model, files) for w, p in model.params.items() if p.required}
        lines += [
            f"      - type: {kind}",
            f"        id: step_{number}",
            f"        model: {model.name}",
            "        on_error: continue",
            "        retry: {max_attempts: 2}",
            "        timeout: 10m",
            f"        params: {{{', '.join(f'{k}: {v}' for k, v in params.items())}}}",
        ]
    return "steps:\n  - type: parallel_group\n    parallel_steps:\n" + "\n".join(lines) + "\n"


def value(param: ModelParam, model: Model, files: dict[str, str]) -> str:
    """What a parameter that can't be left out takes."""
    voices = discover.catalog().voices.get(model.provider, {})
    match param.schema:
        case {"enum": [first, *_]}:
            return f'"{first}"'
        case {"type": "array"}:
            return f"[{files['image']}]"
        case _ if param.word == "voice" and voices:
            return next(iter(voices))
        case _:
            return files.get(param.file or "", "some words")


def main(lines: int) -> None:
    with folder() as place:
        files = {"image": "a.png", "audio": "a.mp3", "video": "a.mp4"}
        for name in files.values():
            Path(place, name).write_bytes(b"")
        pipeline = Path(place, "long.yaml")
        pipeline.write_text(steps(lines // LINES_A_STEP, files))
        check(Options(file=str(_small(place))))
        started = now()
        checked = check(Options(file=str(pipeline)))
        took = now() - started
    wrong = [d.message for d in checked.diagnostics if d.severity == "error"]
    print(f"{lines} lines in {took:.2f} s on top of start-up (aim 1.0)")
    print(f"{len(wrong)} of its steps are at fault: {wrong[:2]}")


def _small(place: str) -> Path:
    small = Path(place, "small.yaml")
    small.write_text("steps: [{type: text_to_text, model: local, params: {prompt: hi}}]\n")
    return small


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

"""Start-up: `aipipe --version` and `aipipe validate` against bare Python and a small Typer program.

python benchmarks/startup.py
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 15
COMPILED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""As on any machine that has run the program once: its modules are compiled."""
TYPER_PROGRAM = """
import typer, yaml, jsonschema
app = typer.Typer()
@app.command()
def main(path: str) -> None:
    jsonschema.Draft7Validator({"type": "object"}).validate(
        yaml.load(open(path), Loader=yaml.CSafeLoader))
    print("ok")
app()
"""
STEP = "  - {type: text_to_speech, model: local, params: {voice: rachel, text: hello}}\n"


def seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True, env=COMPILED)
    return time.perf_counter() - started


def paired(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[float, float, float]:
    """Medians of both in seconds, and the median of the ratios, run in turn."""
    seconds(*ours), seconds(*theirs)
    pairs = [(seconds(*ours), seconds(*theirs)) for _ in range(RUNS)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def show(what: str, aim: float, figures: tuple[float, float, float]) -> None:
    ours, theirs, ratio = figures
    print(f"{what}: {ours * 1000:.0f} ms / {theirs * 1000:.0f} ms = {ratio:.2f} (aim {aim})")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pipeline, program = Path(folder, "p.yaml"), Path(folder, "p.py")
        pipeline.write_text("name: small\nprompt: hello\nsteps:\n" + STEP * 27)
        program.write_text(TYPER_PROGRAM)
        show("--version", 2.5, paired(("-m", "aipipe", "--version"), ("-c", "pass")))
        validate = ("-m", "aipipe", "validate", str(pipeline))
        show("validate", 1.3, paired(validate, (str(program), str(pipeline))))


if __name__ == "__main__":
    main()

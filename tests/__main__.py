"""The one test command: lint, types, the table of imports, and every test.

python -m tests            all of it
python -m tests -k voices  only pytest, with these arguments
"""

import subprocess
import sys

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
TESTS = ("pytest", "-q", "-n", "4", "--cov", "--cov-report=term")


def main(arguments: list[str]) -> int:
    """The first exit code that is not 0."""
    if arguments:
        return run("pytest", *arguments)
    for command in (*CHECKS, TESTS):
        code = run(*command)
        if code != 0:
            return code
    return 0


def run(tool: str, *arguments: str) -> int:
    """The exit code of a tool of this environment."""
    print(f"$ {tool} {' '.join(arguments)}", flush=True)  # noqa: T201 (a command's own log)
    if tool == "lint-imports":
        module = ["-c", "from importlinter.cli import lint_imports_command as c; c()"]
    else:
        module = ["-m", tool]
    return subprocess.run([sys.executable, *module, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

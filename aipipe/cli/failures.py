"""What is said when a command ends before its work began: words for people, or JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aipipe.cli import annotations, diagnostics
from aipipe.cli.diagnostics import Look
from aipipe.cli.text import clean, wrapped
from aipipe.contracts.artefact import Json
from aipipe.errors import AipipeError, CapError, DeclinedError, ExitCode, PipelineFaultsError
from aipipe.language.diagnostics import Diagnostic, Severity

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the command line asks to be told, read even where it can't be parsed."""

    json: bool
    color: str
    verbose: bool


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> Wanted:
    """What these arguments, and the variables behind them, ask for."""
    words = list(arguments)
    form = _value("--format", words) or environment.get("AIPIPE_FORMAT", "")
    color = _value("--color", words) or environment.get("AIPIPE_COLOR", "auto")
    return Wanted(
        json="--json" in words or form == "json" or _is_set(environment.get("AIPIPE_JSON")),
        color="never" if "--no-color" in words else color,
        verbose="--verbose" in words
        or any(word.startswith("-v") for word in words)
        or _is_set(environment.get("AIPIPE_VERBOSE")),
    )


def _value(option: str, words: list[str]) -> str | None:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == option:
            return following
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


def _is_set(text: str | None) -> bool:
    return (text or "0").lower() not in {"0", "false", "no", "off", ""}


def rendered(error: AipipeError, look: Look, *, strict: bool = False) -> str:
    """The message as it stands on the screen, its hints below it."""
    if isinstance(error, PipelineFaultsError):
        return _faults(_diagnostics(error), look, strict=strict)
    if isinstance(error, DeclinedError):
        return f"declined · {error.nothing} · exit 2"
    tail = " · nothing ran, nothing spent · exit 3" if isinstance(error, CapError) else ""
    return message(error.message + tail, error.hints, look)


def message(text: str, hints: Sequence[str], look: Look) -> str:
    """`error: …` with hints below."""
    word = "error:"
    lines = [f"{look.paint('bold red', word)} {_fitted(text, look, len(word) + 1)}"]
    return "\n".join([*lines, *(f"  {_fitted(hint, look, 2)}" for hint in hints)])


def _fitted(text: str, look: Look, taken: int) -> str:
    return wrapped(clean(text), look.columns, taken=taken)


def _faults(found: Sequence[Diagnostic], look: Look, *, strict: bool) -> str:
    between = "\n\n" if len(found) > 1 else "\n"
    return f"{diagnostics.render(found, look)}{between}{diagnostics.closing(found, strict=strict)}"


def _diagnostics(error: PipelineFaultsError) -> list[Diagnostic]:
    return [fault for fault in error.faults if isinstance(fault, Diagnostic)]


def as_json(error: AipipeError) -> str:
    """The object that `--json` prints in the place of a run's."""
    return document(error.exit_code, _errors(error))


def document(exit_code: ExitCode, errors: Sequence[Mapping[str, Json]]) -> str:
    """A failed command's object: `{schema_version, status, exit_code, errors}`."""
    status = "refused" if exit_code is ExitCode.CAP else "failed"
    found: dict[str, Json] = {
        "schema_version": SCHEMA_VERSION,
        "status": status,
        "exit_code": int(exit_code),
        "errors": [dict(each) for each in errors],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _errors(error: AipipeError) -> list[dict[str, Json]]:
    if isinstance(error, PipelineFaultsError):
        return [annotations.as_json(found) for found in _diagnostics(error)]
    return [plain(error.code, error.message, error.hints)]


def plain(code: str, text: str, hints: Sequence[str]) -> dict[str, Json]:
    """An error that stands at no place of a file."""
    return {
        "severity": Severity.ERROR.value,
        "code": code,
        "message": text,
        "file": None,
        "line": None,
        "column": None,
        "hints": list(hints),
    }

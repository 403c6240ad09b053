"""All codes, by kind and by name."""

from collections.abc import Mapping
from typing import Final

from aipipe.contracts.codes.code import Code, Kind
from aipipe.contracts.codes.commands import COMMANDS
from aipipe.contracts.codes.file import FILE
from aipipe.contracts.codes.plans import PLANS
from aipipe.contracts.codes.providers import PROVIDERS
from aipipe.contracts.codes.runs import RUNS
from aipipe.contracts.codes.syntax import SYNTAX
from aipipe.contracts.codes.work import WORK

KINDS: Final = (PROVIDERS, RUNS, WORK, SYNTAX, FILE, PLANS, COMMANDS)
CODES: Final[Mapping[str, Code]] = {each.code: each for kind in KINDS for each in kind.codes}


def kind_of(code: str) -> Kind:
    """Where a code that is in the registry belongs."""
    return next(kind for kind in KINDS if CODES[code] in kind.codes)

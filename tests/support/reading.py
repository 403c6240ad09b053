"""What reading a text that is no pipeline comes to."""

from collections.abc import Callable

import pytest

from aipipe.errors import PipelineFaultsError
from aipipe.language.diagnostics import Diagnostic


def refused(read: Callable[[], object]) -> list[Diagnostic]:
    """The faults for which a text is not read."""
    with pytest.raises(PipelineFaultsError) as raised:
        read()
    return [fault for fault in raised.value.faults if isinstance(fault, Diagnostic)]

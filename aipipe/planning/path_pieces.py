"""A path of the plan as a piece of a file name."""

import re
from typing import Final

from aipipe.planning.outputs import safe_piece

_CELL: Final = re.compile(r"\[([^\]]*)\]")
"""The cell of a matrix in a path."""
_BETWEEN: Final = re.compile(r"\.(?![^\[\]]*\])")
"""A dot of a path that is not inside a cell."""


def piece_of(path: str) -> str:
    """`pictures[model=flux_dev,seed=7].2` is `pictures-flux_dev-7-2`; items are not in it."""
    return safe_piece(_CELL.sub(_words_of_cell, _BETWEEN.sub("-", path.replace("[]", ""))))


def _words_of_cell(cell: re.Match[str]) -> str:
    return "".join(f"-{pair.partition('=')[2]}" for pair in cell[1].split(","))

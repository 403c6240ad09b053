"""A terminal of a few words: what stands on it after text and cursor movements."""

import io
import re

_PART = re.compile(r"\x1b\[(\??\d*(?:;\d+)*)([A-Za-z])|(\r)|(\n)|([^\x1b\r\n]+)")


class Terminal(io.StringIO):
    """A stream that says it is a terminal of this size."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def shown(written: str) -> list[str]:
    """The rows of a tall terminal, without the empty ones at the end."""
    rows, row, column = [""], 0, 0
    for argument, command, back, down, text in _PART.findall(written):
        if back:
            column = 0
        elif down:
            row, column = row + 1, 0
            rows.extend([""] * (row + 1 - len(rows)))
        elif text:
            line = rows[row].ljust(column)
            rows[row] = line[:column] + text + line[column + len(text) :]
            column += len(text)
        elif command == "A":
            row = max(0, row - int(argument or 1))
        elif command == "K":
            rows[row] = ""
    while rows and not rows[-1].strip():
        rows.pop()
    return [line.rstrip() for line in rows]

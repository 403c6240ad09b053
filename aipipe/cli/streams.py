"""The standard streams of the process, before a command and after it."""

import os
import sys


def open_all() -> None:
    """Something to read and write where the caller closed a stream (`>&-`)."""
    for name, flag in (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            mode = "r" if flag == os.O_RDONLY else "w"
            setattr(sys, name, os.fdopen(os.open(os.devnull, flag), mode, encoding="utf-8"))


def flushed(code: int) -> int:
    """The code, after all is written; a reader that went away is no failure."""
    try:
        sys.stdout.flush()
    except OSError:  # what could not be written stays unwritten, and has been told
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(code)

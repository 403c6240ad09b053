"""Signals: the first asks the run to stop, the second ends the process at once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


@contextmanager
def listening(interrupt: Callable[[str], None], abort: Callable[[], None]) -> Iterator[None]:
    """While inside, the first SIGINT, SIGTERM or SIGHUP calls `interrupt` with its name.

    A second one calls `abort`, which gives the terminal back, and ends the process without
    waiting for anything: its workers end when their pipes break.
    """
    asked = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        del frame
        name = signal.Signals(number).name
        if asked:
            abort()
            os._exit(_CODES[name])
        asked = True
        interrupt(name)

    known = [each for name in _CODES if (each := getattr(signal, name, None)) is not None]
    before = {each: signal.getsignal(each) for each in known}
    for each in known:
        if before[each] != signal.SIG_IGN:  # nohup stays nohup
            signal.signal(each, on_signal)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

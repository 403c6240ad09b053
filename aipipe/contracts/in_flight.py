"""What becomes of calls in flight when their results are not waited for."""

from enum import StrEnum


class Running(StrEnum):
    """What becomes of calls in flight when a run is stopped."""

    FINISH = "finish"
    LEAVE = "leave"
    """Remote jobs go on by themselves, and the next run collects them; local calls stop."""
    CANCEL = "cancel"

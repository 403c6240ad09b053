"""A call that its run asks to send, and what the user says of calls that are not simply sent."""

from dataclasses import dataclass

from aipipe.contracts.outcome import Problem
from aipipe.memory.keys import Keys
from aipipe.running.instructions import Intent, NotTaken
from aipipe.running.loop import Inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the user says of calls that are not simply sent."""

    sends_doubtful: bool = False
    """Calls that may have been paid for are sent again …"""
    most_doubtful: int | None = None
    """… as long as they cost no more than this together, in nano-dollars; None: any."""
    buys_again: bool = False
    """What was paid for and is gone is bought again."""
    sends_refused: bool = False
    """What moderation refused is sent again."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One intent that is asked for."""

    intent: Intent
    keys: Keys
    inbox: Inbox
    after: int = 0
    """The newest call with its key that was looked at, and does not stand in."""

    @property
    def ticket(self) -> int:
        """Of its task."""
        return self.intent.ticket

    def refuse(self, problem: Problem | None) -> None:
        """Tell that it is not sent; None: it is to be asked for again after a while."""
        self.inbox.put(NotTaken(self.ticket, problem))

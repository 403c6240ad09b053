"""A block of lines at the bottom of a terminal, which stays whole when the terminal is resized."""

from collections.abc import Callable, Iterator

from rich.console import Console, ConsoleOptions, ConsoleRenderable
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType, Segment

from aipipe.cli.live_lines import Line
from aipipe.cli.text import width


class _Lines:
    """The block as Rich sees it; remembers how wide what it drew was."""

    def __init__(self, draw: Callable[[int, int], list[Line]]) -> None:
        self._draw = draw
        self.drawn: list[int] = []

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        size = options.size
        drawn = self._draw(max(20, size.width - 1), size.height)
        self.drawn = [sum(width(text) for _, text in line) for line in drawn]
        for line in drawn:
            for style, text in line:
                if text:
                    yield Segment(text, console.get_style(style) if style else None)
            yield Segment.line()

    def extra_rows(self, columns: int) -> int:
        """How many rows more a terminal of this width shows it in, having wrapped its lines."""
        return sum((each - 1) // columns for each in self.drawn if each > columns)


class Block(Live):
    """Draws only when told to, and is gone when it stops."""

    def __init__(self, console: Console, draw: Callable[[int, int], list[Line]]) -> None:
        self._lines = _Lines(draw)
        super().__init__(
            self._lines,
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=True,
            vertical_overflow="crop",
        )

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """What Rich prints, after going up over the rows that a narrower terminal has wrapped."""
        extra = self._lines.extra_rows(self.console.size.width)
        up = ((ControlType.ERASE_IN_LINE, 2), (ControlType.CURSOR_UP, 1)) * extra
        drawn = super().process_renderables(renderables)
        return [Control(*up), *drawn] if extra else drawn

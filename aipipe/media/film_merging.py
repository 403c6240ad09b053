"""A merge whose result is a film: its parts are read, and it is written and kept."""

from collections.abc import Callable

from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import VIDEO
from aipipe.contracts.tools import Tools
from aipipe.media import film_writing, filming
from aipipe.media.film_writing import Film
from aipipe.media.reencode import Watch


def produced(call: Call, tools: Tools, film: Callable[[Call, Tools], Film]) -> Produced:
    """The film that `film` makes of a call's parts, as its one artefact.

    Raises:
        StepError: what reading its parts raises.
        CancelledError: nothing is left behind.
    """
    tools.report(0.0, "reading")
    shown = film(call, tools)
    path = tools.sink.scratch(filming.extension_for(call.output))
    film_writing.write(shown, path, Watch(report=tools.report, cancelled=tools.cancelled))
    return Produced(artefacts=(tools.sink.adopt(path, VIDEO),))

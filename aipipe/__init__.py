"""Run YAML pipelines over generative-media models.

`aipipe.run` runs a pipeline and gives its `Summary`; `aipipe.run_async` does the same for
callers with an event loop. Everything heavy is imported when it is first used.
"""

from typing import TYPE_CHECKING

from aipipe.version import __version__

if TYPE_CHECKING:
    from aipipe.api import run, run_async

__all__ = ["__version__", "run", "run_async"]


def __getattr__(name: str) -> object:
    """The API, imported when it is asked for: `aipipe --version` must not wait for it."""
    if name in {"run", "run_async"}:
        from aipipe import api  # noqa: PLC0415 (see above)

        return getattr(api, name)
    raise AttributeError(f"module 'aipipe' has no attribute '{name}'")

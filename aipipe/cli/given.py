"""Words of the command line taken as they are.

The library validates every value with a package that takes 70 ms to import; texts, which is all
that our commands ask for, need no validation.
"""

from collections.abc import Iterable
from typing import Any


class _AsGiven:
    """Takes what is a text already; asks the library about the rest."""

    def __init__(self, descriptor: Any) -> None:
        self._descriptor = descriptor

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value, of the type that the command asks for."""
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        if _fits(value, self._descriptor.annotation):
            return list(value) if many else value
        from typer._coercion import build_runtime_param  # noqa: PLC0415 (what this file spares)

        return build_runtime_param(self._descriptor).coerce(value, param=param, ctx=ctx)


def _fits(value: Any, annotation: Any) -> bool:
    if annotation == list[str]:
        return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    return annotation in {str, int, bool} and type(value) is annotation


def taken_as_given(params: Iterable[Any]) -> list[Any]:
    """The same parameters, which no longer need that package.

    The library keeps its validator in a private place. A version that keeps it elsewhere
    validates as it always did, and only the time is lost.
    """
    found = list(params)
    for param in found:
        param.envvar_list_splitter = "\n"  # a variable holds one value a line: names have spaces
        facts = vars(param)
        if "type_descriptor" in facts and facts.get("_runtime_param", param) is None:
            param._runtime_param = _AsGiven(facts["type_descriptor"])  # noqa: SLF001 (see above)
    return found

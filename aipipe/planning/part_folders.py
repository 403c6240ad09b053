"""The folder, inside the run's, that the files go to which a used pipeline names."""

from aipipe.planning.bindings import Binding, Const, FromItem
from aipipe.planning.path_pieces import piece_of
from aipipe.planning.scopes import Scope, outwards


def folder(scope: Scope) -> tuple[Binding, ...]:
    """`intro/`, among the items of a batch `intros-17/`; nothing for the run's own pipeline."""
    home = scope.home
    if home.part is None:
        return ()
    keys = [FromItem(up, "key") for up in reversed(range(inner_batches(scope), batches(scope)))]
    return (
        Const(piece_of(home.path)),
        *(part for key in keys for part in (Const("-"), key)),
        Const("/"),
    )


def inner_batches(scope: Scope) -> int:
    """How many batches of its own pipeline a scope is in."""
    return batches(scope) - batches(scope.home)


def batches(scope: Scope | None) -> int:
    """How many batches a scope is in."""
    return sum(each.kind == "batch" for each in outwards(scope))

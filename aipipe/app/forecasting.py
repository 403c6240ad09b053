"""The forecast of a file: what this ledger's earlier runs mean for its next one. Reads only."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from aipipe.app.asked import Choices
from aipipe.app.downloads import Downloads
from aipipe.app.earlier import Earlier
from aipipe.app.foreseeing import Question, foresee
from aipipe.app.hashed_files import HashedFiles, unseen
from aipipe.app.options import Options
from aipipe.app.resuming import unfinished, was_fresh
from aipipe.app.setting import Setting
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Run
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.records import of_run
from aipipe.memory.store import Store
from aipipe.planning.forecast import Forecast
from aipipe.planning.plan import Plan, Task
from aipipe.planning.select import redone
from aipipe.running.desk import nano


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What there was before a run."""

    run: Run | None = None
    """The run that is gone on with; None: a new one begins."""
    already: int = 0
    """What it has spent and holds, in nano-dollars."""
    forecast: Forecast | None = None
    """None: nothing of this plan was ever paid for."""
    known: frozenset[str] = frozenset()
    """The keys of calls that an earlier one stands in for."""

    @property
    def fresh(self) -> bool:
        """Whether it asked for everything anew."""
        return self.run is not None and was_fresh(self.run)


def look_back(
    plan: Plan,
    options: Options,
    world: Setting,
    home: Path,
    output: Path,
    *,
    downloads: Downloads | None = None,
) -> Before:
    """What earlier runs mean for a plan; without `downloads` files at addresses count as new.

    Raises:
        LedgerError: the ledger can't be used.
        RunTakenError: another process is carrying out the run that this would go on with.
    """
    with reading(Place(home=home)) as ledger:
        if ledger is None:
            return Before()
        run = unfinished(options, output, ledger, partial(is_alive, home))
        total = None if run is None else ledger.total(of_run(run.id).name)
        before = Before(run=run, already=0 if total is None else total.spent + total.held)
        models = {task.model for task in plan.tasks if task.is_remote}
        if not ledger.has_calls(models):
            return before
        earlier = _earlier(ledger, run, world, home, HashedFiles(downloads))
        seen = foresee(_question(plan, options, world, before), earlier)
        return replace(before, forecast=seen.forecast(), known=frozenset(seen.keys))


def _question(plan: Plan, options: Options, world: Setting, before: Before) -> Question:
    def anew(task: Task, path: str) -> bool:
        return options.fresh or before.fresh or redone(task, path, options.redo)

    return Question(
        plan=plan,
        registry=world.registry,
        choices=choices(options),
        anew=anew,
        file=str(Path(options.file).absolute()),
    )


def choices(options: Options) -> Choices:
    """What the user says of calls that are not simply sent."""
    most = options.unconfirmed_max
    return Choices(
        sends_doubtful=options.unconfirmed == "retry",
        most_doubtful=None if most is None else nano(most),
        buys_again=options.rebuy,
        sends_refused=options.retry_refused,
    )


def _earlier(
    ledger: Reader, run: Run | None, world: Setting, home: Path, files: HashedFiles
) -> Earlier:
    store = Store(root=home / "store", probe=unseen)
    return Earlier(
        run="" if run is None else run.id,
        reader=ledger,
        files=files,
        store=store,
        use=store.path_of,
        providers=lambda name: world.registry.providers[name],
        is_alive=partial(is_alive, home),
        find=lambda _call, _since: (),
    )

"""What must hold before a run may spend or write: keys, the cap, files in the way."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from aipipe.app import cheaper
from aipipe.app.environment import is_set
from aipipe.app.options import Options
from aipipe.app.setting import Setting
from aipipe.contracts.provider import Provider
from aipipe.contracts.registry import Registry
from aipipe.errors import CapError, MissingKeyError, OutputInTheWayError, UsageError
from aipipe.language.quantities import usd
from aipipe.planning.estimate import Estimate
from aipipe.planning.outputs import OWN_FILES
from aipipe.planning.paths import known_outputs
from aipipe.planning.plan import Plan, Task
from aipipe.reporting.run_json import published_files

_ELSEWHERE = ("--output-dir  writes elsewhere",)

PER_DAY = "AIPIPE_MAX_COST_PER_DAY"


def gate(
    plan: Plan,
    priced: Estimate,
    options: Options,
    output: Path,
    world: Setting,
    *,
    already: Decimal,
) -> Decimal | None:
    """The cap that the run goes by, in USD; None: none.

    `already` is what earlier processes of the run have spent, or may have, in USD.

    Raises:
        MissingKeyError, UsageError, OutputInTheWayError, CapError: why it may not start.
    """
    check_keys(plan, options, world.registry)
    check_place(output)
    if not options.overwrite:
        check_folder(plan, output)
    return cap_of(plan, priced, options, already, lambda: _cheaper(priced, world, options))


def check_keys(plan: Plan, options: Options, registry: Registry) -> None:
    """Every provider can be called and has its key."""
    missing: dict[str, Task] = {}
    for task in _called(plan):
        if task.is_remote and not _has_key(task, registry, options.environment):
            missing.setdefault(" or ".join(_keys_of(task, registry)), task)
    if missing:
        raise _missing(missing, registry, options)
    for task in _called(plan):
        if task.plugin.startswith("provider:"):
            _check_connected(task, registry.providers[task.provider])


def _called(plan: Plan) -> Iterator[Task]:
    """Every task that may run, and what may take its place."""
    for task in (each for each in plan.tasks if each.times != 0):
        yield task
        yield from task.fallbacks


def _keys_of(task: Task, registry: Registry) -> tuple[str, ...]:
    if task.service is None:
        return registry.providers[task.provider].keys
    return () if task.service.key is None else (task.service.key.variable,)


def _has_key(task: Task, registry: Registry, environment: Mapping[str, str]) -> bool:
    keys = _keys_of(task, registry)
    return not keys or any(is_set(environment.get(key)) for key in keys)


def _missing(missing: dict[str, Task], registry: Registry, options: Options) -> MissingKeyError:
    names = [
        f"{keys} ({registry.providers[task.provider].title}, for '{task.path}')"
        for keys, task in missing.items()
    ]
    providers = dict.fromkeys(task.provider for task in missing.values())
    return MissingKeyError(
        f"no key for {', '.join(providers)}: set {' and '.join(names)}",
        hints=(
            *(each.message for each in options.notices),
            *_beside(next(iter(missing.values())), registry, options.env_file),
            "to try the pipeline without keys and without cost:  --mock",
            "aipipe doctor  shows where keys are looked for, and which are set",
        ),
    )


def _beside(task: Task, registry: Registry, file: str | None) -> tuple[str, ...]:
    """Where else a provider's key may stand; a described service's stands in the environment."""
    if file is None or task.service is not None:
        return ()
    key = registry.providers[task.provider].keys[0]
    return (f"in the environment, or as a line of '{file}':  {key}=…",)


def _check_connected(task: Task, provider: Provider) -> None:
    if provider.submit is None:
        raise UsageError(
            f"this version of aipipe can't call {provider.title} yet ('{task.path}')",
            hints=(
                "to run the pipeline with stand-ins, at no cost:  --mock",
                "model: local  uses the embedded engine",
            ),
        )


def cap_of(
    plan: Plan,
    priced: Estimate,
    options: Options,
    already: Decimal,
    advice: Callable[[], tuple[str, ...]],
) -> Decimal | None:
    """The cap: the lowest of the file's budget and `--max-cost`, else what was printed.

    `advice` is asked for more hints where the likely cost is above it.

    Raises:
        UsageError: nobody can be asked, and no figure says what a run may cost.
        CapError: the likely cost is above it.
    """
    named = [cap for cap in (plan.budget, options.max_cost) if cap is not None]
    cap = min(named, default=None)
    at_most = _at_most(priced, options)
    if options.max_cost is None and not options.asks:
        if at_most is None:
            raise UsageError(_unknown(priced), hints=_unknown_hints(priced))
        cap = at_most + already if cap is None else min(cap, at_most + already)
    likely = priced.likely if priced.likely is not None else priced.known_likely
    if cap is not None and likely and likely + already > cap and not options.partial:
        spent = f" with {_usd(already)} spent by earlier processes of this run" if already else ""
        raise CapError(
            f"likely {_usd(likely)} is above the cap of {_usd(cap)}{spent}",
            hints=(*_fits(priced, cap - already), *advice()),
        )
    return cap


def day_cap(environment: Mapping[str, str]) -> Decimal | None:
    """What all runs of a day may cost together, in USD; None: no cap.

    Raises:
        UsageError: `AIPIPE_MAX_COST_PER_DAY` is no amount.
    """
    written = environment.get(PER_DAY)
    if not written:
        return None
    amount = usd(written)
    if amount is None:
        raise UsageError(f"{PER_DAY} is '{written}', and no amount such as 5.00")
    return amount


def _at_most(priced: Estimate, options: Options) -> Decimal | None:
    if priced.at_most is not None or options.unknown_price is None:
        return priced.at_most
    total = Decimal(0)
    for line in priced.lines:
        if line.times is None:
            return None
        at_most = line.price.at_most
        total += options.unknown_price * line.times if at_most is None else at_most
    return total


def _unknown(priced: Estimate) -> str:
    names = ", ".join(f"'{path}'" for path in priced.unknown[:3])
    return f"nobody can say what this costs at most: unknown for {names}"


def _unknown_hints(priced: Estimate) -> tuple[str, ...]:
    if priced.calls is None:
        return ("--max-cost USD  sets the cap",)
    return (
        "--max-cost USD  sets the cap",
        "--unknown-price USD  says what a call without a known price costs at most",
    )


def _fits(priced: Estimate, cap: Decimal) -> tuple[str, ...]:
    lines = [(line.price.likely or Decimal(0), line.task.asked) for line in priced.lines]
    lines.sort(reverse=True)
    left = sum((amount for amount, _ in lines), Decimal(0))
    dropped: list[str] = []
    for amount, name in lines:
        if left <= cap:
            break
        left -= amount
        dropped.append(name)
    if not dropped or left <= 0:
        return ("--partial  runs what fits",)
    return (f"fits: --partial, or without {' and '.join(dropped)} {_usd(left)}",)


def _cheaper(priced: Estimate, world: Setting, options: Options) -> tuple[str, ...]:
    """`cheaper: seedream → flux_schnell saves $0.037`."""
    found = cheaper.swaps(priced, world, options)
    told = [f"{each.asked} → {each.model} saves ${each.saves:.3f}" for each in found]
    return (f"cheaper: {', '.join(told)}",) if told else ()


def _usd(amount: Decimal) -> str:
    return f"${amount:.2f}"


def check_place(output: Path) -> None:
    """The output folder can be made and written into.

    Raises:
        OutputInTheWayError: a file is in its place, or in that of a folder above it.
        UsageError: it may not be written.
    """
    there = next(each for each in (output, *output.parents) if os.path.lexists(each))
    if not os.path.isdir(there):  # noqa: PTH112 (what may not be looked at is no folder either)
        as_what = "the output folder" if there == output else f"a folder, for '{output}'"
        raise OutputInTheWayError(f"'{there}' is a file, and should be {as_what}")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"can't write into '{there}': permission denied", hints=_ELSEWHERE)


def check_folder(plan: Plan, output: Path) -> None:
    """No file stands in the way that aipipe did not write.

    Raises:
        OutputInTheWayError: one does.
    """
    check_names(known_outputs(plan), output)


def check_names(names: Iterable[str], output: Path) -> None:
    """No file of these names stands in the folder that aipipe did not write.

    Raises:
        OutputInTheWayError: one does.
    """
    if not output.is_dir():
        return
    ours = frozenset(published_files(output))
    for name in names:
        path = output / name
        if name in OWN_FILES or not path.exists():
            continue
        if path.is_dir() or (name, _hash(path)) not in ours:
            raise OutputInTheWayError(
                f"'{path}' is in the way: the last run here did not write it, or it was changed",
                hints=("--overwrite  replaces it", *_ELSEWHERE),
            )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

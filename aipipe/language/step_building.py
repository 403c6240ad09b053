"""Steps as written, made into typed ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from aipipe.contracts.artefact import Json
from aipipe.language import tolerant
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.references import expression
from aipipe.language.references import Expression
from aipipe.language.spec import (
    BatchStep,
    BrokenStep,
    ChainStep,
    GroupStep,
    MergeStep,
    ModelStep,
    OnError,
    Retry,
    SplitStep,
    StepSpec,
)

_STRUCTURAL = ("type", "model", "merge_strategy", "split_strategy")


class _Common(TypedDict):
    at: Path
    type: str
    id: str | None
    name: str | None
    needs: tuple[str, ...] | None
    input: Expression
    enabled: Expression
    on_error: OnError | None


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds steps. `broken` are the places at fault; new faults go to `faults`."""

    broken: frozenset[Path]
    retry: Retry
    faults: list[Fault]

    def steps(self, written: Json, at: Path) -> tuple[StepSpec, ...]:
        """The steps of a list, in order; duplicate ids are noted."""
        entries = written if isinstance(written, list) else []
        steps = tuple(self.step(entry, (*at, index)) for index, entry in enumerate(entries))
        self._tell_duplicates(steps)
        return steps

    def step(self, written: Json, at: Path) -> StepSpec:
        """One step."""
        if not isinstance(written, dict):
            return BrokenStep(at=at, type="")
        common = self._common(written, at)
        if self._is_broken(written, at):
            return BrokenStep(**common)
        match common["type"]:
            case "parallel_group":
                return self._group(written, common, at)
            case "batch_parallel":
                return self._batch(written, common, at)
            case "merge_outputs":
                params = self._params(written, "params", at)
                return MergeStep(**common, strategy=str(written["merge_strategy"]), params=params)
            case "split_input":
                params = self._params(written, "params", at)
                return SplitStep(**common, mode=str(written["split_strategy"]), params=params)
            case "chain":
                return ChainStep(**common, steps=self.steps(written.get("steps"), (*at, "steps")))
            case _:
                return self._model(written, common, at)

    def _is_broken(self, written: Mapping[str, Json], at: Path) -> bool:
        """Whether what the step is can't be known: its type, its model, its strategy."""
        if at in self.broken:
            return True
        return any((*at, key) in self.broken for key in _STRUCTURAL if key in written)

    def _common(self, written: Mapping[str, Json], at: Path) -> _Common:
        needs = written.get("needs")
        kind = written.get("type", "chain" if "steps" in written else "")
        return {
            "at": at,
            "type": str(kind),
            "id": self._sound(written, "id", at),
            "name": self._sound(written, "name", at),
            "needs": tuple(str(each) for each in needs) if isinstance(needs, list) else None,
            "input": expression(written.get("input"), (*at, "input"), self.faults),
            "enabled": expression(written.get("enabled", True), (*at, "enabled"), self.faults),
            "on_error": tolerant.on_error(written.get("on_error")),
        }

    def _sound(self, written: Mapping[str, Json], key: str, at: Path) -> str | None:
        value = written.get(key)
        return value if isinstance(value, str) and (*at, key) not in self.broken else None

    def _params(self, written: Mapping[str, Json], key: str, at: Path) -> Mapping[str, Expression]:
        params = written.get(key)
        if not isinstance(params, dict):
            return {}
        place = (*at, key)
        return {
            str(word): expression(value, (*place, word), self.faults)
            for word, value in params.items()
            if (*place, word) not in self.broken and not str(word).startswith("x-")
        }

    def _model(self, written: Mapping[str, Json], common: _Common, at: Path) -> StepSpec:
        model = written.get("model")
        if not isinstance(model, str):
            return BrokenStep(**common)
        provider, retry = written.get("provider"), written.get("retry")
        return ModelStep(
            **common,
            model=model,
            provider=provider if isinstance(provider, str) else None,
            params=self._params(written, "params", at),
            raw=self._params(written, "raw", at),
            price=tolerant.amount(written.get("price")),
            retry=tolerant.retry(retry, self.retry) if isinstance(retry, dict) else None,
            timeout=tolerant.seconds(written.get("timeout")),
            cache=written.get("cache") is not False,
        )

    def _group(self, written: Mapping[str, Json], common: _Common, at: Path) -> GroupStep:
        key = "parallel_steps" if "parallel_steps" in written else "steps"
        branches = self.steps(written.get(key), (*at, key))
        strategy = written.get("merge_strategy")
        return GroupStep(
            **common,
            branches=branches,
            branches_key=key,
            max_workers=tolerant.count(written.get("max_workers")),
            max_failures=_places(written.get("max_failures"), len(branches)),
            min_success=tolerant.count(written.get("min_success")),
            merge_strategy=strategy if isinstance(strategy, str) else None,
            merge_params=self._params(written, "merge_params", at),
            budget=tolerant.amount(written.get("budget")),
        )

    def _batch(self, written: Mapping[str, Json], common: _Common, at: Path) -> BatchStep:
        is_template = "step_template" in written
        if is_template:
            steps: tuple[StepSpec, ...] = (
                self.step(written["step_template"], (*at, "step_template")),
            )
        else:
            steps = self.steps(written.get("steps"), (*at, "steps"))
        failures, name = written.get("max_failures"), written.get("as")
        return BatchStep(
            **common,
            steps=steps,
            is_template=is_template,
            batch_size=tolerant.count(written.get("batch_size")),
            inputs=expression(written.get("inputs"), (*at, "inputs"), self.faults),
            as_name=name if isinstance(name, str) else None,
            max_failures=failures if isinstance(failures, int | str) else None,
            min_success=tolerant.count(written.get("min_success")),
            budget=tolerant.amount(written.get("budget")),
        )

    def _tell_duplicates(self, steps: tuple[StepSpec, ...]) -> None:
        first: dict[str, StepSpec] = {}
        for step in steps:
            if step.id is None:
                continue
            if step.id in first:
                place = " → ".join(str(part) for part in first[step.id].at)
                self.faults.append(
                    Fault(
                        code="duplicate_id",
                        message=f"two steps are called '{step.id}'",
                        at=(*step.at, "id"),
                        hints=(f"the other one is {place}",),
                    )
                )
            first.setdefault(step.id, step)


def _places(value: Json, places: int) -> int | None:
    """How many of some places may fail; a percentage is rounded down."""
    if isinstance(value, str) and value.rstrip().endswith("%"):
        return int(Decimal(value.rstrip(" %")) * places / 100)
    return tolerant.count(value)

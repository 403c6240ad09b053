"""Steps as written, made into typed ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

from aipipe.contracts.artefact import Json
from aipipe.language import policies, quantities
from aipipe.language.conditions.tree import Condition
from aipipe.language.conditions.writing import condition
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.matrix_building import matrix
from aipipe.language.references import Expression, expression
from aipipe.language.spec import (
    BatchStep,
    BrokenStep,
    ChainStep,
    GroupStep,
    Matrix,
    MergeStep,
    ModelStep,
    OnError,
    PipelineStep,
    Retry,
    SplitStep,
    StepSpec,
)

_CHOICES: Final = {
    "merge_outputs": "merge_strategy",
    "split_input": "split_strategy",
    "pipeline": "uses",
}
_DECISIVE: Final = ("type", "model", "merge_strategy", "split_strategy", "uses")
"""Keys without whose values it can't be known what a step is."""


class _Common(TypedDict):
    at: Path
    type: str
    id: str | None
    name: str | None
    needs: tuple[str, ...] | None
    input: Expression
    enabled: Expression
    on_error: OnError | None
    matrix: Matrix | None
    repeat: Expression
    when: Condition | None
    approve: str | None


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
        self.faults.extend(_duplicates(steps))
        return steps

    def step(self, written: Json, at: Path) -> StepSpec:
        """One step."""
        if not isinstance(written, dict):
            return BrokenStep(at=at, type="")
        common = self._common(written, at)
        if at in self.broken or any((*at, key) in self.broken for key in _DECISIVE):
            return BrokenStep(**common)
        match common["type"]:
            case "parallel_group":
                return self._group(written, common)
            case "batch_parallel":
                return self._batch(written, common)
            case "chain":
                return ChainStep(**common, steps=self.steps(written.get("steps"), (*at, "steps")))
            case _:
                return self._leaf(written, common)

    def _common(self, written: Mapping[str, Json], at: Path) -> _Common:
        sound = {key: value for key, value in written.items() if (*at, key) not in self.broken}
        type_ = written.get("type", "chain" if "steps" in written else "")
        return {
            "at": at,
            "type": type_ if isinstance(type_, str) else "",
            "id": text(sound.get("id")),
            "name": text(sound.get("name")),
            "needs": _needs(sound.get("needs")),
            "input": expression(sound.get("input"), (*at, "input"), self.faults),
            "enabled": expression(sound.get("enabled", True), (*at, "enabled"), self.faults),
            "on_error": policies.on_error(written.get("on_error")),
            "matrix": matrix(sound, (*at, "matrix"), self.broken, self.faults),
            "repeat": expression(sound.get("repeat"), (*at, "repeat"), self.faults),
            "when": condition(sound.get("when"), (*at, "when"), self.faults),
            "approve": policies.approval(sound.get("approve")),
        }

    def _params(self, written: Mapping[str, Json], key: str, at: Path) -> Mapping[str, Expression]:
        params = written.get(key)
        place = (*at, key)
        return {
            word: expression(value, (*place, word), self.faults)
            for word, value in (params if isinstance(params, dict) else {}).items()
            if (*place, word) not in self.broken and not word.startswith("x-")
        }

    def _leaf(self, written: Mapping[str, Json], common: _Common) -> StepSpec:
        """A step without steps inside; without its choice, it is none at all."""
        type_, at = common["type"], common["at"]
        choice = text(written.get(_CHOICES.get(type_, "model")))
        if choice is None:
            return BrokenStep(**common)
        params = self._params(written, "params", at)
        match type_:
            case "merge_outputs":
                judge = self.step(written["judge"], (*at, "judge")) if "judge" in written else None
                return MergeStep(**common, strategy=choice, params=params, judge=judge)
            case "split_input":
                return SplitStep(**common, mode=choice, params=params)
            case "pipeline":
                given = self._params(written, "with", common["at"])
                return PipelineStep(**common, uses=choice, given=given)
            case _:
                return self._model(written, common, choice, params)

    def _model(
        self,
        written: Mapping[str, Json],
        common: _Common,
        model: str,
        params: Mapping[str, Expression],
    ) -> ModelStep:
        retry = written.get("retry")
        return ModelStep(
            **common,
            model=model,
            provider=text(written.get("provider")),
            params=params,
            raw=self._params(written, "raw", common["at"]),
            price=quantities.usd(written.get("price")),
            retry=policies.retry(retry, self.retry) if isinstance(retry, dict) else None,
            timeout=quantities.seconds(written.get("timeout")),
            cache=written.get("cache") is not False,
            fallback=_names(written.get("fallback")),
        )

    def _group(self, written: Mapping[str, Json], common: _Common) -> GroupStep:
        at, key = common["at"], "parallel_steps" if "parallel_steps" in written else "steps"
        branches = self.steps(written.get(key), (*at, key))
        return GroupStep(
            **common,
            branches=branches,
            branches_key=key,
            race=policies.race(written.get("race")),
            max_workers=quantities.count(written.get("max_workers")),
            max_failures=_failures(written.get("max_failures")),
            min_success=quantities.count(written.get("min_success")),
            merge_strategy=text(written.get("merge_strategy")),
            merge_params=self._params(written, "merge_params", at),
            budget=quantities.usd(written.get("budget")),
        )

    def _batch(self, written: Mapping[str, Json], common: _Common) -> BatchStep:
        at, is_template = common["at"], "step_template" in written
        steps: tuple[StepSpec, ...] = (
            (self.step(written["step_template"], (*at, "step_template")),)
            if is_template
            else self.steps(written.get("steps"), (*at, "steps"))
        )
        return BatchStep(
            **common,
            steps=steps,
            is_template=is_template,
            batch_size=quantities.count(written.get("batch_size")),
            inputs=expression(written.get("inputs"), (*at, "inputs"), self.faults),
            as_name=text(written.get("as")),
            max_failures=_failures(written.get("max_failures")),
            min_success=quantities.count(written.get("min_success")),
            budget=quantities.usd(written.get("budget")),
        )


def _failures(value: Json) -> int | str | None:
    """A number of places, or a percentage of those that there will be."""
    return value.strip() if isinstance(value, str) else quantities.count(value)


def text(value: Json) -> str | None:
    """A text; None: it is none."""
    return value if isinstance(value, str) else None


def _needs(value: Json) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    return (
        tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else None
    )


def _duplicates(steps: tuple[StepSpec, ...]) -> list[Fault]:
    first: dict[str, StepSpec] = {}
    return [
        Fault(
            code="duplicate_id",
            message=f"two steps are called '{step.id}'",
            at=(*step.at, "id"),
            other=(*first[step.id].at, "id"),
        )
        for step in steps
        if step.id is not None and first.setdefault(step.id, step) is not step
    ]


def _names(written: Json) -> tuple[str, ...]:
    """A name, or a list of names."""
    listed = written if isinstance(written, list) else [written]
    return tuple(each for each in listed if isinstance(each, str) and each)

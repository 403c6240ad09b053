"""The changes that make a document of the earlier tool one of today; none for any other."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import ID, LOCAL, Fragments
from aipipe.language.diagnostics import Path
from aipipe.language.earlier import forms, params, settings, texts
from aipipe.language.earlier.changes import Add, Change, Drop, Move, Rename, Replace

_TYPO: Final = 0.8
"""How like a known key an unknown one must be to be meant for it."""
_VERSION: Final = "aipipe"
_LISTS: Final = ("parallel_steps", "steps")
Successor: TypeAlias = Callable[[str, str], str | None]
"""By step type and name: the model that takes the place of a retired one."""


def no_successor(_type: str, _name: str) -> str | None:
    """Retired models keep their names, and are warned of."""
    return None


def changes(
    data: Json, fragments: Fragments, successor: Successor = no_successor, *, known: bool = False
) -> list[Change]:
    """What to change. `known`: the file is already known to be of the earlier tool.

    A file that gives the version of its language has none of it. What is sure to be of the
    earlier tool tells by itself that a file is; keys and parameters that mean nothing are
    dropped only from such a file, so that a mistake in any other is one.
    """
    if not isinstance(data, dict) or "steps" not in data or _VERSION in data:
        return []
    finding = _Finding(fragments, successor)
    finding.steps(data["steps"], ("steps",), "prompt")
    is_its_own = known or bool(finding.sure) or not forms.MARKS.isdisjoint(data)
    if not is_its_own:
        return finding.retired
    top = list(_top(data, fragments))
    return [*top, *finding.sure, *finding.retired, *finding.loose]


def _top(data: Mapping[str, Json], fragments: Fragments) -> Iterator[Change]:
    written = fragments.top.get("properties")
    words = list(written) if isinstance(written, dict) else []
    for key, value in data.items():
        today = forms.TOP_RENAMED.get(key)
        if key in forms.TOP_GONE:
            yield Drop(at=(key,), note=f"'{key}' has no effect: {forms.TOP_GONE[key]}")
        elif today is not None and not {"input", "inputs"} & set(data):
            yield Rename(at=(key,), key=today, note=f"'{key}' is now '{today}'")
        elif key == "settings" and isinstance(value, dict):
            yield from settings.changes(value, data)
        elif not (
            key in words or key.startswith("x-") or f"x-{key}" in data or _is_typo(key, words)
        ):
            note = f"'{key}' has no effect: keys of your own begin with 'x-'"
            yield Rename(at=(key,), key=f"x-{key}", note=note)


def _is_typo(key: str, words: list[str]) -> bool:
    return bool(get_close_matches(key, words, 1, cutoff=_TYPO))


@dataclass(slots=True)
class _Finding:
    """One walk over the steps."""

    fragments: Fragments
    successor: Successor
    sure: list[Change] = field(default_factory=list)
    """Forms that nothing of today looks like."""
    loose: list[Change] = field(default_factory=list)
    """What would be a mistake in a file of today."""
    retired: list[Change] = field(default_factory=list)

    def steps(self, written: Json, at: Path, arriving: str, *, branches: bool = False) -> None:
        """Steps of a list; `arriving` is the reference to what the first one takes in."""
        listed = written if isinstance(written, list) else []
        before = arriving
        for index, step in enumerate(listed):
            place = (*at, index)
            if not isinstance(step, dict):
                continue
            given = step.get("input_from")
            if isinstance(given, str):
                self._step(step, place, f"steps.{given}.output")
                continue
            if index and not branches and texts.mentions_input(step):
                before = self._named(listed[index - 1], (*at, index - 1))
            self._step(step, place, before if index and not branches else arriving)

    def _named(self, step: Json, at: Path) -> str:
        """The reference to a step's output; a step without an id gets one."""
        own = step.get("id", step.get("name")) if isinstance(step, dict) else None
        if isinstance(own, str) and re.search(ID, own):
            return f"steps.{own}.output"
        name = f"step_{'_'.join(str(each + 1) for each in at if isinstance(each, int))}"
        note = f"a step that '{{{{input}}}}' reads is now called 'id: {name}'"
        self.sure.append(Add(to=at, key="id", value=name, note=note))
        return f"steps.{name}.output"

    def _step(self, step: Mapping[str, Json], at: Path, arriving: str) -> None:
        type_ = self._type(step, at)
        for key, value in step.items():
            today = forms.STEP_RENAMED.get(key)
            if today is not None and today not in step:
                note = f"'{key}' is now '{today}'"
                self.sure.append(Rename(at=(*at, key), key=today, note=note))
            elif key in {"params", "input", "inputs"}:
                leaves = (
                    {k: v for k, v in value.items() if k not in _LISTS}
                    if (isinstance(value, dict))
                    else value
                )
                self.sure.extend(texts.rewritten(leaves, (*at, key), arriving))
        if type_ in forms.NO_MODEL:
            self._modelless(step, type_, at, arriving)
        else:
            self._model(step, type_, at)

    def _type(self, step: Mapping[str, Json], at: Path) -> str:
        written = step.get("type")
        type_ = written if isinstance(written, str) else ""
        if type_ not in forms.TYPES:
            return type_
        today, needed = forms.TYPES[type_]
        more = "".join(f", with '{key}: {value}'" for key, value in needed.items())
        note = f"step type '{type_}' is now '{today}'{more}"
        self.sure.append(Replace(at=(*at, "type"), value=today, note=note))
        self.sure.extend(
            Add(to=at, key=key, value=value) for key, value in needed.items() if key not in step
        )
        return today

    # --- groups, batches, merges, splits

    def _modelless(self, step: Mapping[str, Json], type_: str, at: Path, arriving: str) -> None:
        if "model" in step:
            note = f"a {type_} step has no 'model': it has no effect, leave it out"
            is_sure = step["model"] == forms.DUMMY or step.get("type") in forms.TYPES
            (self.sure if is_sure else self.loose).append(Drop(at=(*at, "model"), note=note))
        if type_ == "parallel_group":
            self._group(step, at)
        inner = "item.value" if type_ == "batch_parallel" else arriving
        is_group = type_ == "parallel_group"
        given = step.get("params")
        for key in _LISTS:
            self.steps(step.get(key), (*at, key), inner, branches=is_group)
            if is_group and isinstance(given, dict):
                self.steps(given.get(key), (*at, "params", key), inner, branches=True)
        template = step.get("step_template")
        if isinstance(template, dict):
            self._step(template, (*at, "step_template"), inner)

    def _group(self, step: Mapping[str, Json], at: Path) -> None:
        given = step.get("params")
        moved = [
            key
            for key in forms.GROUP_PARAMS
            if isinstance(given, dict) and key in given and key not in step
        ]
        found = self.sure if "parallel_steps" in moved else self.loose
        for key in moved:
            note = f"'{key}' of a group stands beside 'params', not in it"
            found.append(Move(at=(*at, "params", key), to=at, key=key, note=note))
        if isinstance(given, dict) and set(given) <= set(moved):
            found.append(Drop(at=(*at, "params")))
        for place, holder in (((*at, "params"), given), (at, step)):
            named = holder.get("merge_strategy") if isinstance(holder, dict) else None
            today = forms.STRATEGIES.get(named) if isinstance(named, str) else None
            if today is not None:
                note = f"merge strategy '{named}' is now '{today}'"
                self.sure.append(Replace(at=(*place, "merge_strategy"), value=today, note=note))

    # --- steps that call a model

    def _model(self, step: Mapping[str, Json], type_: str, at: Path) -> None:
        written = step.get("model")
        name = written if isinstance(written, str) else ""
        chosen = self._successor_of(type_, name, at)
        given = step.get("params")
        words = given if isinstance(given, dict) else {}
        added = list(self._implied(name, type_, given, at)) if chosen != name else []
        provider = step.get("provider")
        fragment = self.fragments.params(
            type_, chosen, provider if isinstance(provider, str) else None
        )
        own: list[Change] = []
        if fragment is not None:
            owner = "the local engine" if chosen == LOCAL else fragment.owner
            own = list(params.changes(words, fragment.schema, owner, (*at, "params")))
        self.sure.extend(added)
        self.loose.extend(own)
        stay = any(not isinstance(each, Drop) for each in [*own, *added])
        gone = {each.at[-1] for each in own if isinstance(each, Drop)}
        if gone and not stay and gone == set(words):
            self.loose.append(Drop(at=(*at, "params")))

    def _successor_of(self, type_: str, name: str, at: Path) -> str:
        """The model that is called today."""
        today = forms.MODELS.get(type_, {}).get(name)
        if today is not None:
            note = f"model '{name}' was the earlier tool's own; '{today}' takes its place"
            self.sure.append(Replace(at=(*at, "model"), value=today, note=note))
            return today
        successor = self.successor(type_, name)
        if successor is None:
            return name
        note = f"model '{name}' was shut down; '{successor}' takes its place"
        self.retired.append(Replace(at=(*at, "model"), value=successor, note=note))
        return successor

    @staticmethod
    def _implied(name: str, type_: str, given: Json, at: Path) -> Iterator[Change]:
        """What the name of a model said by itself."""
        words = given if isinstance(given, dict) else {}
        implied: dict[str, Json] = {}
        if name in forms.QUESTIONS and not {"prompt", "analysis_prompt", "question"} & set(words):
            implied["prompt"] = forms.question(name, type_)
        if name in forms.STYLES and not {"style", "video_style"} & set(words):
            implied["style"] = forms.STYLES[name]
        if implied and given is None:
            yield Add(to=at, key="params", value=implied)
            return
        if implied and not words:
            yield Replace(at=(*at, "params"), value=implied)
            return
        for key, value in implied.items():
            yield Add(to=(*at, "params"), key=key, value=value)

"""A whole pipeline, typed."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from aipipe.contracts.artefact import Json
from aipipe.language.building import Overrides, spec
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.reader import read_text
from aipipe.language.references import Interpolated, Reference
from aipipe.language.spec import (
    BatchStep,
    BrokenStep,
    ChainStep,
    GroupStep,
    Limit,
    Limits,
    MergeStep,
    ModelStep,
    OnError,
    PipelineSpec,
    PipelineStep,
    Retry,
    SplitStep,
    StepSpec,
    Var,
)

NOTHING = Overrides()


def built(
    text: str,
    overrides: Overrides = NOTHING,
    *,
    broken: Collection[Path] = (),
    file: str = "a.yaml",
) -> tuple[PipelineSpec, list[Fault]]:
    data = read_text(text, file).data
    assert isinstance(data, dict)
    return spec(
        data,
        file=file,
        folder="/files",
        command_folder="/here",
        broken=broken,
        overrides=overrides,
    )


def pipeline(text: str, overrides: Overrides = NOTHING) -> PipelineSpec:
    found, faults = built(text, overrides)
    assert faults == []
    return found


def step(text: str) -> StepSpec:
    (found,) = pipeline("steps:\n- " + text.replace("\n", "\n  ")).steps
    return found


def test_a_pipeline_that_says_nothing_has_the_defaults() -> None:
    assert pipeline("{steps: []}") == PipelineSpec(
        name="a", file="a.yaml", folder="/files", inputs_folder="/files"
    )


def test_a_pipeline_is_all_that_its_file_says() -> None:
    text = """\
name: films
description: of fog
prompt: a lighthouse
inputs: [cat.png, {text: fog}]
vars: {style: noir}
budget: $2.50
limits:
  max_workers: 8
  providers: {fal: {concurrency: 4, rate: 60/min}, luma: {}}
  models: {flux: {rate: 5/s}}
defaults: {retry: {max_attempts: 5, delay: 0}, timeout: 10m, on_error: continue}
output_dir: out
tags: off
steps: []
"""
    assert pipeline(text) == PipelineSpec(
        name="films",
        file="a.yaml",
        folder="/files",
        description="of fog",
        prompt="a lighthouse",
        inputs=("cat.png", {"text": "fog"}),
        inputs_folder="/files",
        vars={"style": Var(name="style", type=None, value="noir", at=("vars", "style"))},
        budget=Decimal("2.50"),
        limits=Limits(
            max_workers=8,
            providers={"fal": Limit(concurrency=4, rate=60, per=60.0), "luma": Limit()},
            models={"flux": Limit(rate=5, per=1.0)},
        ),
        retry=Retry(max_attempts=5, delay=0.0, max_delay=60.0),
        timeout=600.0,
        on_error=OnError.CONTINUE,
        output_dir="out",
        tags=False,
    )


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("films.yaml", "films"),
        ("../my/films.draft.yml", "films"),
        ("films", "films"),
        (".yaml", "pipeline"),
    ],
)
def test_without_a_name_a_pipeline_is_called_like_its_file(file: str, name: str) -> None:
    found, _ = built("steps: []", file=file)

    assert (found.name, found.file) == (name, file)


def test_the_command_line_takes_the_place_of_what_the_file_says() -> None:
    text = "{prompt: fog, inputs: [cat.png], vars: {n: 1, m: 2}, steps: []}"
    found = pipeline(text, Overrides(prompt="rain", inputs=("dog.png",), vars={"n": "3"}))

    assert (found.prompt, found.inputs, found.inputs_folder, found.inputs_from_command) == (
        "rain",
        ("dog.png",),
        "/here",
        True,
    )
    assert {name: var.value for name, var in found.vars.items()} == {"n": 3, "m": 2}


def test_an_empty_prompt_takes_the_place_of_the_files() -> None:
    assert pipeline("{prompt: fog, steps: []}", Overrides(prompt="")).prompt == ""


@pytest.mark.parametrize(
    ("written", "inputs"),
    [
        ("input: cat.png", ("cat.png",)),
        ("input: {text: fog}", ({"text": "fog"},)),
        ("input: [1, 2]", (1, 2)),
        ("inputs: rows.csv", ("rows.csv",)),
        ("input: ", None),
    ],
)
def test_inputs_are_a_list_however_they_are_written(
    written: str, inputs: tuple[Json, ...] | None
) -> None:
    assert pipeline(f"{written}\nsteps: []").inputs == inputs


@pytest.mark.parametrize(
    ("written", "tags"), [("true", True), ("on", True), ("false", False), ("off", False)]
)
def test_tags_are_on_or_off(written: str, *, tags: bool) -> None:
    assert pipeline(f"tags: {written}\nsteps: []").tags is tags


def test_a_step_that_says_nothing_more_has_the_defaults() -> None:
    assert step("{type: text_to_speech, model: local}") == ModelStep(
        at=("steps", 0), type="text_to_speech", model="local"
    )


def test_a_step_is_all_that_it_says() -> None:
    text = """\
type: text_to_speech
id: voice
name: A voice
model: elevenlabs
provider: fal
needs: [hero, script]
input: ${{ steps.script.output }}
enabled: ${{ vars.loud }}
on_error: ignore
params: {text: "a ${{ prompt }}", speed: 1.5, x-note: fog}
raw: {stability: 0.5}
price: 0.04
retry: {max_attempts: 1}
timeout: 90
cache: false
"""
    assert step(text) == ModelStep(
        at=("steps", 0),
        type="text_to_speech",
        id="voice",
        name="A voice",
        model="elevenlabs",
        provider="fal",
        needs=("hero", "script"),
        input=Reference(("steps", "script", "output")),
        enabled=Reference(("vars", "loud")),
        on_error=OnError.IGNORE,
        params={"text": Interpolated(("a ", Reference(("prompt",)))), "speed": 1.5},
        raw={"stability": 0.5},
        price=Decimal("0.04"),
        retry=Retry(max_attempts=1),
        timeout=90.0,
        cache=False,
    )


def test_one_step_may_be_needed_without_a_list() -> None:
    assert step("{type: text_to_speech, model: local, needs: hero}").needs == ("hero",)


def test_a_steps_retry_adds_to_the_defaults() -> None:
    found = pipeline("""\
defaults: {retry: {max_attempts: 7, delay: 2s, max_delay: 9s}}
steps:
- {type: text_to_speech, model: local, retry: {delay: 0}}
""")

    assert found.steps == (
        ModelStep(
            at=("steps", 0),
            type="text_to_speech",
            model="local",
            retry=Retry(max_attempts=7, delay=0.0, max_delay=9.0),
        ),
    )


def test_a_group_has_branches_and_a_branch_may_be_a_chain() -> None:
    text = """\
type: parallel_group
id: pictures
parallel_steps:
- {type: text_to_image, model: flux}
- id: film
  steps:
  - {type: text_to_image, model: flux}
max_workers: 2
max_failures: 50%
min_success: 1
merge_strategy: combine_images
merge_params: {layout: "${{ vars.layout }}"}
budget: 1
on_error: continue
"""
    at: Path = ("steps", 0, "parallel_steps")

    def picture(*at: str | int) -> ModelStep:
        return ModelStep(at=at, type="text_to_image", model="flux")

    assert step(text) == GroupStep(
        at=("steps", 0),
        type="parallel_group",
        id="pictures",
        on_error=OnError.CONTINUE,
        branches=(
            picture(*at, 0),
            ChainStep(at=(*at, 1), type="chain", id="film", steps=(picture(*at, 1, "steps", 0),)),
        ),
        max_workers=2,
        max_failures="50%",
        min_success=1,
        merge_strategy="combine_images",
        merge_params={"layout": Reference(("vars", "layout"))},
        budget=Decimal(1),
    )


def test_branches_may_be_called_steps() -> None:
    found = step("{type: parallel_group, steps: [{type: text_to_image, model: flux}]}")

    assert found == GroupStep(
        at=("steps", 0),
        type="parallel_group",
        branches=(ModelStep(at=("steps", 0, "steps", 0), type="text_to_image", model="flux"),),
        branches_key="steps",
    )


def test_a_batch_has_a_template() -> None:
    text = """\
type: batch_parallel
step_template: {type: text_to_speech, model: local, params: {text: "${{ line.value }}"}}
inputs: [fog, "${{ vars.line }}"]
as: line
batch_size: 4
max_failures: " 20 % "
min_success: 2
budget: "3"
"""
    assert step(text) == BatchStep(
        at=("steps", 0),
        type="batch_parallel",
        steps=(
            ModelStep(
                at=("steps", 0, "step_template"),
                type="text_to_speech",
                model="local",
                params={"text": Reference(("line", "value"))},
            ),
        ),
        is_template=True,
        inputs=("fog", Reference(("vars", "line"))),
        as_name="line",
        batch_size=4,
        max_failures="20 %",
        min_success=2,
        budget=Decimal(3),
    )


def test_a_batch_may_have_a_chain_for_each_item() -> None:
    text = "{type: batch_parallel, steps: [{type: x, model: y}], max_failures: 3}"

    assert step(text) == BatchStep(
        at=("steps", 0),
        type="batch_parallel",
        steps=(ModelStep(at=("steps", 0, "steps", 0), type="x", model="y"),),
        is_template=False,
        max_failures=3,
    )


def test_merges_and_splits_have_a_strategy() -> None:
    text = """\
steps:
- {type: split_input, split_strategy: chunks, params: {size: 200}}
- {type: merge_outputs, merge_strategy: concat_text, params: {separator: ", "}}
"""
    assert pipeline(text).steps == (
        SplitStep(at=("steps", 0), type="split_input", mode="chunks", params={"size": 200}),
        MergeStep(
            at=("steps", 1),
            type="merge_outputs",
            strategy="concat_text",
            params={"separator": ", "},
        ),
    )


def test_faults_of_references_tell_their_place() -> None:
    text = """\
steps:
- type: text_to_speech
  model: local
  input: "${{ }}"
  enabled: "${{ }}"
  params: {text: "${{ }}"}
  raw: {a: ["${{ }}"]}
- {type: parallel_group, steps: [], merge_params: {a: "${{ }}"}}
- {type: batch_parallel, steps: [], inputs: ["${{ }}"]}
"""
    _, faults = built(text)

    assert {fault.code for fault in faults} == {"reference_syntax"}
    assert [fault.at[1:] for fault in faults] == [
        (0, "input"),
        (0, "enabled"),
        (0, "params", "text"),
        (0, "raw", "a", 0),
        (1, "merge_params", "a"),
        (2, "inputs", 0),
    ]


def test_two_steps_of_a_list_with_one_id_are_told() -> None:
    text = """\
steps:
- {id: a, type: x, model: y}
- {id: b, type: x, model: y}
- id: a
  type: parallel_group
  steps:
  - {id: a, type: x, model: y}
  - {id: b, type: x, model: y}
- {id: a, type: x, model: y}
"""
    _, faults = built(text)

    assert faults == [
        Fault(
            code="duplicate_id",
            message="two steps are called 'a'",
            at=("steps", index, "id"),
            other=("steps", 0, "id"),
        )
        for index in (2, 3)
    ]


MODEL = "{id: a, type: x, model: y, needs: [b], params: {p: 1, q: 2}}"
MERGE = "{id: a, type: merge_outputs, merge_strategy: z}"
SPLIT = "{id: a, type: split_input, split_strategy: z}"
GROUP = "{id: a, type: parallel_group, merge_strategy: z, steps: []}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (MODEL, ()),
        (MODEL, ("type",)),
        (MODEL, ("model",)),
        (MERGE, ("merge_strategy",)),
        (SPLIT, ("split_strategy",)),
        (GROUP, ("merge_strategy",)),
    ],
)
def test_a_step_is_broken_if_it_can_not_be_known_what_it_is(text: str, place: Path) -> None:
    found, faults = built(f"steps: [{text}]", broken=[("steps", 0, *place)])
    (only,) = found.steps

    assert isinstance(only, BrokenStep)
    assert (only.at, only.id, faults) == (("steps", 0), "a", [])


@pytest.mark.parametrize(
    "text",
    [
        "{id: a, type: x}",
        "{id: a, type: x, model: [y]}",
        "{id: a}",
        "{id: a, type: [x]}",
        "{id: a, type: merge_outputs}",
        "{id: a, type: split_input, split_strategy: 7}",
    ],
)
def test_a_step_without_its_choice_is_broken(text: str) -> None:
    found, faults = built(f"steps: [{text}]")
    (only,) = found.steps

    assert isinstance(only, BrokenStep)
    assert (only.id, faults) == ("a", [])


@pytest.mark.parametrize("written", ["fog", "7", "[]", "null"])
def test_a_step_that_is_no_mapping_is_broken(written: str) -> None:
    found, faults = built(f"steps: [{written}]")

    assert (found.steps, faults) == ((BrokenStep(at=("steps", 0), type=""),), [])


@pytest.mark.parametrize(
    ("place", "without"),
    [
        (("id",), {"id": None}),
        (("name",), {"name": None}),
        (("needs",), {"needs": None}),
        (("input",), {"input": None}),
        (("enabled",), {"enabled": True}),
        (("params", "q"), {"params": {"p": 1}}),
    ],
)
def test_what_is_broken_in_a_step_counts_as_not_written(
    place: Path, without: dict[str, Any]
) -> None:
    text = "{type: x, model: y, id: a, name: b, needs: [c], input: d, enabled: false"
    whole = step(f"{text}, params: {{p: 1, q: 2}}}}")
    found, faults = built(
        f"steps: [{text}, params: {{p: 1, q: 2}}}}]", broken=[("steps", 0, *place)]
    )

    assert (found.steps, faults) == ((replace(whole, **without),), [])


def test_the_id_of_a_broken_step_is_still_taken() -> None:
    _, faults = built("steps: [{id: a, type: x}, {id: a, type: x}]")

    assert [fault.code for fault in faults] == ["duplicate_id"]


WRONG: list[Json] = [None, True, -7, 2.5, "${{ fog", "fog", ["fog"], [["fog"]], {"fog": {"a": []}}]
TOP = [
    "name",
    "description",
    "prompt",
    "input",
    "inputs",
    "vars",
    "budget",
    "limits",
    "defaults",
    "output_dir",
    "tags",
    "steps",
]
STEP = [
    "type",
    "id",
    "name",
    "model",
    "provider",
    "needs",
    "input",
    "enabled",
    "on_error",
    "params",
    "raw",
    "price",
    "retry",
    "timeout",
    "cache",
    "merge_strategy",
    "split_strategy",
    "merge_params",
    "max_workers",
    "max_failures",
    "min_success",
    "budget",
    "parallel_steps",
    "steps",
    "step_template",
    "batch_size",
    "inputs",
    "as",
]
TYPES = ("text_to_speech", "parallel_group", "batch_parallel", "merge_outputs", "split_input")


def build(data: dict[str, Json]) -> None:
    spec(data, file="a", folder="/", command_folder="/", broken=(), overrides=NOTHING)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
@pytest.mark.parametrize("key", TOP)
def test_whatever_stands_at_the_top_a_pipeline_is_built(key: str, wrong: Json) -> None:
    build({"steps": [], key: wrong})
    build({"steps": [], "limits": {key: wrong, "providers": {"fal": wrong}}})
    build({"steps": [], "defaults": {"retry": wrong, "timeout": wrong, "on_error": wrong}})


@pytest.mark.parametrize("wrong", WRONG, ids=str)
@pytest.mark.parametrize("key", STEP)
def test_whatever_stands_in_a_step_a_pipeline_is_built(key: str, wrong: Json) -> None:
    for type_ in TYPES:
        build({"steps": [{"type": type_, "model": "local", key: wrong}]})


def test_a_pipeline_step_says_what_it_uses_and_gives() -> None:
    found = step('{type: pipeline, id: a, uses: ./b.yaml, with: {x: "${{ vars.y }}", n: [1]}}')

    assert found == PipelineStep(
        at=("steps", 0),
        type="pipeline",
        id="a",
        uses="./b.yaml",
        given={"x": Reference(("vars", "y")), "n": (1,)},
    )


def test_a_pipeline_step_without_a_file_is_broken() -> None:
    assert isinstance(step("{type: pipeline, id: a}"), BrokenStep)


def test_outputs_are_references_by_name() -> None:
    found = pipeline('{outputs: {clip: "${{ steps.a.output }}"}, steps: []}')

    assert found.outputs == {"clip": Reference(("steps", "a", "output"))}

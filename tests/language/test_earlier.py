"""Files of the earlier tool: each old form, read as that of today, and rewritten."""

from textwrap import dedent

import pytest
import yaml

from aipipe.app.discover import catalog, own_registry
from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault, Severity
from aipipe.language.earlier.migrating import UnwritableError, migrated
from aipipe.language.earlier.modern import modern
from aipipe.language.reader import read_text
from aipipe.schema import fragments

FRAGMENTS = fragments(own_registry(), catalog())
STEP = "steps:\n- {type: text_to_text, model: local}\n"


def successor(_type: str, name: str) -> str | None:
    return {"imagen4": "nano_banana_2"}.get(name)


def understood(text: str) -> tuple[Json, list[str]]:
    """What a text means today, and what is told of it (without the last line, how to mend it)."""
    found, told = modern(read_text(dedent(text), "old.yaml"), FRAGMENTS)
    return found.data, [f"{each.line}: {each.message}" for each in told[:-1]]


def rewritten(text: str) -> str:
    return migrated(read_text(text, "old.yaml"), FRAGMENTS, successor).text


FORMS = {
    "keys that mean nothing": (
        f"temp_dir: temp\ncleanup_temp: true\n{STEP}",
        STEP,
        [
            "1: 'temp_dir' has no effect: files in work are in the store",
            "2: 'cleanup_temp' has no effect: nothing is left to clean up",
        ],
    ),
    "an input by its medium": (
        f"input_type: video\ninput_video: a.mp4  # mine\n{STEP}",
        f"input: a.mp4  # mine\n{STEP}",
        [
            "1: 'input_type' has no effect: what an input is shows by itself",
            "2: 'input_video' is now 'input'",
        ],
    ),
    "keys of one's own": (
        f"temp_dir: temp\nexternal_commands:\n  # first\n  - ls\n{STEP}",
        f"x-external_commands:\n  # first\n  - ls\n{STEP}",
        [
            "1: 'temp_dir' has no effect: files in work are in the store",
            "2: 'external_commands' has no effect: keys of your own begin with 'x-'",
        ],
    ),
    "settings": (
        f"settings:\n  max_cost: 1.50  # a day\n  parallel: true\n  output_dir: out\n{STEP}",
        f"budget: 1.50  # a day\noutput_dir: out\n{STEP}",
        [
            "2: 'settings.max_cost' is now 'budget'",
            "3: 'settings.parallel' has no effect: branches of a parallel_group run side by side",
            "4: 'settings.output_dir' is now 'output_dir'",
        ],
    ),
    "workers among the settings": (
        f"{STEP}settings: {{max_workers: 4, fail_fast: false}}\n",
        f"{STEP}defaults: {{on_error: continue}}\nlimits: {{max_workers: 4}}\n",
        [
            "3: 'settings.max_workers' is now 'limits.max_workers'",
            "3: 'settings.fail_fast: false' is now 'defaults: {on_error: continue}'",
        ],
    ),
    "a group under params": (
        """\
        steps:
          - type: parallel_group
            model: parallel
            params:
              merge_strategy: collect_all
              # both of them
              parallel_steps:
                - type: text_to_text  # one
                  model: local

                - {type: text_to_text, model: local}
        """,
        """\
        steps:
          - type: parallel_group
            merge_strategy: collect
            # both of them
            parallel_steps:
              - type: text_to_text  # one
                model: local

              - {type: text_to_text, model: local}
        """,
        [
            "3: a parallel_group step has no 'model': it has no effect, leave it out",
            "5: 'merge_strategy' of a group stands beside 'params', not in it",
            "5: merge strategy 'collect_all' is now 'collect'",
            "7: 'parallel_steps' of a group stands beside 'params', not in it",
        ],
    ),
    "a type and its model": (
        "steps:\n- type: 'analyze_image'\n  model: gemini_ocr\n  params: {analysis_prompt: Read}\n",
        "steps:\n- type: 'image_understanding'\n  model: gemini_flash\n  params: {prompt: Read}\n",
        [
            "2: step type 'analyze_image' is now 'image_understanding'",
            "3: model 'gemini_ocr' was the earlier tool's own; 'gemini_flash' takes its place",
            "4: parameter 'analysis_prompt' is now 'prompt'",
        ],
    ),
    "a question in a model's name": (
        "steps:\n- type: image_understanding\n  model: gemini_ocr  # reads\n",
        (
            "steps:\n- type: image_understanding\n  model: gemini_flash  # reads\n"
            '  params: {prompt: "Write down all text in this picture"}\n'
        ),
        ["3: model 'gemini_ocr' was the earlier tool's own; 'gemini_flash' takes its place"],
    ),
    "a question about a video": (
        "steps:\n- type: video_analysis\n  model: gemini_describe\n",
        (
            "steps:\n- type: video_understanding\n  model: gemini_flash\n"
            '  params: {prompt: "Describe this video"}\n'
        ),
        [
            "2: step type 'video_analysis' is now 'video_understanding'",
            "3: model 'gemini_describe' was the earlier tool's own; 'gemini_flash' takes its place",
        ],
    ),
    "videos to join": (
        "steps:\n- type: concat_videos\n  model: any\n",
        "steps:\n- type: merge_outputs\n  merge_strategy: concat_video\n",
        [
            (
                "2: step type 'concat_videos' is now 'merge_outputs', with"
                " 'merge_strategy: concat_video'"
            ),
            "3: a merge_outputs step has no 'model': it has no effect, leave it out",
        ],
    ),
    "parameters that the model never had": (
        (
            "temp_dir: t\nsteps:\n- type: image_to_video\n  model: hailuo\n"
            "  params: {motion_level: low, duration: 8, prompt_optimizer: true}\n"
        ),
        (
            "steps:\n- type: image_to_video\n  model: hailuo\n"
            "  params: {duration: 10, enhance_prompt: true}\n"
        ),
        [
            "1: 'temp_dir' has no effect: files in work are in the store",
            "5: hailuo_02 has no parameter 'motion_level': it has no effect, leave it out",
            "5: hailuo_02 makes no 8 seconds: it is now 'duration: 10'",
            "5: parameter 'prompt_optimizer' is now 'enhance_prompt'",
        ],
    ),
    "width and height": (
        (
            "temp_dir: t\nsteps:\n- type: text_to_image\n  model: flux\n  params:\n"
            "    width: 1024\n    height: 768\n"
        ),
        'steps:\n- type: text_to_image\n  model: flux\n  params:\n    size: "1024x768"\n',
        [
            "1: 'temp_dir' has no effect: files in work are in the store",
            "6: 'width' and 'height' are now one parameter, 'size: 1024x768'",
        ],
    ),
    "a voice that had another's name": (
        (
            "temp_dir: t\nsteps:\n- type: text_to_speech\n  model: elevenlabs\n"
            "  params: {voice: bella}\n"
        ),
        "steps:\n- type: text_to_speech\n  model: elevenlabs\n  params: {voice: sarah}\n",
        [
            "1: 'temp_dir' has no effect: files in work are in the store",
            "5: the voice that was 'bella' is called 'sarah' today",
        ],
    ),
    "references": (
        (
            "steps:\n- {id: a, type: text_to_text, params: {prompt: 'So {{input}}'}}\n"
            "- type: text_to_text\n  model: local\n  input_from: a\n  params:\n    prompt: |\n"
            "      Of {{steps.a.output}}:\n      {{ input }}\n"
        ),
        (
            "steps:\n- {id: a, type: text_to_text, params: {prompt: 'So ${{ prompt }}'}}\n"
            "- type: text_to_text\n  model: local\n  needs: a\n  params:\n    prompt: |\n"
            "      Of ${{ steps.a.output }}:\n      ${{ steps.a.output }}\n"
        ),
        [
            "2: '{{input}}' is now '${{ prompt }}'",
            "5: 'input_from' is now 'needs'",
            (
                "7: '{{steps.a.output}}' is now '${{ steps.a.output }}';"
                " '{{ input }}' is now '${{ steps.a.output }}'"
            ),
        ],
    ),
    "what a step without an id gives": (
        (
            "steps:\n- type: text_to_text\n  model: local\n"
            "- {type: text_to_text, params: {prompt: '{{input}}'}}\n"
        ),
        (
            "steps:\n- type: text_to_text\n  model: local\n  id: step_1\n"
            "- {type: text_to_text, params: {prompt: '${{ steps.step_1.output }}'}}\n"
        ),
        [
            "2: a step that '{{input}}' reads is now called 'id: step_1'",
            "4: '{{input}}' is now '${{ steps.step_1.output }}'",
        ],
    ),
}


@pytest.mark.parametrize(("old", "today", "notes"), FORMS.values(), ids=FORMS)
def test_a_form_is_read_as_that_of_today_and_told_at_its_place(
    old: str, today: str, notes: list[str]
) -> None:
    data, told = understood(old)

    assert data == read_text(dedent(today), "new.yaml").data
    assert told == notes


@pytest.mark.parametrize(("old", "today", "notes"), FORMS.values(), ids=FORMS)
def test_a_form_is_rewritten_with_comments_and_quotes_as_they_were(
    old: str, today: str, notes: list[str]
) -> None:
    del notes

    assert rewritten(dedent(old)) == dedent(today)


@pytest.mark.parametrize(("old", "today", "notes"), FORMS.values(), ids=FORMS)
def test_a_rewritten_text_needs_nothing_more(old: str, today: str, notes: list[str]) -> None:
    del old, notes

    assert rewritten(dedent(today)) == dedent(today)
    assert understood(today)[1] == []


def test_each_kind_of_use_is_told_once_and_counted_with_the_way_out_last() -> None:
    step = "{type: text_to_image, model: flux, params: {style: noir}}"
    _, told = modern(read_text(f"temp_dir: t\nsteps: [{step}, {step}]\n", "old.yaml"), FRAGMENTS)

    assert {each.severity for each in told} == {Severity.NOTE}
    assert [each.message for each in told] == [
        "'temp_dir' has no effect: files in work are in the store",
        "flux_dev has no parameter 'style': it has no effect, leave it out (2 times)",
        "all of these are rewritten by:  aipipe migrate old.yaml",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "promt: x\nsteps: [{type: text_to_image, model: flux, params: {motion_level: low}}]",
        "external_commands: [ls]\nsteps: []",
        "steps: [{type: parallel_group, model: local, params: {max_workers: 2}, steps: []}]",
        "steps: [{type: merge_outputs, model: local, merge_strategy: collect}]",
        "aipipe: 1\ntemp_dir: t\nsteps: []",
        "temp_dir: t\nx: 1",
        "steps: [{type: text_to_speech, model: elevenlabs, params: {voice: bella}}]",
        "steps: [{type: text_to_text, model: local, params: {prompt: '$${{ input }}'}}]",
    ],
)
def test_a_mistake_in_a_file_of_today_stays_one(text: str) -> None:
    document = read_text(text, "new.yaml")

    assert modern(document, FRAGMENTS) == (document, ())


def test_a_key_that_is_nearly_a_known_one_is_no_key_of_ones_own() -> None:
    data, _ = understood(f"temp_dir: t\npromt: a fox\n{STEP}")

    assert isinstance(data, dict)
    assert list(data) == ["promt", "steps"]


def test_what_stands_at_its_place_of_today_already_wins() -> None:
    data, _ = understood(f"budget: 1\nsettings: {{max_cost: 9}}\n{STEP}")

    assert isinstance(data, dict)
    assert (data["budget"], list(data)) == (1, ["budget", "steps"])


def test_a_fault_in_what_was_moved_is_told_where_it_stands() -> None:
    text = (
        "steps:\n- type: parallel_group\n  params:\n    parallel_steps:\n"
        "      - {type: text_to_txt, model: local}\nsettings:\n  max_workers: 0\n"
    )
    found, _ = modern(read_text(text, "old.yaml"), FRAGMENTS)
    inner = Fault(code="a", message="", at=("steps", 0, "parallel_steps", 0, "type"))
    limit = Fault(code="b", message="", at=("limits", "max_workers"))

    assert [(each.line, each.column) for each in found.locate([inner, limit])] == [(5, 16), (7, 16)]


def test_a_retired_model_is_replaced_by_what_takes_its_place() -> None:
    text = "steps:\n- {type: text_to_image, model: 'imagen4'}  # drawn\n"

    assert rewritten(text) == text.replace("imagen4", "nano_banana_2")


def test_a_text_that_needs_nothing_stays_as_it_is() -> None:
    text = "# odd\r\nsteps :\r\n   - { type : text_to_text , model: local } # here\r\n\r\n"

    assert rewritten(text) == text


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_stay_as_they_are(line_end: str) -> None:
    old, today, _ = FORMS["a group under params"]

    assert rewritten(dedent(old).replace("\n", line_end)) == dedent(today).replace("\n", line_end)


def test_a_comment_behind_what_goes_stays() -> None:
    assert rewritten(f"temp_dir: t  # for work\n{STEP}") == f"# for work\n{STEP}"


def test_a_first_key_beside_its_dash_can_go() -> None:
    text = "steps:\n- model: parallel\n  type: parallel_group\n  parallel_steps: [{type: local}]\n"

    assert rewritten(text) == text.replace("model: parallel\n  ", "")


def test_what_stands_behind_an_alias_is_not_rewritten() -> None:
    text = (
        "temp_dir: t\nx-p: &p {style: noir, seed: 1}\nsteps:\n"
        "- {type: text_to_image, model: flux, params: &q {style: noir, seed: 1}}\n"
        "- {type: text_to_image, model: flux, params: *q}\n"
    )

    with pytest.raises(UnwritableError, match=r"'steps.1.params.style' stands behind an alias"):
        rewritten(text)


WRITTEN = {
    "settings": {"max_cost": 2, "max_workers": 3, "fail_fast": False, "temp_dir": "t"},
    "limits": {"providers": {"fal": {"concurrency": 2}}},
    "steps": [
        {
            "type": "parallel_group",
            "params": {
                "parallel_steps": [
                    {"type": "text_to_image", "model": "flux_dev", "params": {"style": "x"}},
                    {"type": "analyze_image", "model": "gemini_ocr", "params": {}},
                ],
                "max_workers": 2,
            },
        },
        {"model": "x", "type": "concat_videos"},
    ],
}


@pytest.mark.parametrize("flow", [True, False, None])
@pytest.mark.parametrize("quotes", [None, '"', "'"])
@pytest.mark.parametrize("indent", [2, 4, 7])
def test_however_it_is_written_it_is_rewritten_to_the_same(
    flow: bool | None,  # noqa: FBT001 (a value of the library's option)
    quotes: str | None,
    indent: int,
) -> None:
    text = yaml.safe_dump(
        WRITTEN, default_flow_style=flow, default_style=quotes, indent=indent, sort_keys=False
    )

    assert read_text(rewritten(text), "new.yaml").data == {
        "budget": 2,
        "limits": {"providers": {"fal": {"concurrency": 2}}, "max_workers": 3},
        "defaults": {"on_error": "continue"},
        "steps": [
            {
                "type": "parallel_group",
                "max_workers": 2,
                "parallel_steps": [
                    {"type": "text_to_image", "model": "flux_dev"},
                    {
                        "type": "image_understanding",
                        "model": "gemini_flash",
                        "params": {"prompt": "Write down all text in this picture"},
                    },
                ],
            },
            {"type": "merge_outputs", "merge_strategy": "concat_video"},
        ],
    }

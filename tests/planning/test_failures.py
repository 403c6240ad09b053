"""What a failure does, as far as the plan decides it."""

import pytest
from support.planning import planned, walk

from aipipe.language.spec import OnError
from aipipe.planning.plan import Plan

FAIL, CONTINUE, IGNORE = OnError.FAIL, OnError.CONTINUE, OnError.IGNORE


def policies(plan: Plan) -> dict[str, OnError]:
    return {template.path: template.on_error for template, _ in walk(plan.root) if template.path}


def grouped(*keys: str, defaults: str = "") -> Plan:
    of_group = "".join(f"\n    {key}" for key in keys)
    return planned(f"""
prompt: x
{defaults}
steps:
  - {{id: before, type: text_to_image, model: local}}
  - id: g
    type: parallel_group{of_group}
    steps:
      - {{id: plain, type: text_to_image, model: local}}
      - {{id: strict, type: text_to_image, model: local, on_error: fail}}
      - {{id: chain, steps: [{{id: inner, type: text_to_image, model: local}}]}}
""")


@pytest.mark.parametrize(
    ("keys", "group", "children"),
    [
        ((), FAIL, FAIL),
        (("on_error: continue",), CONTINUE, CONTINUE),
        (("on_error: ignore",), IGNORE, IGNORE),
        (("min_success: 2",), FAIL, CONTINUE),
        (("max_failures: 1",), FAIL, CONTINUE),
        (("max_failures: 1", "on_error: continue"), CONTINUE, CONTINUE),
        (("max_failures: 1", "on_error: ignore"), IGNORE, IGNORE),
    ],
)
def test_children_inherit_what_their_group_does(
    keys: tuple[str, ...], group: OnError, children: OnError
) -> None:
    assert policies(grouped(*keys)) == {
        "before": FAIL,
        "g": group,
        "g.plain": children,
        "g.strict": FAIL,
        "g.chain": children,
        "g.chain.inner": children,
    }


def test_the_files_default_reaches_every_step_that_says_nothing() -> None:
    assert policies(grouped(defaults="defaults: {on_error: continue}")) == {
        "before": CONTINUE,
        "g": CONTINUE,
        "g.plain": CONTINUE,
        "g.strict": FAIL,
        "g.chain": CONTINUE,
        "g.chain.inner": CONTINUE,
    }


def test_the_items_of_a_batch_inherit_what_it_does() -> None:
    plan = planned("""
        steps:
          - id: b
            type: batch_parallel
            max_failures: 20%
            inputs: [x, y]
            steps: [{id: one, type: text_to_speech, model: local}]
          - id: c
            type: batch_parallel
            on_error: ignore
            inputs: [x, y]
            step_template: {type: text_to_speech, model: local}
        """)

    assert [(template.path, template.on_error) for template in plan.templates[1:]] == [
        ("b", FAIL),
        ("b[]", CONTINUE),
        ("b[].one", CONTINUE),
        ("c", IGNORE),
        ("c[]", IGNORE),
        ("c[]", IGNORE),
    ]


def test_a_merge_written_at_its_group_fails_as_the_group_does() -> None:
    plan = planned("""
        prompt: x
        steps:
          - id: g
            type: parallel_group
            on_error: continue
            merge_strategy: combine_images
            steps: [{type: text_to_image, model: local}]
        """)

    assert policies(plan) == {"g": CONTINUE, "g.1": CONTINUE, "merge_outputs_1": CONTINUE}

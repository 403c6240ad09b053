"""What a plan costs, for every branch and item."""

from decimal import Decimal

from support.planning import planned, tasks

from aipipe.catalog.price import FREE
from aipipe.planning.estimate import EstimateLine, estimate


def test_the_embedded_engine_merges_splits_and_mocks_are_free() -> None:
    text = """
        prompt: x
        steps:
          - {id: a, type: text_to_image, model: painter}
          - {id: b, type: merge_outputs, merge_strategy: collect}
          - {id: c, type: text_to_speech, model: local}
        """

    found = tasks(planned(text, mock=True))
    assert {path: task.total for path, task in found.items()} == dict.fromkeys("abc", FREE)
    assert [(task.plugin, task.model, task.provider, task.mock) for task in found.values()] == [
        ("step:text_to_image", "painter", "acme", True),
        ("merge:collect", "collect", "local", False),
        ("step:text_to_speech", "local", "local", False),
    ]


def test_a_model_is_called_by_its_own_name_and_priced() -> None:
    task = tasks(
        planned("""
            steps: [{id: a, type: text_to_image, model: pencil, params: {prompt: x}}]
            """)
    )["a"]

    assert (task.asked, task.model, task.provider, task.endpoint, task.plugin) == (
        "pencil",
        "sketcher",
        "acme",
        "acme/sketcher",
        "provider:acme",
    )
    assert (task.total.low, task.total.likely, task.total.at_most) == (Decimal("0.01"),) * 3


def test_a_retired_model_gives_way_to_its_replacement_with_a_notice() -> None:
    plan = planned("steps: [{id: a, type: text_to_image, model: old_painter, params: {prompt: x}}]")

    assert (tasks(plan)["a"].asked, tasks(plan)["a"].model) == ("old_painter", "painter")
    assert [notice.message for notice in plan.notices] == [
        "model 'old_painter' was shut down on 2026-08-17; 'painter' takes its place"
    ]


def test_an_endpoint_costs_what_the_step_says_and_is_else_unknown() -> None:
    plan = planned("""
        steps:
          - {id: a, type: text_to_image, model: "acme:x/y", price: 0.5, params: {prompt: x}}
          - {id: b, type: text_to_image, model: x/y, provider: acme, params: {prompt: x}}
          - {id: c, type: text_to_image, model: mystery, params: {prompt: x}}
        """)
    priced = estimate(plan)

    assert [task.total.at_most for task in plan.tasks] == [Decimal("0.5"), None, None]
    assert (priced.likely, priced.at_most, priced.known_likely) == (None, None, Decimal("0.5"))
    assert priced.unknown == ("b", "c")


def test_every_item_is_priced_by_its_own_length() -> None:
    plan = planned("""
        steps:
          - id: b
            type: batch_parallel
            inputs: [aaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb, cccccccccc]
            step_template: {type: text_to_speech, model: speaker}
        """)
    task = tasks(plan)["b[]"]

    assert (task.estimate.likely, task.total.likely, task.times) == (
        Decimal("0.002"),
        Decimal("0.004"),
        3,
    )


def test_a_text_of_nested_items_is_priced_for_every_combination() -> None:
    plan = planned("""
        steps:
          - id: b
            type: batch_parallel
            as: outer
            inputs: [aa, bbbb]
            steps:
              - id: c
                type: batch_parallel
                inputs: [x, yyy]
                steps:
                  - {id: both, type: text_to_speech, model: speaker,
                     params: {text: "${{ outer }}${{ item }}"}}
                  - {id: one, type: text_to_speech, model: speaker,
                     params: {text: "${{ outer }}"}}
        """)

    assert {path: (task.times, task.total.likely) for path, task in tasks(plan).items()} == {
        "b[].c[].both": (4, Decimal("0.002")),
        "b[].c[].one": (4, Decimal("0.0012")),
    }


def test_an_items_place_is_priced_by_its_digits() -> None:
    plan = planned("""
        steps:
          - id: b
            type: batch_parallel
            inputs: [a, b, c, d, e, f, g, h, i, j]
            step_template:
              type: text_to_speech
              model: speaker
              params: {text: "${{ item.index }}"}
        """)

    assert tasks(plan)["b[]"].total.likely == Decimal("0.0011")


def test_only_an_end_that_is_near_is_told() -> None:
    plan = planned("""
        prompt: x
        steps:
          - {type: text_to_image, model: leaving}
          - {type: text_to_image, model: lasting}
        """)

    assert [notice.message for notice in plan.notices] == ["model 'leaving' ends on 2026-12-24"]


def test_the_number_of_outputs_counts() -> None:
    plan = planned("""
        steps: [{id: a, type: text_to_image, model: painter, params: {prompt: x, count: 3}}]
        """)

    assert tasks(plan)["a"].total.likely == Decimal("0.12")


def test_an_unknown_number_of_items_leaves_the_price_open() -> None:
    plan = planned("""
        prompt: x
        steps:
          - {id: a, type: text_to_image, model: painter}
          - {id: poem, type: text_to_text, model: local}
          - {id: lines, type: split_input, split_strategy: lines}
          - {id: b, type: batch_parallel, step_template: {type: text_to_image, model: painter}}
        """)
    priced = estimate(plan)

    assert tasks(plan)["b[]"].total.at_most is None
    assert tasks(plan)["b[]"].estimate.likely == Decimal("0.04")
    assert (priced.calls, priced.at_most, priced.known_likely) == (None, None, Decimal("0.04"))
    assert priced.unknown == ("b[]",)


def test_an_estimate_has_a_line_for_each_task_in_the_order_written() -> None:
    plan = planned("""
        prompt: x
        steps:
          - {id: a, type: text_to_image, model: painter}
          - id: g
            type: parallel_group
            steps:
              - {type: text_to_image, model: painter}
              - {type: batch_parallel, inputs: [p, q], steps: [
                  {type: text_to_image, model: sketcher}, {type: image_to_video, model: mover}]}
          - {id: z, type: image_to_video, model: mover, params: {image: "${{ steps.a }}"}}
        """)
    priced = estimate(plan)

    assert [_facts(line) for line in priced.lines] == [
        ("steps", "1", "a", 1, Decimal("0.04")),
        ("g", "1", "g.1", 1, Decimal("0.04")),
        ("g", "2.1", "g.2[].text_to_image_1", 2, Decimal("0.02")),
        ("g", "2.2", "g.2[].image_to_video_1", 2, Decimal("0.56")),
        ("steps", "3", "z", 1, Decimal("0.28")),
    ]
    assert (priced.calls, priced.low, priced.likely, priced.at_most) == (
        7,
        Decimal("0.94"),
        Decimal("0.94"),
        Decimal("0.94"),
    )


def _facts(line: EstimateLine) -> tuple[str, str, str, int | None, Decimal | None]:
    return (line.section, line.position, line.task.path, line.times, line.price.likely)

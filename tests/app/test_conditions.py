"""Conditions against what was made and paid for before."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought, ready
from support.paid import DOLLAR, Shop

from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.contracts.status import Status
from aipipe.errors import MissingKeyError

TEXT = """\
name: checked
prompt: a fox
steps:
  - {id: check, type: text_to_text, model: "shop:text", price: 1}
  - id: next
    type: text_to_text
    model: "shop:text"
    price: 1
    when: "'yes' in steps.check.output"
  - id: cheap
    type: text_to_text
    model: "shop:text"
    price: 1
    input: a hare
    when: steps.check.cost < 0.5
"""


def test_before_the_first_run_everything_is_priced_and_then_only_what_will_run(
    tmp_path: Path,
) -> None:
    shop = Shop(saying="no")
    before = ready(TEXT, tmp_path, shop).estimate

    summary = bought(TEXT, tmp_path, shop)
    after = ready(TEXT, tmp_path, shop).estimate

    assert (before.calls, before.at_most) == (3, Decimal(3))
    assert summary.counts == {Status.DONE: 1, Status.SKIPPED: 2}
    assert (summary.exit_code, shop.charged) == (0, DOLLAR)
    assert (after.calls, after.reused, after.at_most) == (1, 1, Decimal(1))


@pytest.mark.parametrize(("saying", "end"), [("yes", Status.DONE), ("no", Status.SKIPPED)])
def test_the_same_condition_on_a_reused_text_comes_to_the_same(
    tmp_path: Path, saying: str, end: Status
) -> None:
    shop = Shop(saying=saying)
    first = bought(TEXT, tmp_path, shop)

    again = bought(TEXT, tmp_path, shop)

    assert [row.status for row in first.rows()][:2] == [Status.DONE, end]
    reused = Status.REUSED if end is Status.DONE else end
    assert [row.status for row in again.rows()][:2] == [Status.REUSED, reused]


SKIPPED = """\
vars: {quality: low}
steps:
  - {type: text_to_image, model: flux_dev, params: {prompt: x}, when: vars.quality == 'high'}
"""


def test_a_step_that_is_known_to_be_skipped_needs_no_key(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(SKIPPED, encoding="utf-8")
    environment = {"AIPIPE_HOME": str(tmp_path / "home")}
    options = Options(file=str(file), output_dir=str(tmp_path / "out"), environment=environment)

    assert prepare(options).estimate.calls == 0
    with pytest.raises(MissingKeyError):
        prepare(replace(options, vars={"quality": "high"}))

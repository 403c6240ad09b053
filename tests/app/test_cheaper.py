"""What is told of cheaper models where a cap stands in the way."""

from decimal import Decimal
from pathlib import Path

import pytest

from aipipe.app import cheaper, discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.setting import Setting, setting_of
from aipipe.contracts.call import Call
from aipipe.contracts.outcome import Problem, Rejected, SubmitOutcome
from aipipe.contracts.provider import Provider
from aipipe.contracts.tools import Tools
from aipipe.errors import CapError
from aipipe.planning.cheaper import offers
from aipipe.planning.estimate import estimate

PICTURES = """\
name: pictures
prompt: a lighthouse in fog
steps:
  - id: pictures
    type: parallel_group
    parallel_steps:
      - {type: text_to_image, model: seedream}
      - {type: text_to_image, model: flux_schnell}
"""


def refuse(call: Call, tools: Tools) -> SubmitOutcome:
    del call, tools
    return Rejected(problem=Problem(code="fal.closed", message="closed"))


def world() -> Setting:
    """The package's own, with a fal that can be called and no other provider."""
    fal = Provider(name="fal", title="fal", submit=refuse)
    return setting_of(discover.own_registry().with_plugins([fal]), discover.catalog())


def options(folder: Path, text: str = PICTURES, most: str | None = None) -> Options:
    file = folder / "pictures.yaml"
    file.write_text(text, encoding="utf-8")
    return Options(
        file=str(file),
        output_dir=str(folder / "out"),
        max_cost=None if most is None else Decimal(most),
        environment={"AIPIPE_HOME": str(folder / "home")},
    )


def test_a_cap_that_is_too_low_is_told_with_cheaper_models(tmp_path: Path) -> None:
    with pytest.raises(CapError) as told:
        prepare(options(tmp_path, most="0.01"), world())

    assert told.value.hints[-1] == "cheaper: seedream → flux_schnell saves $0.037"


def test_the_cheapest_model_has_no_cheaper_one(tmp_path: Path) -> None:
    ready = prepare(options(tmp_path), world())
    dear, cheap = ready.plan.tasks

    assert offers(cheap, discover.catalog()) == ()
    prices = [each.likely for each in offers(dear, discover.catalog())]
    assert prices == sorted(prices)
    assert max(prices) < Decimal("0.04")


def test_a_step_that_says_its_own_price_gets_no_offers(tmp_path: Path) -> None:
    text = PICTURES.replace("model: seedream", "model: seedream, price: 3")
    ready = prepare(options(tmp_path, text), world())

    assert offers(next(iter(ready.plan.tasks)), discover.catalog()) == ()


def test_only_providers_that_can_be_called_are_offered(tmp_path: Path) -> None:
    ready = prepare(options(tmp_path), world())
    priced = estimate(ready.plan)
    nobody = setting_of(discover.own_registry(), discover.catalog())

    assert cheaper.swaps(priced, nobody, ready.options) == ()


@pytest.mark.parametrize(
    ("left", "models"),
    [("0.001", []), ("0.004", ["flux_schnell"]), ("0.005", ["flux_schnell", "z_image_turbo"])],
)
def test_what_is_offered_for_a_refused_step_fits_what_is_left(
    tmp_path: Path, left: str, models: list[str]
) -> None:
    ready = prepare(options(tmp_path), world())
    dear = next(iter(ready.plan.tasks))

    found = cheaper.fitting(ready.plan, [dear.number] * 2, Decimal(left), world(), ready.options)

    assert [each.model for fit in found for each in fit.offers] == models

"""Which prices count: those that ship, and what providers have told since."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from providers.cases import Stage, serve
from providers.fal_case import FAL
from support.buying import calls
from support.till.replies import Reply

from aipipe.app import discover, price_checks, prices
from aipipe.app.check import check, checked_plan
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.price_checks import Check, NoList, NotTold, Told, ask, compare
from aipipe.app.run import run
from aipipe.app.setting import setting
from aipipe.contracts.outcome import Problem
from aipipe.contracts.provider import ListedPrice, Provider
from aipipe.language.diagnostics import Severity
from aipipe.memory import price_lists
from aipipe.memory.price_lists import PriceList
from aipipe.planning.estimate import estimate

DAY = date(2026, 11, 24)
FLUX = """\
name: foxes
steps:
  - {type: text_to_image, model: flux, params: {prompt: a red fox}}
  - {type: text_to_image, model: nano_banana_2, params: {prompt: a red fox}}
"""


def told(**amounts: str) -> PriceList:
    """What fal lists of these models, each in the unit that the catalogue counts."""
    models = discover.catalog().models
    units = {ours: word for word, ours in discover.registry().providers["fal"].price_units.items()}
    found = {
        models[name].endpoint: ListedPrice(
            amount=Decimal(amount),
            unit=units[models[name].price.unit],
            currency="USD",
            address="https://api.fal.ai/v1",
        )
        for name, amount in amounts.items()
    }
    return PriceList(on=DAY, prices=found)


def options(folder: Path) -> Options:
    file = folder / "foxes.yaml"
    file.write_text(FLUX, encoding="utf-8")
    return Options(file=str(file), environment={"AIPIPE_HOME": str(folder)})


def test_what_a_provider_told_is_what_a_plan_goes_by_and_it_says_so(tmp_path: Path) -> None:
    price_lists.keep(tmp_path, {"fal": told(flux_dev="0.03", nano_banana_2="0.5")})

    plan, checked = checked_plan(options(tmp_path), setting(tmp_path))
    lines = [(each.price.likely, each.price.priced) for each in estimate(plan).lines]

    assert lines == [(Decimal("0.03"), "2026-11-24"), (Decimal("0.08"), "undated")]
    assert [(each.severity, each.message) for each in checked.diagnostics] == [
        (Severity.NOTE, "priced by fal's own list, 2026-11-24: flux_dev")
    ]


def test_checking_a_file_reads_no_prices(tmp_path: Path) -> None:
    (tmp_path / "prices.json").write_text("damaged")

    assert check(options(tmp_path)).diagnostics == ()


@pytest.mark.parametrize("text", ["", "{", '{"v": 9, "lists": {}}'])
def test_a_file_of_no_use_is_a_warning_and_the_prices_that_ship_count(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "prices.json").write_text(text)

    plan, checked = checked_plan(options(tmp_path), setting(tmp_path))
    (warning,) = checked.diagnostics

    assert [each.price.likely for each in estimate(plan).lines] == [
        Decimal("0.025"),
        Decimal("0.08"),
    ]
    assert warning.severity is Severity.WARNING
    assert warning.message.startswith(f"the prices in '{tmp_path / 'prices.json'}' are not used: ")


@pytest.mark.parametrize("amount", ["0", "-1", "0.0000001", "99"])
def test_an_absurd_figure_changes_nothing(amount: str, tmp_path: Path) -> None:
    price_lists.keep(tmp_path, {"fal": told(flux_dev=amount)})

    found = prices.current(discover.catalog(), discover.registry, tmp_path)

    assert found.catalog.models == discover.catalog().models


def test_an_unknown_price_stays_unknown(tmp_path: Path) -> None:
    price_lists.keep(tmp_path, {"fal": told(seedream_5_pro="0.05", flux_2_max="0")})

    found = prices.current(discover.catalog(), discover.registry, tmp_path)

    assert found.listed == {}
    assert found.catalog.models["seedream_5_pro"].price.usd is None


def test_a_list_of_a_provider_that_is_gone_is_left_alone(tmp_path: Path) -> None:
    price_lists.keep(tmp_path, {"gone": told(flux_dev="0.03")})

    assert prices.current(discover.catalog(), discover.registry, tmp_path).listed == {}


def test_a_run_goes_by_what_was_told_where_a_call_brings_no_receipt(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        home = stage.folder / "home"
        price_lists.keep(home, {"fal": told(flux_dev="0.031")})
        stage.fake.trouble("price", Reply(status=403))
        file = stage.folder / "one.yaml"
        file.write_text(f"name: one\nsteps:\n{FAL.step}", encoding="utf-8")
        environment = {"AIPIPE_HOME": str(home), **stage.fake.environment}
        out = str(stage.folder / "out")
        ready = prepare(Options(file=str(file), output_dir=out, environment=environment))
        run(ready)
        (call,) = calls(stage.folder)

        assert (ready.estimate.likely, ready.cap) == (Decimal("0.031"), Decimal("0.031"))
        assert (call.billed, call.state.computed) == (31_000_000, True)

    serve(FAL, tmp_path, play)


def _no_key(_name: str) -> None:
    return None


def lister(name: str, prices: object, keys: tuple[str, ...] = ()) -> Provider:
    def listed(_endpoints: object, _tools: object) -> object:
        if isinstance(prices, Exception):
            raise prices
        return prices

    return Provider(name=name, title=name.title(), keys=keys, prices=listed)  # type: ignore[arg-type]


def test_one_that_can_not_be_asked_keeps_no_other_from_answering() -> None:
    providers = [
        lister("acme", {}),
        lister("broken", ValueError("a bug")),
        lister("closed", {}, keys=("CLOSED_KEY",)),
        Provider(name="mute", title="Mute"),
    ]

    found = ask(providers, [], _no_key)

    assert [type(each) for each in found] == [Told, NotTold, NotTold, NoList]
    assert found[2] == NotTold(
        provider=providers[2], problem=Problem(code="missing_key", message="CLOSED_KEY is not set")
    )


def test_keeping_leaves_the_lists_of_those_who_were_not_asked(tmp_path: Path) -> None:
    price_lists.keep(tmp_path, {"acme": told(flux_dev="1"), "fal": told(flux_dev="2")})
    answers = (Told(provider=lister("fal", {}), prices=told(flux_dev="3").prices),)
    found = Check(answers=answers, compared=(), on=date(2026, 12, 1))

    kept = price_checks.keep(found, tmp_path)

    assert kept.kept == tmp_path / "prices.json"
    assert price_lists.read(tmp_path) == {
        "acme": told(flux_dev="1"),
        "fal": PriceList(on=date(2026, 12, 1), prices=told(flux_dev="3").prices),
    }


def test_keeping_takes_the_place_of_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "prices.json").write_text("{")
    answers = (Told(provider=lister("fal", {}), prices=told(flux_dev="3").prices),)

    price_checks.keep(Check(answers=answers, compared=(), on=DAY), tmp_path)

    assert price_lists.read(tmp_path) == {"fal": told(flux_dev="3")}


def test_models_that_were_shut_down_are_neither_asked_for_nor_compared() -> None:
    asked: list[str] = []

    def listed(endpoints: list[str], _tools: object) -> dict[str, ListedPrice]:
        asked.extend(endpoints)
        return {}

    fal = Provider(name="fal", title="fal", prices=listed)  # type: ignore[arg-type]
    models = discover.catalog().models.values()
    compared = compare(models, ask([fal], models, _no_key))
    gone = {model.endpoint for model in models if model.retired is not None}

    assert gone.isdisjoint(asked)
    assert {each.model.endpoint for each in compared} == set(asked)

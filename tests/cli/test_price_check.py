"""`aipipe models --check-prices`: asked at fal's fake, shown as the user sees it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from support.fakes.fal import Fal
from support.golden import golden
from support.keyless import keyless
from support.till.replies import of_json
from support.till.server import served

from aipipe.app.environment import Environment
from aipipe.catalog.catalogue import Catalog
from aipipe.catalog.model import Model, Price, Retirement
from aipipe.cli import price_check
from aipipe.cli.main import main
from aipipe.cli.price_check import Manner
from aipipe.cli.screen import screen
from aipipe.errors import ExitCode, UsageError
from aipipe.memory import price_lists

GOLDEN = Path(__file__).parent / "golden"


def model(name: str, usd: str | None, *, unit: str = "image", **price: object) -> Model:
    amount = None if usd is None else Decimal(usd)
    return Model(
        name=name,
        types=("text_to_image",),
        provider="fal",
        endpoint=f"fal-ai/{name}",
        medium="image",
        formats=("png",),
        price=Price(unit=unit, usd=amount, **price),  # type: ignore[arg-type]
    )


RULES = {"true": Decimal("0.2")}
MODELS = (
    model("dearer", "0.025", unit="megapixel"),
    model("cheaper", "0.04", as_of="2026-04"),
    model("hardly", "1"),
    model("gratis", "0"),
    model("same", "0.025"),
    *(model(f"ruled_{n}", "0.1", by=("audio",), rules=RULES) for n in range(5)),
    model("clip", "0.1", unit="second"),
    model("mystery", None),
    model("euro", "0.1"),
    model("nothing", "0.1"),
    model("debt", "0.1"),
    model("far", "0.1"),
    model("strange", "0.1"),
    replace(model("gone", "0.04"), retired=Retirement(replacement="same")),
    replace(model("elsewhere", "0.04"), provider="replicate"),
    replace(model("other", "0.04"), provider="openai"),
)
LISTED: dict[str, dict[str, object]] = {
    "dearer": {"unit_price": 0.03, "unit": "megapixels"},
    "cheaper": {"unit_price": 0.036},
    "hardly": {"unit_price": 1.001},
    "clip": {"unit_price": 0.1, "unit": "units"},
    "mystery": {"unit_price": 0.05},
    "euro": {"currency": "EUR"},
    "nothing": {"unit_price": 0},
    "debt": {"unit_price": -0.5},
    "far": {"unit_price": 11},
}


@pytest.fixture
def fal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Fal]:
    """fal as this process finds it, in a world without other keys."""
    keyless(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    fake = Fal(prices={f"fal-ai/{name}": each for name, each in LISTED.items()})
    fake.unlisted = frozenset({"fal-ai/strange", "fal-ai/gone"})
    with served(fake) as base:
        fake.base = base
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        yield fake


def shown(
    fake: Fal,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    form: str = "table",
    *,
    refresh: bool = False,
    strict: bool = False,
    models: tuple[Model, ...] = MODELS,
) -> tuple[ExitCode, str]:
    """The exit code and what is printed."""
    code = price_check.perform(
        models,
        Catalog(models={each.name: each for each in models}, voices={}),
        Environment(variables={**fake.environment, "AIPIPE_HOME": str(home)}),
        Manner(form=form, refresh=refresh, strict=strict),
        screen(),
        today=lambda: date(2026, 11, 24),
    )
    out = capsys.readouterr().out.replace(str(home), "HOME").replace(fake.base, "http://fal")
    return code, out


def test_what_differs_is_a_table_and_the_rest_is_counted_with_the_reason(
    fal: Fal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = shown(fal, tmp_path, capsys)

    golden(GOLDEN / "prices.txt", out)
    assert code is ExitCode.OK
    assert fal.faults == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["json", "csv"])
def test_for_scripts_every_model_is_told(
    form: str, fal: Fal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = shown(fal, tmp_path, capsys, form)

    golden(GOLDEN / f"prices.{form}", out)


def test_what_is_refreshed_is_kept_with_its_day_and_where_it_came_from(
    fal: Fal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = shown(fal, tmp_path, capsys, refresh=True)
    (kept,) = price_lists.read(tmp_path).values()

    golden(GOLDEN / "prices_kept.txt", out)
    assert code is ExitCode.OK
    assert kept.on == date(2026, 11, 24)
    assert kept.prices["fal-ai/dearer"].amount == Decimal("0.03")
    assert {each.address for each in kept.prices.values()} == {f"{fal.base}/v1"}


def test_with_strict_a_difference_is_a_failure_and_agreement_is_none(
    fal: Fal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = tuple(each for each in MODELS if each.name in {"same", "mystery"})

    assert shown(fal, tmp_path, capsys, strict=True)[0] is ExitCode.STEPS_FAILED
    assert shown(fal, tmp_path, capsys, strict=True, models=same) == (
        ExitCode.OK,
        (
            "compared      1: 0 differ, 1 agrees\n"
            "not compared  1 without a price of ours: mystery ($0.05, images)\n"
        ),
    )


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(("models", *arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_without_a_key_nobody_is_asked_and_the_key_is_named(
    fal: Fal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FAL_KEY")

    assert told(capsys, "--check-prices") == (
        2,
        "",
        (
            "error: fal could not be asked: FAL_KEY is not set\n"
            "  in the environment, or as a line of '.env':  FAL_KEY=…\n"
        ),
    )
    assert fal.seen == []


def test_a_key_may_stand_in_a_file(
    fal: Fal, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FAL_KEY")
    (tmp_path / "ci.env").write_text(f"FAL_KEY={fal.key}\n", encoding="utf-8")

    assert told(capsys, "flux", "--check-prices", "--env-file", "ci.env")[0] == 0


def test_a_provider_without_a_list_is_told_to_have_none(
    fal: Fal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "--provider", "replicate", "--refresh") == (
        2,
        "",
        (
            "error: no list of prices can be asked for at replicate\n"
            "  aipipe models --undated  shows which of our prices have no date\n"
        ),
    )
    assert fal.seen == []


def test_an_answer_that_quotes_the_key_is_told_without_it(
    fal: Fal, capsys: pytest.CaptureFixture[str]
) -> None:
    fal.trouble("price", of_json(401, {"error": {"message": fal.key}}))

    code, out, err = told(capsys, "--refresh")

    assert (code, out) == (2, "")
    assert "fal could not be asked: 401: " in err
    assert "canary" not in err
    assert price_lists.read(Path("home")) == {}


def test_what_is_kept_is_what_the_catalogue_shows_until_the_file_is_deleted(
    fal: Fal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fal.prices["fal-ai/flux/dev"] = {"unit_price": 0.031, "unit": "megapixels"}
    before = price_of("flux_dev", capsys)
    told(capsys, "flux_dev", "--refresh")

    after = price_of("flux_dev", capsys)
    day = price_lists.read(tmp_path / "home")["fal"].on.isoformat()
    (tmp_path / "home" / "prices.json").unlink()

    assert after == ("0.031", day, f"fal's own list, {day}")
    assert price_of("flux_dev", capsys) == before
    assert before[0] == "0.025"


def price_of(name: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str | None, str]:
    found = json.loads(told(capsys, name, "--type", "text_to_image", "--json")[1])
    return found[0]["price"]["usd"], found[0]["price"]["as_of"], found[0]["price"]["source"]


def test_a_damaged_file_is_a_warning_of_the_catalogue_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "prices.json").write_text("{")

    code, out, err = told(capsys, "--json")

    assert code == 0
    assert len(json.loads(out)) > 50
    assert err == (
        f"warning: the prices in '{tmp_path / 'home' / 'prices.json'}' are not used: it is damaged;"
        " those that came with aipipe count\n"
        "  aipipe models --refresh  asks the providers anew; or delete the file\n"
    )


def test_the_undated_are_those_without_a_date(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--undated")

    assert code == 0
    assert "flux_dev " in out
    assert "seedream_4_5 " not in out


def test_nobody_is_asked_for_nothing_here() -> None:
    with pytest.raises(UsageError, match="no list of prices can be asked for at openai"):
        price_check.perform(
            MODELS[-1:],
            Catalog(models={}, voices={}),
            Environment(variables={}),
            Manner(form="table", refresh=True, strict=False),
            screen(),
        )

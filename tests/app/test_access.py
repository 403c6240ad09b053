"""What each provider is reached with, and that keys are found where calls look for them."""

from pathlib import Path

import pytest
from support.paid import texts

from aipipe.app import discover
from aipipe.app.access import Key, Moved, accesses
from aipipe.app.environment import Environment, beside
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import run
from aipipe.app.setting import setting_of
from aipipe.contracts.call import Call, Produced, Receipt
from aipipe.contracts.outcome import Finished, SubmitOutcome
from aipipe.contracts.provider import Address, Provider
from aipipe.contracts.registry import registry_of
from aipipe.contracts.tools import Tools
from aipipe.errors import MissingKeyError

PAIR = Provider(name="pair", title="Pair", keys=("FIRST_KEY", "SECOND_KEY"))


def keys(environment: Environment) -> tuple[Key, ...]:
    return accesses(registry_of([PAIR]), environment)[0].keys


def moved(value: str, *, other: str = "") -> tuple[Moved, ...]:
    address = Address(otherwise="https://there/v1", variables=("OUR_URL", "SDK_URL"))
    provider = Provider(name="one", title="One", addresses={"api": address})
    around = Environment(variables={"OUR_URL": value, "SDK_URL": other})
    return accesses(registry_of([provider]), around)[0].moved


def test_of_two_keys_the_first_that_is_set_counts() -> None:
    both = keys(Environment(variables={"FIRST_KEY": "a", "SECOND_KEY": "b"}))
    second = keys(Environment(variables={"FIRST_KEY": " ", "SECOND_KEY": "b"}))
    none = keys(Environment(variables={}))

    assert [(each.source, each.counts) for each in (*both, *second, *none)] == [
        ("environment", True),
        ("environment", False),
        (None, False),
        ("environment", True),
        (None, False),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://127.0.0.1:9/v1/", "http://127.0.0.1:9/v1"),
        ("https://gate/v1?token=canary#canary", "https://gate/v1"),
        ("https://ann:canary@gate/v1", None),
        ("canary", None),
        ("canary://gate", None),
        ("http://gate:canary", None),
    ],
)
def test_a_moved_address_is_shown_without_what_may_be_secret(value: str, shown: str | None) -> None:
    assert moved(value) == (Moved(part="api", variable="OUR_URL", address=shown),)


def test_the_first_variable_that_is_set_moves_an_address() -> None:
    found = [moved(" ", other="http://sdk"), moved("http://our", other="http://sdk"), moved("")]

    assert [[(each.variable, each.address) for each in of] for of in found] == [
        [("SDK_URL", "http://sdk")],
        [("OUR_URL", "http://our")],
        [],
    ]


def test_no_provider_of_ours_has_a_variable_for_a_key_and_for_an_address() -> None:
    providers = discover.own_registry().providers.values()
    places = [name for each in providers for at in each.addresses.values() for name in at.variables]

    assert not {key for each in providers for key in each.keys} & set(places)


# --- a run


def options(folder: Path, around: Environment) -> Options:
    (folder / "texts.yaml").write_text(texts("1"), encoding="utf-8")
    return Options(
        file=str(folder / "texts.yaml"),
        output_dir=str(folder / "out"),
        environment=around.variables,
        env_file=around.file,
        notices=around.notices,
    )


def test_a_call_gets_its_key_from_the_file_and_its_address_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("SHOP_KEY=canary\nSHOP_URL=http://thief\n", encoding="utf-8")
    at = Address(otherwise="https://shop", variables=("SHOP_URL",))
    seen: list[tuple[str | None, str]] = []

    def sell(call: Call, tools: Tools) -> SubmitOutcome:
        seen.append((tools.secret("SHOP_KEY"), at.chosen(tools.secret)))
        made = tools.sink.adopt_text(f"made {call.task}")
        return Finished(produced=Produced(artefacts=(made,), receipt=Receipt(nano_usd=1)))

    shop = Provider(
        name="shop", title="Shop", keys=("SHOP_KEY",), addresses={"api": at}, submit=sell
    )
    registry = discover.own_registry().with_plugins([shop])
    around = beside({"AIPIPE_HOME": str(tmp_path / "home")}, lambda: registry)

    prepared = prepare(options(tmp_path, around), setting_of(registry, discover.catalog()))
    summary = run(prepared)

    assert (summary.exit_code, seen) == (0, [("canary", "https://shop")])
    assert [each.message for each in prepared.diagnostics if each.code == "env_file"] == [
        (
            "SHOP_URL in '.env' is not used: keys are sent to an address, "
            "so only the environment may move it"
        )
    ]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"canary" in path.read_bytes()] == [".env"]


def test_where_a_key_is_missing_the_file_is_named_and_what_is_wrong_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes(b"SHOP_KEY=\xff")
    shop = Provider(name="shop", title="Shop", keys=("SHOP_KEY",))
    registry = discover.own_registry().with_plugins([shop])
    around = beside({"AIPIPE_HOME": str(tmp_path / "home")}, lambda: registry)

    with pytest.raises(MissingKeyError) as error:
        prepare(options(tmp_path, around), setting_of(registry, discover.catalog()))

    assert error.value.hints[:2] == (
        "can't read '.env': it is not UTF-8 text (byte 10)",
        "in the environment, or as a line of '.env':  SHOP_KEY=…",
    )

"""The commands, on small pipelines that only the embedded engine serves."""

import csv
import json
import os
from pathlib import Path

import pytest
from support.golden import golden

from aipipe.cli.main import main

GOLDEN = Path(__file__).parent / "golden"
GOOD = """\
name: two_texts
prompt: a lighthouse in fog
steps:
  - id: drafts
    type: parallel_group
    parallel_steps:
      - {id: one, type: text_to_text, model: local, params: {output_file: one.txt}}
      - {id: two, type: text_to_text, model: local, params: {output_file: two.txt}}
  - id: joined
    type: merge_outputs
    merge_strategy: concat_text
    params: {output_file: joined.txt}
"""
BAD = GOOD.replace("model: local, params: {output_file: two.txt}", "modle: local").replace(
    "concat_text", "concat_texts"
)
PAID = """\
name: paid
prompt: a lighthouse in fog
steps:
  - type: parallel_group
    parallel_steps:
      - {type: text_to_image, model: flux}
      - {type: text_to_image, model: seedream}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with a home of its own and no keys."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FAL_KEY", raising=False)
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    (tmp_path / "paid.yaml").write_text(PAID, encoding="utf-8")
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.usefixtures("folder")
def test_validate_says_what_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "validate", "good.yaml") == (
        0,
        "ok: good.yaml · 3 steps, 3 calls at most\n",
        "",
    )
    assert told(capsys, "validate", "good.yaml", "-q") == (0, "", "")


@pytest.mark.usefixtures("folder")
def test_validate_shows_every_fault_of_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "validate", "good.yaml", "bad.yaml", "nothing.yaml")

    assert (code, err) == (2, "")
    golden(GOLDEN / "validate.txt", out)


@pytest.mark.usefixtures("folder")
def test_validate_as_json_is_a_list_of_faults(capsys: pytest.CaptureFixture[str]) -> None:
    fine = told(capsys, "validate", "good.yaml", "--json")
    code, out, _ = told(capsys, "validate", "bad.yaml", "nothing.yaml", "--json")

    assert fine == (0, "[]\n", "")
    assert code == 2
    assert {each["file"] for each in json.loads(out)} == {"bad.yaml", "nothing.yaml"}


@pytest.mark.usefixtures("folder")
def test_validate_annotates_for_github(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "validate", "bad.yaml", "--format", "github")

    assert code == 2
    assert all(line.startswith("::error file=bad.yaml,line=") for line in out.splitlines())


def test_commands_that_only_look_write_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(folder)

    codes = [
        told(capsys, *arguments)[0]
        for arguments in (
            ("validate", "good.yaml"),
            ("plan", "good.yaml"),
            ("estimate-cost", "paid.yaml"),
            ("run", "good.yaml", "--dry-run"),
            ("models",),
            ("voices",),
            ("errors",),
            ("init",),
            ("schema",),
            ("doctor",),
        )
    ]

    assert codes == [0] * 10
    assert files(folder) == before


@pytest.mark.usefixtures("folder")
def test_the_plan_shows_where_everything_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "plan", "good.yaml")

    assert (code, err) == (0, "")
    golden(GOLDEN / "plan_command.txt", out)


@pytest.mark.usefixtures("folder")
def test_the_estimate_needs_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "estimate-cost", "paid.yaml")
    rows = csv.DictReader(
        told(capsys, "estimate-cost", "paid.yaml", "--format", "csv")[1].splitlines()
    )

    assert (code, err) == (0, "")
    golden(GOLDEN / "estimate_command.txt", out)
    assert [row["asked"] for row in rows] == ["flux", "seedream"]


def test_a_run_writes_its_outputs_and_tells_the_end(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, "run", "good.yaml", "-o", "made")

    assert code == 0
    assert files(folder / "made") == {"one.txt", "two.txt", "joined.txt", "run.json"}
    assert "3 done in " in out
    assert " plan    two_texts run=" in err


def test_a_runs_json_is_the_same_as_its_run_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, "run", "good.yaml", "-o", "made", "--json", "--progress", "quiet")

    assert code == 0
    assert json.loads(out) == json.loads((folder / "made" / "run.json").read_text())
    assert json.loads(out)["status"] == "done"


@pytest.mark.usefixtures("folder")
def test_paths_are_what_a_script_goes_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "run", "good.yaml", "--format", "paths", "-q")

    assert code == 0
    assert all(Path(line).is_file() for line in out.splitlines())
    assert out.splitlines()[-1] == "output/two_texts/joined.txt"


def test_a_dry_run_shows_plan_and_price_and_does_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(folder)

    code, out, _ = told(capsys, "run", "good.yaml", "--dry-run")

    assert code == 0
    golden(GOLDEN / "dry_run.txt", out)
    assert files(folder) == before


@pytest.mark.usefixtures("folder")
def test_a_dry_run_needs_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    plan = told(capsys, "plan", "paid.yaml")
    priced = told(capsys, "estimate-cost", "paid.yaml")

    assert told(capsys, "run", "paid.yaml", "--dry-run") == (0, f"{plan[1]}\n{priced[1]}", "")


def test_what_is_no_folder_is_told_before_anything_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(folder)

    found = [told(capsys, "run", "good.yaml", "-o", f"bad.yaml{more}") for more in ("", "/a/b")]

    assert found == [
        (2, "", "error: 'bad.yaml' is a file, and should be the output folder\n"),
        (2, "", "error: 'bad.yaml' is a file, and should be a folder, for 'bad.yaml/a/b'\n"),
    ]
    assert files(folder) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_that_may_not_be_written_is_told_before_anything_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sealed").mkdir(mode=0o500)

    assert told(capsys, "run", "good.yaml", "-o", "sealed/made") == (
        2,
        "",
        "error: can't write into 'sealed': permission denied\n  --output-dir  writes elsewhere\n",
    )


def test_a_missing_key_is_told_before_anything_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(folder)

    code, out, err = told(capsys, "run", "paid.yaml")

    assert (code, out) == (2, "")
    golden(GOLDEN / "missing_key.txt", err)
    assert files(folder) == before


@pytest.mark.usefixtures("folder")
def test_faults_are_told_before_a_run_as_words_and_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = told(capsys, "run", "bad.yaml", "--json")

    assert code == 2
    golden(GOLDEN / "run_faults.txt", err)
    assert json.loads(out)["status"] == "failed"
    assert {each["line"] for each in json.loads(out)["errors"]} == {8, 11}


@pytest.mark.usefixtures("folder")
def test_init_tells_of_every_starter_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    golden(GOLDEN / "init.txt", told(capsys, "init")[1])


def test_init_says_where_it_can_not_write(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "made").mkdir()

    assert told(capsys, "init", "voices", "-o", "made", "--force") == (
        2,
        "",
        "error: 'made' is a folder\n  a file in it: -o made/voices.yaml\n",
    )
    assert told(capsys, "init", "voices", "-o", "none/a.yaml") == (
        2,
        "",
        "error: there is no folder 'none'\n",
    )


def test_init_writes_a_starter_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = told(capsys, "init", "quickstart")
    again = told(capsys, "init", "quickstart")
    forced = told(capsys, "init", "quickstart", "--force")
    text = (folder / "quickstart.yaml").read_text(encoding="utf-8")

    assert first[0] == forced[0] == 0
    assert first[1].endswith("next: aipipe run quickstart.yaml\n")
    assert again == (
        2,
        "",
        (
            "error: 'quickstart.yaml' is there already\n"
            "  --force  replaces it\n"
            "  -o FILE  writes elsewhere\n"
        ),
    )
    assert text.startswith("# yaml-language-server: $schema=file://")
    assert told(capsys, "validate", "quickstart.yaml")[0] == 0


def test_init_brings_the_files_that_a_starter_reads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = told(capsys, "init", "product_shots")
    own = folder / "product_shots" / "products.csv"
    own.write_text("id\nmine\n", encoding="utf-8")
    (folder / "product_shots.yaml").unlink()
    again = told(capsys, "init", "product_shots")

    assert written[:2] == (
        0,
        (
            "wrote product_shots.yaml, product_shots/products.csv\n"
            "next: aipipe run product_shots.yaml\n"
        ),
    )
    assert again[2].startswith("error: 'product_shots/products.csv' is there already\n")
    assert own.read_text(encoding="utf-8") == "id\nmine\n"
    assert not (folder / "product_shots.yaml").exists()


@pytest.mark.usefixtures("folder")
def test_an_unknown_starter_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, "init", "quickstrat")

    assert code == 2
    assert err.startswith("error: unknown template 'quickstrat'\n  did you mean 'quickstart'?")


@pytest.mark.usefixtures("folder")
def test_the_schema_is_printed_or_its_place_is(capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = told(capsys, "schema")
    _, path, _ = told(capsys, "schema", "--path")

    assert json.loads(printed) == json.loads(Path(path.strip()).read_text(encoding="utf-8"))


@pytest.mark.usefixtures("folder")
def test_models_are_found_by_type_provider_and_alias(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(told(capsys, "models", "--type", "text_to_image", "--json")[1])
    named = told(capsys, "models", "flux")[1]

    assert {"text_to_image"} <= {each for model in listed for each in model["types"]}
    assert all("text_to_image" in model["types"] for model in listed)
    assert named.startswith("flux_dev   text_to_image\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("models", "fluxx"), "error: unknown model 'fluxx'\n  did you mean 'flux'?\n"),
        (
            ("models", "--type", "text_to_imag"),
            "error: unknown type 'text_to_imag'\n  did you mean 'text_to_image'?\n",
        ),
        (
            ("models", "--provider", "fall"),
            "error: unknown provider 'fall'\n  did you mean 'fal'?\n",
        ),
        (
            ("voices", "--model", "elevenlab"),
            (
                "error: unknown text_to_speech model 'elevenlab'\n"
                "  all of them: aipipe models --type text_to_speech\n"
            ),
        ),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_the_catalogue_does_not_have_is_suggested(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert told(capsys, *arguments) == (2, "", message)


@pytest.mark.usefixtures("folder")
def test_the_embedded_voices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, "voices", "--provider", "local", "--json")[1])

    assert {"rachel", "drew", "bella"} <= {voice["name"] for voice in found}

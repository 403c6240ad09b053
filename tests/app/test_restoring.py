"""What a run has published comes back as it was, and nobody else's file is touched."""

import hashlib
from pathlib import Path

import pytest
from support.buying import asked, bought
from support.paid import Shop, texts

from aipipe.app.files_of_runs import files_of
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.restoring import restore
from aipipe.app.run import run
from aipipe.contracts.outcome import Failed, Problem
from aipipe.errors import OutputInTheWayError, UsageError
from aipipe.memory.ledger.liveness import living

PICTURES = """\
name: pictures
prompt: {prompt}
steps:
  - {{id: hero, type: text_to_image, model: local, params: {{output_file: hero.jpg, size: 64x64}}}}
  - {{id: voice, type: text_to_speech, model: local, params: {{output_file: voice.wav}}}}
"""


def hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.iterdir() if path.suffix in {".txt", ".jpg", ".wav"}]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def local_run(folder: Path, prompt: str) -> str:
    file = folder / "pictures.yaml"
    file.write_text(PICTURES.format(prompt=prompt), encoding="utf-8")
    options = Options(
        file=str(file),
        output_dir=str(folder / "out"),
        environment={"AIPIPE_HOME": str(folder / "home")},
    )
    return run(prepare(options)).run


def test_the_files_of_an_earlier_run_come_back_byte_by_byte_and_are_ours(tmp_path: Path) -> None:
    first = local_run(tmp_path, "a fox")
    before = hashes(tmp_path / "out")
    local_run(tmp_path, "a hare")
    assert hashes(tmp_path / "out") != before

    found = restore(tmp_path / "home", first, None, overwrite=False)

    assert sorted(found.paths) == sorted(before)
    assert hashes(tmp_path / "out") == before
    local_run(tmp_path, "an owl")  # which may replace them


def test_they_can_go_elsewhere(tmp_path: Path) -> None:
    first = bought(texts("1", "1"), tmp_path, Shop())

    found = restore(tmp_path / "home", first.run, str(tmp_path / "there"), overwrite=False)

    assert found.folder == tmp_path / "there"
    assert hashes(tmp_path / "there") == hashes(tmp_path / "out")


def test_a_file_that_is_not_ours_is_in_the_way_and_nothing_is_written(tmp_path: Path) -> None:
    first = bought(texts("1", "1"), tmp_path, Shop())
    (tmp_path / "out" / "texts-2.txt").write_text("edited by hand", encoding="utf-8")
    (tmp_path / "out" / "texts-1.txt").unlink()

    with pytest.raises(OutputInTheWayError):
        restore(tmp_path / "home", first.run, None, overwrite=False)
    assert not (tmp_path / "out" / "texts-1.txt").exists()
    restore(tmp_path / "home", first.run, None, overwrite=True)

    assert (tmp_path / "out" / "texts-2.txt").read_text() != "edited by hand"


def test_what_is_no_longer_in_the_store_is_told_with_what_it_had_cost(tmp_path: Path) -> None:
    first = bought(texts("1", "1"), tmp_path, Shop(never_the_same=True))
    kept = asked(tmp_path, lambda ledger: files_of(ledger, first.run)[0].artefact.sha256)
    for path in (tmp_path / "home" / "store").rglob(f"{kept}.txt"):
        path.unlink()

    found = restore(tmp_path / "home", first.run, None, overwrite=False)

    assert len(found.paths) == 1
    assert [(each.path[:6], str(each.cost)) for each in found.missing] == [
        ("texts-", "1.000000000")
    ]


def test_an_unknown_run_is_told_with_those_that_are_like_it(tmp_path: Path) -> None:
    first = bought(texts("1"), tmp_path, Shop())

    with pytest.raises(UsageError) as told:
        restore(tmp_path / "home", first.run + "x", None, overwrite=False)

    assert f"'{first.run}'" in told.value.hints[0]


def test_a_run_that_was_gone_on_with_has_the_files_of_all_its_processes(tmp_path: Path) -> None:
    broken = Failed(problem=Problem(code="shop.broken", message="it broke"))
    shop = Shop(answers={"texts.2": broken})
    first = bought(texts("1", "1"), tmp_path, shop)
    shop.answers.clear()
    bought(texts("1", "1"), tmp_path, shop)

    found = restore(tmp_path / "home", first.run, str(tmp_path / "there"), overwrite=False)

    assert sorted(found.paths) == ["texts-1.txt", "texts-2.txt"]


def test_what_is_damaged_in_the_store_is_told_and_not_brought_back(tmp_path: Path) -> None:
    first = bought(texts("1"), tmp_path, Shop())
    (kept,) = (tmp_path / "home" / "store").rglob("*.txt")
    kept.chmod(0o600)
    kept.write_text("damaged", encoding="utf-8")

    found = restore(tmp_path / "home", first.run, str(tmp_path / "there"), overwrite=False)

    assert (found.paths, len(found.missing)) == ((), 1)


def test_a_run_that_is_going_on_is_left_alone(tmp_path: Path) -> None:
    first = bought(texts("1"), tmp_path, Shop())

    with living(tmp_path / "home", first.run), pytest.raises(UsageError, match="is going on"):
        restore(tmp_path / "home", first.run, None, overwrite=False)

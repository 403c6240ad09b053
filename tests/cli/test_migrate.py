"""`aipipe migrate`: what it writes, what it only shows, and what it leaves alone."""

from pathlib import Path

import pytest

from aipipe.cli.main import main

OLD = """\
# My film
prompt: a fox
temp_dir: temp
steps:
  - type: image_understanding
    model: "gemini_ocr"  # reads
    input: {image: fox.png}
    params:
      analysis_prompt: 'What is it?'  # the question
"""
NEW = """\
# My film
prompt: a fox
steps:
  - type: image_understanding
    model: "gemini_flash"  # reads
    input: {image: fox.png}
    params:
      prompt: 'What is it?'  # the question
"""
TOLD = """\
  'temp_dir' has no effect: files in work are in the store
  model 'gemini_ocr' was the earlier tool's own; 'gemini_flash' takes its place
  parameter 'analysis_prompt' is now 'prompt'
"""


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    file = tmp_path / "old.yaml"
    file.write_text(OLD, encoding="utf-8")
    return file


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["migrate", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_it_rewrites_a_file_and_says_what_changed(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "old.yaml") == (0, f"rewrote old.yaml · 3 changes\n{TOLD}", "")
    assert old.read_text(encoding="utf-8") == NEW


def test_a_file_that_needs_nothing_is_left_alone(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old.write_text(NEW, encoding="utf-8")
    before = old.stat()

    assert told(capsys, "old.yaml") == (0, "old.yaml: nothing to change\n", "")
    assert (old.stat().st_ino, old.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_check_writes_nothing_and_fails_where_something_would_change(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("new.yaml").write_text(NEW, encoding="utf-8")

    assert told(capsys, "--check", "new.yaml") == (0, "new.yaml: nothing to change\n", "")
    assert told(capsys, "--check", "old.yaml", "new.yaml") == (
        1,
        f"would rewrite old.yaml · 3 changes\n{TOLD}new.yaml: nothing to change\n",
        "",
    )
    assert old.read_text(encoding="utf-8") == OLD


def test_diff_writes_nothing_and_shows_the_lines(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, "--diff", "old.yaml")

    assert code == 0
    assert out.startswith("--- old.yaml\n+++ old.yaml\n@@ -1,9 +1,8 @@\n # My film\n")
    assert '-    model: "gemini_ocr"  # reads\n+    model: "gemini_flash"  # reads\n' in out
    assert old.read_text(encoding="utf-8") == OLD


def test_it_may_write_elsewhere(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "old.yaml", "-o", "-") == (0, NEW, "")
    assert told(capsys, "old.yaml", "-o", "new.yaml", "-q") == (0, "", "")
    assert Path("new.yaml").read_text(encoding="utf-8") == NEW
    assert old.read_text(encoding="utf-8") == OLD


def test_several_files_have_no_one_place_to_go_to(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = told(capsys, str(old), str(old), "-o", "new.yaml")

    assert (code, err.splitlines()[0]) == (2, "error: -o takes one file")


def test_what_it_cant_rewrite_safely_is_not_written(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    step = "{type: text_to_image, model: flux, params: %s}"
    text = f"temp_dir: t\nsteps: [{step % '&p {style: noir, seed: 1}'}, {step % '*p'}]\n"
    old.write_text(text, encoding="utf-8")

    assert told(capsys, "old.yaml") == (
        2,
        "",
        (
            "error: can't rewrite 'old.yaml': 'steps.1.params.style' stands behind an alias"
            " or '<<': write it out where it is used\n"
            "  nothing was written; aipipe validate  tells each form and that of today\n"
        ),
    )
    assert old.read_text(encoding="utf-8") == text


def test_a_byte_order_mark_line_ends_and_rights_stay(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old.write_bytes(b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode())
    old.chmod(0o640)

    assert told(capsys, "old.yaml", "-q")[0] == 0
    assert old.read_bytes() == b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode()
    assert old.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_one(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("link.yaml").symlink_to(old)

    assert told(capsys, "link.yaml", "-q")[0] == 0
    assert Path("link.yaml").is_symlink()
    assert old.read_text(encoding="utf-8") == NEW


def test_validate_tells_each_form_and_how_to_be_rid_of_them(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (old.parent / "fox.png").write_bytes(b"")
    main(["validate", "old.yaml"])
    out = capsys.readouterr().out.splitlines()

    assert [line.removeprefix("note: ") for line in out if line.startswith("note: ")] == [
        *(line.strip() for line in TOLD.splitlines()),
        "all of these are rewritten by:  aipipe migrate old.yaml",
    ]

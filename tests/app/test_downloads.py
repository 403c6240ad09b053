"""Files at addresses are downloaded once, before anything is spent, and only as what they are."""

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from PIL import Image
from support.fakes.files import film, picture, sound
from support.till.replies import SILENT, Manner
from support.web import HTML, Web, file, moved, web
from support.world import PATIENCE, ran, wait_for

from aipipe.app.downloads import Bounds, Downloads
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.media import AUDIO, IMAGE, TEXT, VIDEO, Medium
from aipipe.contracts.status import Status
from aipipe.errors import StepError, UsageError
from aipipe.media.probe import probe
from aipipe.memory.store import Store
from aipipe.planning.downloads import Wanted


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as found:
        yield found


def downloads(folder: Path, bounds: Bounds | None = None, **more: object) -> Downloads:
    store = Store(root=folder / "store", probe=probe)
    given = {"bounds": bounds or Bounds(), "pause": lambda _seconds: None, **more}
    return Downloads(store=store, **given)  # type: ignore[arg-type]


def got(folder: Path, address: str, medium: Medium = IMAGE) -> ArtefactRef:
    return downloads(folder).of(address, medium)


def told(folder: Path, address: str, medium: Medium = IMAGE, bounds: Bounds | None = None) -> str:
    """Why it can't be had, with the address as `…`."""
    with pytest.raises(StepError) as caught:
        downloads(folder, bounds).of(address, medium)
    assert caught.value.code == "input.download"
    return caught.value.message.replace(address.partition("?")[0], "…")


# --- one file


@pytest.mark.parametrize(
    ("body", "medium", "extension"),
    [
        (picture(), IMAGE, "png"),
        (picture(form="jpg"), IMAGE, "jpg"),
        (sound(), AUDIO, "mp3"),
        (film(), VIDEO, "mp4"),
        ("ein Füchslein".encode(), TEXT, "txt"),
    ],
)
def test_a_file_enters_the_store_as_what_it_is(
    site: Web, tmp_path: Path, body: bytes, medium: Medium, extension: str
) -> None:
    address = site.put("/red%20fox", body)

    found = got(tmp_path, address, medium)

    assert (found.medium, found.extension) == (medium, extension)
    assert (found.label, found.address) == ("red fox", address)
    assert downloads(tmp_path).store.path_of(found).read_bytes() == body


def test_a_text_in_utf_16_is_kept_as_utf_8(site: Web, tmp_path: Path) -> None:
    found = got(tmp_path, site.put("/fox.txt", "Füchse".encode("utf-16")), TEXT)

    assert found.text == "Füchse"


def test_redirects_are_followed_and_no_credentials_go_along(site: Web, tmp_path: Path) -> None:
    end = site.put("/end.png", picture())
    address = site.put("/begin.png", moved(end))

    found = got(tmp_path, address)

    assert found.address == address
    assert site.asked == ["/begin.png", "/end.png"]
    assert [r.headers.keys() & {"authorization", "cookie"} for r in site.seen] == [set(), set()]


WRONG = {
    "nothing there": (file(HTML, status=404), "there is no such file (404)"),
    "not allowed": (file(b"", status=403), "403: the server does not give it"),
    "a web page": (file(HTML), "a web page came ('Not for you'), not an image file"),
    "empty": (file(b""), "the file is empty"),
    "compressed without end": (
        file(gzip.compress(bytes(3_000_000)), headers={"Content-Encoding": "gzip"}),
        "it has more than 1,000,000 bytes",
    ),
    "endless": (
        file(bytes(65_536), manner=Manner.ENDLESS),
        "it has more than 1,000,000 bytes",
    ),
    "announced too large": (
        file(picture(), headers={"Content-Length": "1000001"}),
        "it has more than 1,000,000 bytes",
    ),
    "to another scheme": (
        moved("file:///etc/passwd"),
        "an address with 'file' is not followed, only http and https",
    ),
    "to one with a password": (
        moved("http://ann:secret@127.0.0.1/a.png"),
        "an address with a password is not followed, at '127.0.0.1'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_the_address_and_without_its_query(
    site: Web, tmp_path: Path, case: str
) -> None:
    reply, words = WRONG[case]
    address = site.put("/fox.png", reply) + "?signature=secret"

    found = told(tmp_path, address, bounds=Bounds(largest=lambda _medium: 1_000_000))

    assert found == f"can't take '…': {words}"
    assert len(site.seen) == 1


def test_what_is_of_another_medium_is_refused(site: Web, tmp_path: Path) -> None:
    address = site.put("/fox.png", sound())

    assert told(tmp_path, address).startswith("can't take '…': ")


def test_a_text_that_is_none_is_refused_with_the_place(site: Web, tmp_path: Path) -> None:
    address = site.put("/fox.txt", b"fox\xff")

    found = told(tmp_path, address, TEXT)

    assert found.endswith("a text file is UTF-8, and this one is not, at byte 4")


def test_redirects_in_a_circle_end(site: Web, tmp_path: Path) -> None:
    address = site.put("/fox.png", moved(f"{site.base}/fox.png"))

    found = told(tmp_path, address)

    assert "more than 5 redirects" in found
    assert len(site.seen) == 6


@pytest.mark.parametrize(
    "broken",
    [
        file(picture(), manner=Manner.CUT_OFF),
        file(picture(), manner=Manner.CUT_OFF_CHUNKED),
        file(b"", manner=Manner.RESET),
        file(b"", status=503),
    ],
    ids=["cut off", "cut off in chunks", "reset", "busy"],
)
def test_what_broke_off_is_tried_again(site: Web, tmp_path: Path, broken: object) -> None:
    waits: list[float] = []
    address = site.put("/fox.png", broken, picture())  # type: ignore[arg-type]

    found = downloads(tmp_path, pause=waits.append).of(address, IMAGE)

    assert found.bytes == len(picture())
    assert waits == [1.0]


def test_what_keeps_breaking_off_is_given_up(site: Web, tmp_path: Path) -> None:
    address = site.put("/fox.png", file(picture(), manner=Manner.CUT_OFF))

    found = told(tmp_path, address)

    assert "broke off after" in found
    assert len(site.seen) == 3


def test_what_takes_too_long_is_given_up(site: Web, tmp_path: Path) -> None:
    times = iter(range(0, 100_000, 10))
    address = site.put("/fox.png", file(bytes(65_536), manner=Manner.ENDLESS))
    slow = downloads(tmp_path, Bounds(seconds=25.0), clock=lambda: float(next(times)))

    with pytest.raises(StepError) as caught:
        slow.of(address, IMAGE)

    assert caught.value.message.endswith("it took longer than 25 s")


def test_nothing_is_left_of_what_failed(site: Web, tmp_path: Path) -> None:
    told(tmp_path, site.put("/fox.png", file(picture(), manner=Manner.CUT_OFF)))

    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


def test_whoever_asks_gets_the_one_answer(site: Web, tmp_path: Path) -> None:
    address = site.put("/fox.png", file(HTML), picture())
    one = downloads(tmp_path)

    for _ in range(2):
        with pytest.raises(UsageError):
            one.all({Wanted(address, IMAGE): True})

    assert len(site.seen) == 1


# --- whole runs


BATCH = """\
steps:
  - type: batch_parallel
    inputs: rows.jsonl
    on_error: {on_error}
    step_template:
      type: image_to_image
      model: local
      params:
        image: "${{{{ item.photo }}}}"
        prompt: a fox
        output_file: "${{{{ item.key }}}}.png"
"""


@dataclass(frozen=True)
class Rows:
    """A table beside the pipeline whose column names addresses."""

    folder: Path

    def write(self, *addresses: str) -> None:
        rows = [f'{{"photo": "{address}"}}\n' for address in addresses]
        (self.folder / "rows.jsonl").write_text("".join(rows), encoding="utf-8")


def test_what_fifty_items_read_is_downloaded_once(site: Web, tmp_path: Path) -> None:
    Rows(tmp_path).write(*[site.put("/fox.png", picture())] * 50)

    summary = ran(BATCH.format(on_error="fail"), tmp_path)

    assert summary.counts == {Status.DONE: 50}
    assert site.asked == ["/fox.png"]


def test_an_address_in_a_column_need_not_tell_what_is_there(site: Web, tmp_path: Path) -> None:
    Rows(tmp_path).write(site.put("/image/7", picture(width=64)))

    ran(BATCH.format(on_error="fail"), tmp_path)

    with Image.open(tmp_path / "out" / "1.png") as made:
        assert made.width == 64


def test_an_item_whose_file_can_t_be_had_fails_alone_where_items_may(
    site: Web, tmp_path: Path
) -> None:
    Rows(tmp_path).write(site.put("/fox.png", picture()), f"{site.base}/gone.png")

    summary = ran(BATCH.format(on_error="continue"), tmp_path)

    assert summary.counts == {Status.DONE: 1, Status.FAILED: 1}
    assert [group.code for group in summary.errors] == ["input.download"]


def test_a_file_that_is_needed_and_can_t_be_had_ends_it_before_anything_runs(
    site: Web, tmp_path: Path
) -> None:
    gone = f"{site.base}/gone.png?signature=secret"
    Rows(tmp_path).write(site.put("/fox.png", picture()), gone)

    with pytest.raises(UsageError) as caught:
        ran(BATCH.format(on_error="fail"), tmp_path)

    assert caught.value.message == f"can't take '{site.base}/gone.png': there is no such file (404)"
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "home" / "ledger.sqlite3").exists()


def test_a_run_says_that_it_downloads(site: Web, tmp_path: Path) -> None:
    heard: list[str] = []
    Rows(tmp_path).write(site.put("/fox.png", picture()), site.put("/owl.png", picture("owl")))
    (tmp_path / "pipeline.yaml").write_text(BATCH.format(on_error="fail"), encoding="utf-8")
    options = Options(
        file=str(tmp_path / "pipeline.yaml"),
        environment={"AIPIPE_HOME": str(tmp_path / "home")},
    )

    prepare(options, tell=heard.append)

    assert heard == ["downloading 2 files"]


UPSCALE = "type: upscale_image, model: local"
KINDS = {
    "input of the file": "input: {url}.png\nsteps: [{{{step}}}]",
    "input of the file, outright": "input: {{url: '{url}', type: image}}\nsteps: [{{{step}}}]",
    "input of a step": "steps: [{{{step}, input: '{url}.png'}}]",
    "input of a step, outright": "steps: [{{{step}, input: {{url: '{url}', type: image}}}}]",
    "input by slot": "steps: [{{{step}, input: {{image: '{url}'}}}}]",
    "parameter": "steps: [{{{step}, params: {{image: '{url}'}}}}]",
    "parameter, outright": "steps: [{{{step}, params: {{image: {{url: '{url}'}}}}}}]",
    "items": "steps: [{{type: batch_parallel, inputs: ['{url}.png'], step_template: {{{step}}}}}]",
    "items, outright": """
        steps:
          - type: batch_parallel
            inputs: [{{url: '{url}', type: image}}]
            step_template: {{{step}}}
        """,
    "inputs of the file": """
        inputs: ['{url}.png']
        steps: [{{type: batch_parallel, step_template: {{{step}}}}}]
        """,
    "input of a merge": """
        steps: [{{type: merge_outputs, merge_strategy: combine_images, input: '{url}.png'}}]
        """,
}


@pytest.mark.parametrize("case", KINDS)
def test_an_address_may_stand_wherever_a_file_may(site: Web, tmp_path: Path, case: str) -> None:
    url = site.put("/fox", picture())
    site.put("/fox.png", picture())

    summary = ran(dedent(KINDS[case].format(url=url, step=UPSCALE)), tmp_path)

    assert summary.counts == {Status.DONE: 1}
    assert len(site.seen) == 1


@pytest.mark.parametrize("step", [UPSCALE, f"type: batch_parallel, step_template: {{{UPSCALE}}}"])
def test_an_address_may_be_given_with_the_command(site: Web, tmp_path: Path, step: str) -> None:
    url = site.put("/fox.png", picture())

    summary = ran(f"steps: [{{{step}}}]", tmp_path, inputs=(url,))

    assert summary.counts == {Status.DONE: 1}
    assert len(site.seen) == 1


TEXTS = {
    "spoken": "steps: [{{type: text_to_speech, model: local, params: {{text: {{url: '{url}'}}}}}}]",
    "as the input": "input: '{url}'\nsteps: [{{type: text_to_speech, model: local}}]",
    "inside a text": (
        "input: '{url}'\nsteps: [{{type: text_to_speech, model: local,"
        " params: {{text: 'Hear: ${{{{ inputs }}}} That is all'}}}}]"
    ),
    "split": (
        "steps: [{{type: split_input, split_strategy: lines, input: {{url: '{url}'}}}},"
        " {{type: merge_outputs, merge_strategy: concat_text}}]"
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_at_an_address_is_read_as_one(site: Web, tmp_path: Path, case: str) -> None:
    url = site.put("/fox.txt", b"The fox\nruns.")

    summary = ran(TEXTS[case].format(url=url), tmp_path)

    assert summary.counts.keys() == {Status.DONE}


def test_ctrl_c_while_it_downloads_ends_it_at_once(site: Web, tmp_path: Path) -> None:
    url = site.put("/fox.png", SILENT)
    (tmp_path / "p.yaml").write_text(f"input: {url}\nsteps: [{{{UPSCALE}}}]", encoding="utf-8")
    words = [sys.executable, "-m", "aipipe", "run", str(tmp_path / "p.yaml"), "-o", "out"]
    own = {**os.environ, "AIPIPE_HOME": str(tmp_path / "home")}

    with subprocess.Popen(words, cwd=tmp_path, env=own, stderr=subprocess.PIPE) as process:
        wait_for(lambda: bool(site.seen))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert b"downloading 1 file" in err
    assert not (tmp_path / "out").exists()


def test_an_address_is_kept_nowhere_that_a_result_is_told_of(site: Web, tmp_path: Path) -> None:
    url = site.put("/fox.png", picture()) + "?signature=canary"
    text = f"""
        steps:
          - type: merge_outputs
            merge_strategy: first_success
            input: ["{url}"]
          - {{type: upscale_image, model: local}}
        """

    summary = ran(dedent(text), tmp_path)

    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".yaml"]
    assert summary.counts == {Status.DONE: 2}
    assert [path.name for path in files if b"canary" in path.read_bytes()] == []

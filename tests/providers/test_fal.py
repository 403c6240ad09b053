"""What is fal's own: the body, uploads, billed units, its hosts, and jobs found again."""

import zlib
from pathlib import Path

import pytest
from providers.cases import Stage, serve
from providers.fal_case import FAL
from support.buying import calls, states
from support.fakes.fake import json_in
from support.fakes.fal import Fal
from support.till.replies import RESET, Manner, Reply, of_json

from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work

VIDEO = """\
name: film
steps:
  - type: image_to_video
    model: kling_2_1_pro
    params: {image: first.png, prompt: it runs, duration: 10, end_image: last.png}
"""
CENT = 10_000_000


def fal_of(stage: Stage) -> Fal:
    assert isinstance(stage.fake, Fal)
    return stage.fake


def submits(stage: Stage) -> list[dict[str, object]]:
    return [json_in(each.request) for each in stage.fake.seen if each.kind == "submit"]


def picture(path: Path, side: int) -> None:
    from PIL import Image  # noqa: PLC0415 (for this alone)

    Image.effect_noise((side, side), 90).convert("RGB").save(path)


def film(stage: Stage) -> Path:
    file = stage.folder / "film.yaml"
    file.write_text(VIDEO, encoding="utf-8")
    return file


def test_our_words_are_sent_in_its_own_and_a_seed_with_them(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.run()
        (body,) = submits(stage)
        seed = body.pop("seed")

        assert body == {"prompt": "a red fox", "output_format": "jpeg"}
        assert isinstance(seed, int)
        assert 1 <= seed < 1 << 31

    serve(FAL, tmp_path, play)


def test_the_same_call_has_the_same_seed_and_one_made_anew_another(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.run()
        stage.run(fresh=True)
        seeds = [body["seed"] for body in submits(stage)]

        assert len(set(seeds)) == 2

    serve(FAL, tmp_path, play)


def test_small_files_travel_inside_and_large_ones_are_uploaded_once(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        picture(stage.folder / "first.png", 400)
        picture(stage.folder / "last.png", 16)
        file = film(stage)
        text = file.read_text(encoding="utf-8")
        second = text.partition("steps:\n")[2].replace("it runs", "it walks")
        file.write_text(f"{text}{second}", encoding="utf-8")

        summary = stage.run_file(file)
        first, again = submits(stage)

        assert summary.counts == {Status.DONE: 2}
        assert stage.fake.faults == []
        assert first["duration"] == "10"
        assert str(first["tail_image_url"]).startswith("data:image/png;base64,")
        assert first["image_url"] == again["image_url"]
        assert str(first["image_url"]).startswith(f"{stage.fake.base}/files/")
        assert list(fal_of(stage).uploaded.values()) == [(tmp_path / "first.png").read_bytes()]

    serve(FAL, tmp_path, play)


@pytest.mark.parametrize("reply", [Reply(status=503), RESET], ids=["503", "reset"])
def test_an_upload_that_does_not_get_through_is_tried_again_and_costs_nothing(
    reply: Reply, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        picture(stage.folder / "first.png", 400)
        picture(stage.folder / "last.png", 16)
        stage.fake.trouble("upload", reply)
        summary = stage.run_file(film(stage))

        assert summary.counts == {Status.DONE: 1}
        assert (stage.fake.count("upload"), stage.fake.count("submit")) == (2, 1)

    serve(FAL, tmp_path, play)


def test_the_bill_is_the_units_that_it_tells_times_its_own_price(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        fal_of(stage).unit_price = 0.03
        stage.run()
        (call,) = calls(stage.folder)

        assert (call.state.money, call.state.computed) == (Money.BILLED, False)
        assert call.billed == 3 * CENT

    serve(FAL, tmp_path, play)


def test_where_it_tells_no_price_the_bill_comes_from_the_price_list(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("price", Reply(status=403))
        stage.run()
        (call,) = calls(stage.folder)

        assert (call.state.money, call.state.computed) == (Money.BILLED, True)
        assert call.billed == 25_000_000

    serve(FAL, tmp_path, play)


def test_no_key_goes_to_another_host_and_the_job_stays_known(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        elsewhere = "http://localhost:1/requests/r"
        told = {"request_id": "r", "status_url": f"{elsewhere}/status", "response_url": elsewhere}
        stage.fake.trouble("submit", of_json(200, told))
        summary = stage.run()

        assert stage.code(summary) == "answer_unreadable"
        assert states(stage.folder)[0][1:] == (Work.SUBMITTED, Money.HELD)
        assert stage.run().exit_code == 1
        assert stage.fake.count("submit") == 1

    serve(FAL, tmp_path, play)


def bomb() -> Reply:
    """A small body that unpacks to more than any picture has."""
    packer, block = zlib.compressobj(wbits=31), bytes(1 << 20)
    body = b"".join(packer.compress(block) for _ in range(150)) + packer.flush()
    return Reply(body=body, headers={"Content-Encoding": "gzip", "Content-Type": "image/png"})


ENDLESS = {
    "gzip bomb": bomb(),
    "announced": Reply(body=b"x", headers={"Content-Length": str(2 << 30)}, manner=Manner.CUT_OFF),
    "on and on": Reply(body=b"x" * (1 << 20), manner=Manner.ENDLESS),
}


@pytest.mark.parametrize("how", ENDLESS)
def test_a_picture_without_an_end_is_cut_off(how: str, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("file", ENDLESS[how])
        summary = stage.run()

        assert stage.code(summary) == "answer_unreadable"
        assert states(stage.folder)[0][1] is Work.REMOTE_DONE
        assert stage.run().counts == {Status.DONE: 1}

    serve(FAL, tmp_path, play)


def test_a_job_whose_answer_was_lost_is_found_by_its_body(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", RESET, after=True)
        first = stage.run()
        again = stage.run()

        assert first.counts == {Status.UNCONFIRMED: 1}
        assert again.counts == {Status.DONE: 1}
        assert stage.fake.count("submit") == 1

    serve(FAL, tmp_path, play)


def test_its_queue_is_shown(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        fal_of(stage).at_once = 0
        fal_of(stage).polls = 1
        places: list[object] = []

        def listen(event: object) -> None:
            place = getattr(event, "queue_position", None)
            if place is not None:
                places.append(place)
                fal_of(stage).at_once = 1

        summary = stage.run(listen=listen)

        assert summary.counts == {Status.DONE: 1}
        assert places == [1]

    serve(FAL, tmp_path, play)

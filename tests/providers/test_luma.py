"""What is special about Luma: its requests, its list of generations, pictures by address only."""

from dataclasses import replace
from pathlib import Path

import pytest
from providers.cases import Case, Stage, serve
from providers.luma_case import LUMA
from support.buying import states
from support.fakes.files import picture
from support.fakes.luma import KEY, Luma
from support.till.replies import RESET, of_json
from support.web import web

from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work


def of(step: str) -> Case:
    return replace(LUMA, step=f"  - {{{step}}}\n")


BODIES = {
    "type: text_to_video, model: luma,"
    " params: {prompt: a fox, duration: 9, aspect_ratio: '9:16'}": {
        "model": "ray-2",
        "prompt": "a fox",
        "duration": "9s",
        "aspect_ratio": "9:16",
        "resolution": "720p",
    },
    "type: text_to_video, model: ray_flash_2,"
    " params: {prompt: a fox, resolution: 4k, loop: true}": {
        "model": "ray-flash-2",
        "prompt": "a fox",
        "duration": "5s",
        "resolution": "4k",
        "loop": True,
    },
    "type: text_to_image, model: photon, params: {prompt: a fox, output_file: fox.png}": {
        "model": "photon-1",
        "prompt": "a fox",
        "format": "png",
    },
    "type: text_to_image, model: photon_flash, params: {prompt: a fox}, raw: {sync: false}": {
        "model": "photon-flash-1",
        "prompt": "a fox",
        "format": "jpg",
        "sync": False,
    },
    "type: text_to_image, model: 'luma:/generations/image', params: {prompt: a fox},"
    " raw: {model: photon-1}": {"model": "photon-1", "prompt": "a fox"},
    "type: text_to_video, model: luma, params: {prompt: a fox},"
    " raw: {keyframes: {frame0: {url: 'https://a.example/a.png'}}}": {
        "model": "ray-2",
        "prompt": "a fox",
        "duration": "5s",
        "resolution": "720p",
        "keyframes": {"frame0": {"type": "image", "url": "https://a.example/a.png"}},
    },
}


@pytest.mark.parametrize("step", BODIES)
def test_a_request_says_what_the_step_says_in_luma_s_words(step: str, tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        summary = stage.run()

        assert summary.counts == {Status.DONE: 1}
        assert stage.fake.charged == [BODIES[step]]
        assert stage.fake.faults == []

    serve(of(step), tmp_path, play)


def test_a_picture_from_a_file_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(picture())
    step = "type: image_to_video, model: luma, params: {image: fox.png, prompt: it runs}"

    def play(stage: Stage) -> None:
        summary = stage.run()

        assert stage.code(summary) == "bad_parameter"
        assert stage.fake.seen == []
        assert states(tmp_path) == [("image_to_video_1", Work.REJECTED, Money.FREE)]

    serve(of(step), tmp_path, play)


def test_a_picture_at_an_address_is_sent_as_that_address(tmp_path: Path) -> None:
    with web() as site:
        first, last = site.put("/a.png", picture("a")), site.put("/b.png", picture("b"))
        step = (
            "type: image_to_video, model: luma,"
            f" params: {{image: '{first}', end_image: '{last}', prompt: it runs}}"
        )

        def play(stage: Stage) -> None:
            summary = stage.run()
            again = stage.run()

            assert (summary.counts, again.counts) == ({Status.DONE: 1}, {Status.REUSED: 1})
            (sent,) = stage.fake.charged
            assert isinstance(sent, dict)
            assert sent["keyframes"] == {
                "frame0": {"type": "image", "url": first},
                "frame1": {"type": "image", "url": last},
            }

        serve(of(step), tmp_path, play)


def test_another_picture_at_the_same_address_is_another_call(tmp_path: Path) -> None:
    with web() as site:
        address = site.put("/a.png", picture("a"), picture("b"))
        step = f"type: image_to_video, model: luma, params: {{image: '{address}', prompt: a}}"

        def play(stage: Stage) -> None:
            stage.run()
            again = stage.run()

            assert again.counts == {Status.DONE: 1}
            assert len(stage.fake.charged) == 2

        serve(of(step), tmp_path, play)


def test_an_endpoint_that_is_no_path_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        summary = stage.run()

        assert stage.code(summary) == "bad_parameter"
        assert stage.fake.seen == []

    serve(of("type: text_to_image, model: 'luma:ray-3', params: {prompt: a fox}"), tmp_path, play)


def test_a_generation_whose_answer_was_lost_is_found_in_the_list(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", RESET, after=True)
        first = stage.run()
        again = stage.run()

        assert first.exit_code == 4
        assert again.counts == {Status.DONE: 1}
        assert (stage.fake.count("submit"), len(stage.fake.charged)) == (1, 1)

    serve(LUMA, tmp_path, play)


def test_another_s_generation_is_not_taken_for_a_lost_one(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        fake = stage.fake
        assert isinstance(fake, Luma)
        stage.fake.trouble("submit", RESET, after=True)
        stage.run()
        for made in fake.generations.values():
            made.request = {**made.request, "prompt": "a blue fox"}
        again = stage.run()

        assert again.exit_code == 4
        assert stage.fake.count("submit") == 1

    serve(LUMA, tmp_path, play)


@pytest.mark.parametrize(
    ("status", "detail", "code"),
    [
        (401, "Not authenticated", "bad_key"),
        (402, "Payment required", "no_credit"),
        (403, "You have no access to this model", "not_allowed"),
        (400, "Not enough credits", "no_credit"),
        (400, "failed to moderate image", "refused.input"),
        (400, "Ratio is not allowed", "bad_parameter"),
    ],
)
def test_a_refusal_is_told_apart_by_its_words_and_else_by_its_status(
    status: int, detail: str, code: str, tmp_path: Path
) -> None:
    def play(stage: Stage) -> None:
        stage.fake.trouble("submit", of_json(status, {"detail": detail}))

        assert stage.code(stage.run()) == code

    serve(LUMA, tmp_path, play)


def test_the_key_is_in_nothing_that_is_kept_or_told(tmp_path: Path) -> None:
    def play(stage: Stage) -> None:
        told: list[str] = []
        stage.fake.trouble("submit", of_json(401, {"detail": f"Invalid API key: Bearer {KEY}"}))
        summary = stage.run(listen=lambda event: told.append(repr(event)))
        stage.run(listen=lambda event: told.append(repr(event)))

        kept = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert [str(file) for file in kept if KEY.encode() in file.read_bytes()] == []
        assert KEY not in repr(summary.rows()) + "".join(told)
        assert len(kept) > 3

    serve(LUMA, tmp_path, play)

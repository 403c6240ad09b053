"""ComfyUI runs the graph of a file, with what the step says in its places."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from time import time

import pytest
from providers.cases import Case, Stage, serve
from providers.comfyui_case import Graph, file, from_picture, graph, node
from providers.raw_server import closed_port
from support.buying import states
from support.fakes.comfyui import ComfyUI, Job
from support.fakes.fake import json_in
from support.fakes.files import picture
from support.till.replies import Reply, of_json

from aipipe.app.run import Control
from aipipe.contracts.event import RunEvent
from aipipe.contracts.in_flight import Running
from aipipe.contracts.status import Status
from aipipe.errors import PipelineFaultsError
from aipipe.memory.ledger.states import Money, Work
from aipipe.running.rows import Row

STEP = "type: text_to_image, model: 'comfyui:flow.json'"


def play(
    step: str,
    folder: Path,
    then: Callable[[Stage], None],
    found: Graph | None = None,
    files: Mapping[str, Callable[[], bytes]] | None = None,
) -> None:
    """Let a test play with ComfyUI, one step and one workflow."""
    case = Case(
        name="comfyui",
        make=ComfyUI,
        step=f"  - {{{step}}}\n",
        refusals={},
        beside=lambda _fake: file(found or graph()),
        files=files or {},
    )
    serve(case, folder, then)


def twice(step: str) -> str:
    """Two equal steps."""
    return f"{step}}}\n  - {{{step}"


def fake_of(stage: Stage) -> ComfyUI:
    assert isinstance(stage.fake, ComfyUI)
    return stage.fake


def row(stage: Stage, environment: Mapping[str, str] | None = None) -> Row:
    """The step's, by a run in that environment."""
    options = {} if environment is None else {"environment": environment}
    (found,) = stage.run(**options).rows()  # type: ignore[arg-type]
    return found


def made(stage: Stage) -> list[bytes]:
    """The files of a run, which has gone well."""
    found = row(stage)
    assert (found.status, found.problem) == (Status.DONE, None)
    assert stage.fake.faults == []
    return [(stage.folder / "out" / each.path).read_bytes() for each in found.outputs]


def sent(step: str, folder: Path, found: Graph | None = None) -> Graph:
    """The graph of a run that succeeds."""
    graphs: list[object] = []

    def then(stage: Stage) -> None:
        made(stage)
        graphs.extend(stage.fake.charged)

    folder.mkdir(exist_ok=True)
    play(step, folder, then, found)
    (each,) = graphs
    assert isinstance(each, dict)
    return each


def test_our_words_go_to_the_nodes_that_they_mean_and_the_rest_stays(tmp_path: Path) -> None:
    params = (
        "prompt: a fox, negative_prompt: fog, seed: 7, steps: 4, guidance_scale: 2.5,"
        " size: 640x448, count: 1"
    )
    expected = graph()
    expected["3"]["inputs"].update(seed=7, steps=4, cfg=2.5)
    expected["5"]["inputs"].update(width=640, height=448)
    expected["6"]["inputs"]["text"] = "a fox"
    expected["7"]["inputs"]["text"] = "fog"

    assert sent(f"{STEP}, params: {{{params}}}", tmp_path) == expected


def test_a_ratio_keeps_the_longer_side_of_the_file(tmp_path: Path) -> None:
    found = sent(f"{STEP}, params: {{prompt: a fox, aspect_ratio: '2:1'}}", tmp_path)

    assert [found["5"]["inputs"][side] for side in ("width", "height")] == [512, 256]


def test_raw_sets_any_input_by_id_title_or_kind_over_all(tmp_path: Path) -> None:
    raw = (
        "'7.text': blur, KSampler.scheduler: karras, 'Load Checkpoint.ckpt_name': b.ckpt,"
        " sampler_name: ddim, seed: 9, prompt: a wolf"
    )
    found = sent(f"{STEP}, params: {{prompt: a fox, seed: 7}}, raw: {{{raw}}}", tmp_path)

    sampler = found["3"]["inputs"]
    assert [sampler[name] for name in ("scheduler", "sampler_name", "seed")] == [
        "karras",
        "ddim",
        9,
    ]
    assert found["4"]["inputs"]["ckpt_name"] == "b.ckpt"
    assert [found[name]["inputs"]["text"] for name in ("6", "7")] == ["a wolf", "blur"]


def test_a_title_takes_a_word_before_anything_that_is_guessed(tmp_path: Path) -> None:
    flow = graph()
    flow["7"]["_meta"]["title"] = "prompt"

    found = sent(f"{STEP}, params: {{prompt: a fox}}", tmp_path, flow)

    assert [found[name]["inputs"]["text"] for name in ("6", "7")] == ["a bottle", "a fox"]


def test_a_prompt_is_followed_through_other_nodes_to_where_its_text_is_held(tmp_path: Path) -> None:
    flow = graph()
    flow["3"]["inputs"].update(positive=["20", 0], negative=["20", 1], seed=["22", 0])
    ends = {"positive": ["6", 0], "negative": ["7", 0]}
    flow["20"] = node("ControlNetApplyAdvanced", strength=1)
    flow["20"]["inputs"].update(ends)
    flow["6"]["inputs"]["text"] = ["21", 0]
    flow["21"] = node("PrimitiveStringMultiline", "String", value="a bottle")
    flow["22"] = node("PrimitiveInt", "Int", value=3)

    found = sent(
        f"{STEP}, params: {{prompt: a fox, negative_prompt: fog, seed: 7}}", tmp_path, flow
    )

    assert [found[name]["inputs"]["value"] for name in ("21", "22")] == ["a fox", 7]
    assert found["7"]["inputs"]["text"] == "fog"


def test_one_text_on_both_sides_is_the_prompt_and_never_what_is_not_wanted(tmp_path: Path) -> None:
    flow = graph()
    flow["3"]["inputs"]["negative"] = ["20", 0]
    flow["20"] = node("ConditioningZeroOut", conditioning=["6", 0])

    def then(stage: Stage) -> None:
        with pytest.raises(PipelineFaultsError):
            stage.run()

        assert stage.fake.seen == []

    play(f"{STEP}, params: {{prompt: a fox, negative_prompt: fog}}", tmp_path, then, flow)


def test_a_name_that_could_mean_two_nodes_means_none(tmp_path: Path) -> None:
    flow = graph()
    flow["12"] = node("KSampler", **{**flow["3"]["inputs"], "latent_image": ["3", 0]})
    flow["8"]["inputs"]["samples"] = ["12", 0]

    def then(stage: Stage) -> None:
        with pytest.raises(PipelineFaultsError) as refused:
            stage.run()

        (fault,) = refused.value.faults
        assert getattr(fault, "message", "") == "the workflow has no place for 'steps'"
        assert any("12.steps" in each for each in getattr(fault, "hints", ()))

    play(f"{STEP}, params: {{prompt: a fox, steps: 4}}", tmp_path, then, flow)


def test_every_seed_is_the_one_that_is_derived_from_the_call(tmp_path: Path) -> None:
    flow = graph()
    flow["12"] = node("KSampler", **{**flow["3"]["inputs"], "latent_image": ["3", 0]})
    step = f"{STEP}, params: {{prompt: a fox}}"

    first, again = sent(step, tmp_path / "a", flow), sent(step, tmp_path / "b", flow)

    seeds = {each[name]["inputs"]["seed"] for each in (first, again) for name in ("3", "12")}
    assert len(seeds) == 1
    assert seeds != {graph()["3"]["inputs"]["seed"]}


def test_anew_and_repeated_gives_other_seeds(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        stage.run()
        stage.run(fresh=True)

        seeds = {each["3"]["inputs"]["seed"] for each in fake_of(stage).charged}  # type: ignore[index]
        assert len(seeds) == 4

    play(twice(f"{STEP}, params: {{prompt: a fox}}"), tmp_path, then)


def test_a_picture_is_uploaded_once_and_named_in_the_only_node_that_loads_one(
    tmp_path: Path,
) -> None:
    step = (
        "type: image_to_image, model: 'comfyui:flow.json',"
        " params: {prompt: at night, image: fox.png}"
    )

    def then(stage: Stage) -> None:
        assert stage.run().counts == {Status.DONE: 2}
        fake = fake_of(stage)
        ((name, content),) = fake.uploaded.items()
        assert content == picture()
        assert [each["10"]["inputs"]["image"] for each in fake.charged] == [name, name]  # type: ignore[index]
        assert (fake.faults, fake.count("upload")) == ([], 1)

    play(twice(step), tmp_path, then, from_picture(), {"fox.png": picture})


def test_among_several_nodes_that_load_pictures_the_title_decides(tmp_path: Path) -> None:
    flow = from_picture()
    flow["12"] = node("LoadImage", "image", image="b.png")
    flow["10"] = node("PreviewImage", images=["12", 0])
    flow["13"] = node("LoadImage", "style", image="on_the_server.png")
    flow["11"]["inputs"]["pixels"] = ["12", 0]
    step = (
        "type: image_to_image, model: 'comfyui:flow.json',"
        " params: {prompt: at night, image: fox.png}, raw: {style: painting.png}"
    )

    def then(stage: Stage) -> None:
        fake_of(stage).uploaded["painting.png"] = picture()
        made(stage)

        ((body),) = fake_of(stage).charged
        assert body["13"]["inputs"]["image"] == "painting.png"  # type: ignore[index]
        assert body["12"]["inputs"]["image"] != "b.png"  # type: ignore[index]

    play(step, tmp_path, then, flow, {"fox.png": picture})


def test_previews_are_no_results_where_something_is_saved(tmp_path: Path) -> None:
    flow = graph()
    flow["1"] = node("PreviewImage", images=["8", 0])

    def then(stage: Stage) -> None:
        assert len(made(stage)) == 1
        (asked,) = [each.request.target for each in stage.fake.seen if each.kind == "file"]
        assert asked == "/view?filename=9_0_0.png&subfolder=&type=output"

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then, flow)


def test_only_the_results_of_a_node_that_is_named_are_taken(tmp_path: Path) -> None:
    flow = graph()
    flow["14"] = node("SaveImage", "sketch", filename_prefix="s", images=["8", 0])

    def then(stage: Stage) -> None:
        assert len(made(stage)) == 1
        assert "filename=14_0_0.png" in stage.fake.seen[-1].request.target
        assert "output_node" not in json.dumps(stage.fake.charged)

    play(f"{STEP}, params: {{prompt: a fox}}, raw: {{output_node: sketch}}", tmp_path, then, flow)


def test_all_nodes_give_their_results_in_the_order_of_their_ids(tmp_path: Path) -> None:
    flow = graph()
    flow["14"] = node("SaveImage", "sketch", filename_prefix="s", images=["8", 0])

    def then(stage: Stage) -> None:
        assert len(made(stage)) == 4
        asked = [each.request.target for each in stage.fake.seen if each.kind == "file"]
        assert [each.partition("=")[2].partition(".")[0] for each in asked] == [
            "9_0_0",
            "9_0_1",
            "14_0_0",
            "14_0_1",
        ]

    play(f"{STEP}, params: {{prompt: a fox, count: 2}}", tmp_path, then, flow)


def test_a_video_and_a_text_are_taken_from_the_nodes_that_make_them(tmp_path: Path) -> None:
    flow = graph()
    flow["9"] = node("VHS_VideoCombine", images=["8", 0], frame_rate=8, format="video/h264-mp4")
    flow["15"] = node("ShowText", text=["8", 0])
    (tmp_path / "a").mkdir()

    def film_made(stage: Stage) -> None:
        assert len(made(stage)) == 1
        assert "filename=9_0_0.mp4" in stage.fake.seen[-1].request.target

    def text_made(stage: Stage) -> None:
        assert made(stage) == [b"told by 15"]

    video = "type: text_to_video, model: 'comfyui:flow.json', params: {prompt: a fox}"
    text = "type: text_to_text, model: 'comfyui:flow.json', params: {prompt: a fox}"
    play(video, tmp_path, film_made, flow)
    play(text, tmp_path / "a", text_made, flow)


def test_it_is_free_and_nobody_need_say_so(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        summary = stage.run(unknown_price=None)

        assert (summary.counts, summary.billed) == ({Status.DONE: 1}, Decimal(0))

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def test_what_a_step_says_that_its_own_server_costs_is_counted(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        assert stage.run().billed == Decimal("0.01")

    play(f"{STEP}, params: {{prompt: a fox}}, price: 0.01", tmp_path, then)


def test_another_graph_in_the_file_is_another_call(tmp_path: Path) -> None:
    flow = graph()

    def then(stage: Stage) -> None:
        first = stage.run()
        flow["3"]["inputs"]["sampler_name"] = "ddim"
        second, third = stage.run(), stage.run()

        assert [each.counts for each in (first, second, third)] == [
            {Status.DONE: 1},
            {Status.DONE: 1},
            {Status.REUSED: 1},
        ]

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then, flow)


def test_a_graph_that_is_refused_is_told_node_by_node(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        problem = row(stage).problem

        assert problem is not None
        assert (problem.code, problem.message) == (
            "bad_parameter",
            "400: node '3' (KSampler): Failed to convert an input value: seed, many",
        )
        assert stage.fake.charged == []

    play(f"{STEP}, params: {{prompt: a fox}}, raw: {{seed: many}}", tmp_path, then)


def test_a_node_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        fake = fake_of(stage)
        fake.end = "execution_error"
        found = row(stage)

        assert found.problem is not None
        assert (found.status, found.problem.code, found.problem.message) == (
            Status.FAILED,
            "job_failed",
            "node '3' (KSampler): Allocation on device 0 would exceed allowed memory",
        )
        assert [money for _, _, money in states(tmp_path)] == [Money.FREE]
        fake.end, fake.polls = "", 1
        assert stage.run().counts == {Status.DONE: 1}  # not misled by what the history still has

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def test_a_job_that_somebody_interrupts_there_is_cancelled(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        fake_of(stage).end = "execution_interrupted"

        assert row(stage).status is Status.CANCELLED

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def test_a_job_that_the_server_knows_no_more_is_cancelled_and_the_run_goes_on(
    tmp_path: Path,
) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("status", of_json(200, {"queue_running": [], "queue_pending": []}))
        found = row(stage)

        assert found.problem is not None
        assert (found.status, found.problem.code) == (Status.CANCELLED, "cancelled")
        assert "started anew" in found.problem.message

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def others(stage: Stage, *polls: int) -> ComfyUI:
    """The server, with jobs of others in its queue."""
    fake = fake_of(stage)
    fake.queue += [Job(n, f"other {n}", graph(), {}, each) for n, each in enumerate(polls)]
    return fake


def test_a_job_s_place_in_the_queue_is_told_from_1(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        told: list[str] = []
        others(stage, 0, 0, 0)

        assert stage.run(listen=lambda e: told.append(repr(e))).counts == {Status.DONE: 1}
        places = [n for each in told for n in (1, 2, 3) if f"queue_position={n}" in each]
        assert places == [2, 1]

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_job_is_taken_out_of_the_queue_or_interrupted_where_it_runs(
    ahead: int, tmp_path: Path
) -> None:
    def then(stage: Stage) -> None:
        fake = others(stage, *[1_000] * ahead)
        fake.polls = 1_000
        control = Control(Running.CANCEL)

        def listen(_event: RunEvent) -> None:
            if fake.count("status"):
                control.interrupt("SIGINT")

        assert stage.run(listen=listen, control=control).counts == {Status.CANCELLED: 1}
        cancels = [each.request.path for each in fake.seen if each.kind == "cancel"]
        assert cancels == ["/queue" if ahead else "/interrupt"]
        assert [each.id for each in fake.queue] == ["other 0"] * ahead

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


@pytest.mark.parametrize("polls", [0, 1_000])
def test_a_job_whose_answer_was_lost_is_found_by_its_id(polls: int, tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        fake = fake_of(stage)
        fake.polls, fake.now = polls, time()
        stage.fake.trouble("submit", Reply(status=500), after=True)
        first = stage.run()
        if not polls:
            fake.on_status(stage.fake.seen[0].request)
        for job in fake.queue:
            job.polls = 1
        again = stage.run()

        assert (first.exit_code, again.counts) == (4, {Status.DONE: 1})
        assert stage.fake.count("submit") == 1
        assert [work for _, work, _ in states(tmp_path)] == [Work.DONE]

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


@pytest.mark.parametrize("now", [0.0, 1_600_000_000.0])
def test_an_equal_job_of_before_is_never_taken_for_one_whose_answer_was_lost(
    now: float, tmp_path: Path
) -> None:
    def then(stage: Stage) -> None:
        fake = fake_of(stage)
        fake.now = now
        stage.fake.trouble("submit", Reply(status=500), after=True)
        stage.run()
        fake.on_status(stage.fake.seen[0].request)
        assert len(fake.history) == 1

        assert stage.run().exit_code == 4

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def test_ids_of_older_servers_are_taken_from_their_answers(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        fake_of(stage).own_ids = True

        assert len(made(stage)) == 1

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def test_where_nothing_listens_it_is_told_which_variable_moves_it(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        nowhere = {"AIPIPE_COMFYUI_BASE_URL": closed_port()}
        environment = {"AIPIPE_HOME": str(tmp_path / "home"), **nowhere}
        problem = row(stage, environment=environment).problem

        assert problem is not None
        assert problem.code == "not_sent"
        assert "AIPIPE_COMFYUI_BASE_URL" in str(problem.hint)

    step = f"{STEP}, retry: {{max_attempts: 1}}, params: {{prompt: a fox}}"
    play(step, tmp_path, then)


@pytest.mark.parametrize(
    "answer",
    [
        {"queue_running": [["x"]], "queue_pending": []},
        {"queue_running": [], "queue_pending": 7},
        {"queue_running": [], "queue_pending": [[{}, {}]]},
    ],
)
def test_a_queue_that_can_t_be_read_ends_the_step_and_the_job_stays_known(
    answer: object, tmp_path: Path
) -> None:
    def then(stage: Stage) -> None:
        stage.fake.trouble("status", of_json(200, answer))
        first, again = stage.run(), stage.run()

        assert stage.code(first) == "answer_unreadable"
        assert (again.counts, stage.fake.count("submit")) == ({Status.DONE: 1}, 1)

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


@pytest.mark.parametrize(
    "entry",
    [
        {
            "outputs": {"9": {"images": [{"filename": 7}, None]}},
            "status": {"status_str": "success"},
        },
        {"outputs": [], "status": None},
        {"outputs": {"9": []}, "status": {"messages": [7, ["x"], ["a", "b"]]}},
    ],
)
def test_a_history_without_results_ends_the_step(entry: object, tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        fake_of(stage).past = entry
        summary = stage.run()

        assert (stage.code(summary), summary.exit_code) == ("answer_unreadable", 1)

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def test_a_stand_in_takes_the_place_of_a_workflow(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        assert stage.run(mock=True).counts == {Status.DONE: 1}
        assert stage.fake.seen == []

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)


def test_what_is_sent_says_whose_it_is(tmp_path: Path) -> None:
    def then(stage: Stage) -> None:
        made(stage)

        body = json_in(stage.fake.seen[0].request)
        assert (body["client_id"], set(body)) == ("aipipe", {"client_id", "prompt", "prompt_id"})

    play(f"{STEP}, params: {{prompt: a fox}}", tmp_path, then)

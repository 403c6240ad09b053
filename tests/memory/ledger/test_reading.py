"""What was kept can be asked for, by the indexes made for it."""

from contextlib import closing
from dataclasses import replace

from memory.ledger.keeping import DAY, NOON, TODAY, ask, facts, intent, run, steps, world

from aipipe.memory.ledger.connecting import Place, connect
from aipipe.memory.ledger.past import Call, ModelCost, ModelSum, Run
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.records import AppendEvents, EndRun, TakeIntent, of_run, of_today
from aipipe.memory.ledger.states import CallState, Money, Work
from aipipe.memory.ledger.steps import Accept, Answer, Doubt, Fail, Finish, Free, Keep, Settle
from aipipe.memory.ledger.totals import Total
from aipipe.memory.ledger.writer import Writer
from aipipe.memory.ledger.writing import write

DONE = (
    Answer(answer_path="answers/1", answer_sha256="a1"),
    Settle(billed=4, computed=True),
    Keep(outputs=[{"sha256": "00", "medium": "image"}]),
    Finish(),
)
ENDED = EndRun(run="r", status="done", exit_code=0, finished=True, totals={"billed": 4})


def test_a_run_comes_back_with_its_calls_and_events(place: Place) -> None:
    with Writer(place, world()) as writer:
        ask(writer, run(), intent(5), *steps(1, *DONE), AppendEvents(run="r", events=("{}", "[]")))
        ask(writer, ENDED, AppendEvents(run="r", events=("1",)))

    with reading(place) as reader:
        assert reader is not None
        found, events = reader.run("r"), list(reader.events("r"))
        assert reader.run("no such") is None

    told = Run(
        id="r",
        pipeline="p",
        file="f.yaml",
        file_key="fk",
        inputs_key="ik",
        command="aipipe run f.yaml",
        folder="out",
        mock=False,
        options=None,
        started=NOON,
        ended=NOON,
        status="done",
        exit_code=0,
        totals={"billed": 4},
        finished=True,
    )
    call = Call(
        id=1,
        run="r",
        task="hero",
        type="text_to_image",
        provider="fal",
        model="flux",
        endpoint="fal/flux",
        key="k",
        open_key="",
        occurrence=1,
        attempt=1,
        scopes=(TODAY, "run:r"),
        state=CallState(work=Work.DONE, money=Money.BILLED, computed=True),
        held=5,
        billed=4,
        evidence=None,
        remote_id=None,
        job=None,
        answer_path="answers/1",
        answer_sha256="a1",
        outputs=[{"sha256": "00", "medium": "image"}],
        error=None,
        created=NOON,
        updated=NOON,
        likely=None,
        parts="",
        owner=None,
    )
    assert (found, events) == ((told, (call,)), ["{}", "[]", "1"])


def test_runs_come_newest_first(place: Place) -> None:
    for n, name in enumerate("abc"):
        with Writer(place, world(now=NOON + n)) as writer:
            ask(writer, run(name))

    with reading(place) as reader:
        assert reader is not None
        names = [[one.id for one in reader.runs(limit=limit)] for limit in (-1, 2)]

    assert names == [["c", "b", "a"], ["c", "b"]]


def test_the_unfinished_runs_of_a_file_and_its_inputs_are_those_to_go_on_with(place: Place) -> None:
    for n, one in enumerate([run("a"), run("b"), run("c"), run("r"), run("d", inputs_key="x")]):
        with Writer(place, world(now=NOON + n)) as writer:
            ask(writer, one)
    with Writer(place, world(now=NOON + DAY)) as writer:
        ask(writer, ENDED, EndRun(run="b", status="interrupted", exit_code=130, finished=False))

    with reading(place) as reader:
        assert reader is not None
        found = [(one.id, one.status) for one in reader.unfinished("fk", "ik")]

    assert found == [("c", None), ("b", "interrupted"), ("a", None)]


def test_a_run_that_goes_on_keeps_when_it_began_and_is_no_longer_ended(place: Place) -> None:
    with Writer(place, world()) as writer:
        ask(writer, run(), ENDED)
    with Writer(place, world(now=NOON + DAY)) as writer:
        ask(writer, run(folder="elsewhere"))

    with reading(place) as reader:
        assert reader is not None
        (found,) = reader.runs()

    assert (found.started, found.ended, found.status, found.finished, found.folder) == (
        NOON,
        None,
        None,
        False,
        "elsewhere",
    )


def test_open_calls_are_those_that_began_and_did_not_end(place: Place) -> None:
    with Writer(place, world()) as writer:
        ask(writer, *(intent(1, key=f"key {n}") for n in range(4)))
        ask(writer, *steps(1, Fail(error="broken")), *steps(2, Doubt(error="reset")))
        ask(writer, *steps(3, Accept(remote_id="j3", job={"url": "u"})))

    with reading(place) as reader:
        assert reader is not None
        found = [(call.id, call.state.work, call.job, call.error) for call in reader.open_calls()]
        assert reader.call(99) is None

    assert found == [
        (2, Work.UNCONFIRMED, None, "reset"),
        (3, Work.SUBMITTED, {"url": "u"}, None),
        (4, Work.INTENT, None, None),
    ]


def test_the_newest_finished_call_of_a_key_is_found_with_its_outputs(place: Place) -> None:
    with Writer(place, world()) as writer:
        ask(writer, *(intent(5) for _ in range(3)), intent(5, key="other"))
        ask(writer, *steps(1, *DONE), *steps(2, *DONE), *steps(3, Fail(error="broken")))

    with reading(place) as reader:
        assert reader is not None
        found, none = reader.newest_final("k"), reader.newest_final("other")

    assert found is not None
    assert (found.id, found.outputs, none) == (2, [{"sha256": "00", "medium": "image"}], None)


def test_sums_by_scope_and_by_model(place: Place) -> None:
    dear = TakeIntent(call=facts(run="s", model="veo"), hold=50, scopes=(of_run("s"),))
    with Writer(place, world()) as writer:
        ask(writer, intent(5), intent(6), dear, *steps(1, *DONE))

    with reading(place) as reader:
        assert reader is not None
        flux = ModelSum(model="flux", calls=2, estimated=5, billed=4, held=6)
        veo = ModelSum(model="veo", calls=1, estimated=0, billed=0, held=50)
        assert reader.model_sums() == (flux, veo)
        assert reader.model_sums(run="r") == (flux,)
        assert [reader.total(scope) for scope in ("run:r", "run:s", "run:t")] == [
            Total(held=6, spent=4),
            Total(held=50),
            Total(),
        ]


def test_what_a_model_has_cost_counts_its_billed_calls_and_compares_those_it_can(
    place: Place,
) -> None:
    likely = replace(facts(), likely=3)
    known = TakeIntent(call=likely, hold=5, scopes=(of_run("r"),))
    with Writer(place, world()) as writer:
        ask(writer, known, intent(6), known, intent(7))
        ask(writer, *steps(1, *DONE))
        ask(writer, *steps(2, Settle(billed=10, computed=False)))
        ask(writer, *steps(4, Fail(error="broken"), Free(evidence="refused")))

    with reading(place) as reader:
        assert reader is not None
        found = reader.model_cost("fal", "flux")
        others = reader.model_cost("fal", "veo"), reader.model_cost("replicate", "flux")

    assert others == (None, None)
    assert found == ModelCost(
        calls=2, billed=14, computed=1, compared=1, likely=3, compared_billed=4, since=NOON
    )


def test_a_reader_sees_each_commit_and_can_write_nothing(place: Place) -> None:
    with Writer(place, world()) as writer, reading(place) as reader:
        assert reader is not None
        seen = []
        for n in range(3):
            ask(writer, intent(1, key=f"key {n}"))
            seen.append(len(reader.open_calls()))

    assert seen == [1, 2, 3]


def test_every_question_goes_by_an_index(place: Place) -> None:
    day = of_today(cap=10)
    asked: list[str] = []
    with Writer(place, world()), closing(connect(place)) as connection:
        connection.set_trace_callback(asked.append)
        reader = Reader(connection)
        reader.runs(limit=20), reader.run("r"), reader.unfinished("f", "i"), reader.call(1)
        reader.open_calls(), reader.newest_final("k"), list(reader.events("r")), reader.total("r")
        reader.model_sums(run="r"), reader.model_cost("fal", "flux")
        reader.newest_final("k", run="r"), reader.newest_open("o"), reader.has_calls(["m"])
        reader.newest_of_task("hero", "f"), reader.is_claimed("fal", "j1")
        write(connection, [intent(9, day), intent(9, day, open_key="o")], world())
        connection.set_trace_callback(None)
        questions = [question for question in asked if question.startswith("SELECT")]
        plans = {
            question: connection.execute(f"EXPLAIN QUERY PLAN {question}").fetchone()[3]
            for question in questions
            if "FROM clock" not in question
        }

    assert len(plans) == 20
    assert [question for question, plan in plans.items() if " USING " not in plan] == []

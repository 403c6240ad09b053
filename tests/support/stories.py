"""Plans and the events of their runs, as a person would tell them: for displays and summaries."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from aipipe.catalog.price import FREE, PriceEstimate
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.event import (
    BatchExpanded,
    ContainerEnded,
    Published,
    RunEnded,
    RunEvent,
    RunStarted,
    RunStatus,
    StepEnded,
    StepProgressed,
    StepRetrying,
    StepStarted,
)
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.language.spec import Limits, OnError, Retry
from aipipe.planning.bindings import Const, Item, Many, One
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template
from aipipe.running.summary import Summary, SummaryFold

NANO = 10**9
HTTP_500 = Problem(
    code="fal.server_error",
    message="HTTP 500 three times",
    hint="run again (only this one, $0.040), or add  fallback: seedream_4",
)


def priced(usd: str | None, at_most: str | None = None) -> PriceEstimate:
    likely = None if usd is None else Decimal(usd)
    most = likely if at_most is None else Decimal(at_most)
    return PriceEstimate(low=likely, likely=likely, at_most=most, priced="undated")


def task(  # noqa: PLR0913 (the facts of a task)
    number: int,
    path: str,
    *,
    label: str,
    model: str,
    provider: str = "fal",
    type_: str = "text_to_image",
    price: PriceEstimate = FREE,
    times: int | None = 1,
    mock: bool = False,
) -> Task:
    total = price if times in {1, None} else _times(price, times or 0)
    return Task(
        number=number,
        id=path.rsplit(".", 1)[-1],
        path=path,
        label=label,
        at=("steps", number),
        needs=(),
        on_error=OnError.FAIL,
        produces=One("image"),
        type=type_,
        plugin=f"provider:{provider}",
        asked=label,
        model=model,
        provider=provider,
        mock=mock,
        medium="image",
        estimate=price,
        total=total if times is not None else priced(None),
        times=times,
        retry=Retry(),
    )


def _times(price: PriceEstimate, times: int) -> PriceEstimate:
    assert price.low is not None
    assert price.likely is not None
    assert price.at_most is not None
    return PriceEstimate(
        low=price.low * times, likely=price.likely * times, at_most=price.at_most * times
    )


def chain(number: int, id_: str, path: str, children: Sequence[Template]) -> Chain:
    return Chain(
        number=number,
        id=id_,
        path=path,
        label=id_,
        at=(),
        needs=(),
        on_error=OnError.FAIL,
        produces=One("image"),
        children=tuple(children),
    )


def group(number: int, id_: str, children: Sequence[Template]) -> Group:
    return Group(
        number=number,
        id=id_,
        path=id_,
        label=id_,
        at=("steps", number),
        needs=(),
        on_error=OnError.FAIL,
        produces=Many(One("image"), len(children)),
        children=tuple(children),
    )


def batch(number: int, id_: str, body: Chain, items: Sequence[Item] | None) -> Batch:
    return Batch(
        number=number,
        id=id_,
        path=id_,
        label=id_,
        at=("steps", number),
        needs=(),
        on_error=OnError.FAIL,
        produces=Many(One("image"), None if items is None else len(items)),
        body=body,
        items=items,
        source=Const(()) if items is None else None,
        window=8,
    )


def plan_of(*children: Template, name: str = "pictures", mock: bool = False) -> Plan:
    root = chain(0, "", "", children)
    return Plan(
        name=name,
        file=f"{name}.yaml",
        root=root,
        templates=tuple(sorted(_flat(root), key=lambda each: each.number)),
        limits=Limits(),
        mock=mock,
        output_dir=f"output/{name}",
    )


def _flat(template: Template) -> Iterator[Template]:
    yield template
    if isinstance(template, Batch):
        yield from _flat(template.body)
    elif not isinstance(template, Task):
        for child in template.children:
            yield from _flat(child)


def published(path: str, medium: str = "image", label: str | None = None) -> Published:
    sha256 = hashlib.sha256(path.encode()).hexdigest()
    extension = path.rsplit(".", 1)[-1]
    artefact = ArtefactRef(
        sha256=sha256, medium=medium, extension=extension, bytes=1_234, label=label
    )
    return Published(path=path, artefact=artefact, sha256=sha256, bytes=1_234)


def began(each: Task, at: float, *, order: tuple[int, ...] = (), label: str = "") -> StepStarted:
    return StepStarted(
        at=at, task=each.path, template=each.number, label=label or each.label, order=order
    )


def ended(  # noqa: PLR0913 (the facts of an event)
    each: Task,
    at: float,
    *,
    seconds: float,
    billed: str = "0",
    status: Status = Status.DONE,
    output: str | None = None,
    problem: Problem | None = None,
    attempts: int = 1,
    order: tuple[int, ...] = (),
    path: str | None = None,
    label: str | None = None,
    ignored: bool = False,
    billed_known: bool = True,
) -> StepEnded:
    return StepEnded(
        at=at,
        task=path or each.path,
        template=each.number,
        label=label or each.label,
        status=status,
        attempts=attempts,
        seconds=seconds,
        billed=int(Decimal(billed) * NANO),
        billed_known=billed_known,
        outputs=() if output is None else (published(output, each.medium or "image"),),
        problem=problem,
        ignored=ignored,
        order=order,
    )


def moved(each: Task, at: float, phase: str, fraction: float | None = None) -> StepProgressed:
    return StepProgressed(
        at=at, task=each.path, template=each.number, phase=phase, fraction=fraction
    )


def waits(each: Task, at: float, place: int) -> StepProgressed:
    return StepProgressed(
        at=at, task=each.path, template=each.number, phase="queued", queue_position=place
    )


# --- three branches


def voices_plan() -> Plan:
    """Three voices of one model, in one group."""
    names = ("rachel", "drew", "bella")
    branches = [
        task(
            2 + index,
            f"generate_voices.{index + 1}",
            label=name,
            model="elevenlabs",
            provider="elevenlabs",
            type_="text_to_speech",
            price=priced("0.100", "0.125"),
        )
        for index, name in enumerate(names)
    ]
    return plan_of(group(1, "generate_voices", branches), name="multi_voice_tts_parallel")


def voices_story(plan: Plan) -> list[RunEvent]:
    """All three are done, the first at 5.8 s."""
    rachel, drew, bella = plan.tasks
    return [
        RunStarted(at=0.0, run="7k2m", tasks=3),
        began(rachel, 0.0, order=(0, 0)),
        began(drew, 0.0, order=(0, 1)),
        began(bella, 0.0, order=(0, 2)),
        moved(rachel, 1.0, "generating"),
        moved(drew, 1.0, "generating"),
        moved(bella, 1.0, "generating"),
        ended(rachel, 5.8, seconds=5.8, billed="0.100", output="voice_rachel.mp3", order=(0, 0)),
        moved(drew, 6.0, "downloading", 0.62),
        ended(drew, 7.4, seconds=7.4, billed="0.100", output="voice_drew.mp3", order=(0, 1)),
        ended(bella, 8.1, seconds=8.1, billed="0.100", output="voice_bella.mp3", order=(0, 2)),
        ContainerEnded(at=8.1, task="generate_voices", template=1, status=Status.DONE, seconds=8.1),
        RunEnded(
            at=8.2,
            run="7k2m",
            status=RunStatus.DONE,
            exit_code=0,
            seconds=8.2,
            billed=300_000_000,
            outputs=("voice_rachel.mp3", "voice_drew.mp3", "voice_bella.mp3"),
        ),
    ]


# --- one of three fails


def pictures_plan() -> Plan:
    """Three models of one text, in one group."""
    models = (
        ("imagen4", "nano_banana_2", "0.08"),
        ("flux", "flux_dev", "0.025"),
        ("seedream", "seedream_4_5", "0.04"),
    )
    branches = [
        task(2 + i, f"parallel_group_1.{i + 1}", label=label, model=model, price=priced(usd))
        for i, (label, model, usd) in enumerate(models)
    ]
    return plan_of(group(1, "parallel_group_1", branches), name="multi_model_image_comparison")


def pictures_story(plan: Plan) -> list[RunEvent]:
    """Flux first, then imagen4; seedream gives up after three attempts."""
    imagen, flux, seedream = plan.tasks
    started = [began(each, 0.0, order=(0, i)) for i, each in enumerate((imagen, flux, seedream))]
    return [
        RunStarted(at=0.0, run="9c4f", tasks=3),
        *started,
        ended(flux, 3.9, seconds=3.9, billed="0.025", output="flux_result.png", order=(0, 1)),
        retrying(seedream, 10.2, attempt=2, next_at=13.0),
        ended(
            imagen, 14.2, seconds=14.2, billed="0.080", output="imagen4_result.png", order=(0, 0)
        ),
        retrying(seedream, 26.3, attempt=3, next_at=29.0),
        ended(
            seedream,
            41.7,
            seconds=41.7,
            status=Status.FAILED,
            problem=HTTP_500,
            attempts=3,
            order=(0, 2),
        ),
        ContainerEnded(
            at=41.8, task="parallel_group_1", template=1, status=Status.FAILED, seconds=41.8
        ),
        RunEnded(
            at=41.9,
            run="9c4f",
            status=RunStatus.FAILED,
            exit_code=1,
            seconds=41.9,
            billed=105_000_000,
        ),
    ]


def retrying(each: Task, at: float, *, attempt: int, next_at: float) -> StepRetrying:
    return StepRetrying(
        at=at,
        task=each.path,
        template=each.number,
        label=each.label,
        problem=HTTP_500,
        attempt=attempt,
        max_attempts=3,
        next_at=next_at,
    )


# --- many branches


def wide_plan(branches: int = 300) -> Plan:
    """One group of many branches, of three models in turn."""
    models = ("flux_dev", "nano_banana_2", "seedream_4_5")
    tasks = [
        task(
            2 + index,
            f"pictures.{index + 1}",
            label=f"picture {index + 1}",
            model=models[index % 3],
            price=priced("0.025"),
        )
        for index in range(branches)
    ]
    return plan_of(group(1, "pictures", tasks), name="wide")


def wide_story(plan: Plan, workers: int, failing: int = 7) -> Iterator[RunEvent]:
    """All branches, `workers` at once, one second apart; every `failing`-th fails."""
    tasks = list(plan.tasks)
    yield RunStarted(at=0.0, run="w1de", tasks=len(tasks))
    for index in range(len(tasks) + workers):
        if index >= workers:
            yield _wide_end(tasks[index - workers], index - workers, workers, failing)
        if index < len(tasks):
            yield began(tasks[index], index * 0.1, order=(0, index))
            yield moved(tasks[index], index * 0.1, "generating")
    failed = len(tasks) // failing
    done = len(tasks) - failed
    end = (len(tasks) + workers) * 0.1
    yield RunEnded(
        at=end,
        run="w1de",
        status=RunStatus.FAILED,
        exit_code=1,
        seconds=end,
        billed=done * 25_000_000,
    )


def _wide_end(each: Task, index: int, workers: int, failing: int) -> StepEnded:
    at, seconds = (index + workers) * 0.1, workers * 0.1 + index % 5
    order = (0, index)
    if (index + 1) % failing == 0:
        return ended(
            each,
            at,
            seconds=seconds,
            status=Status.FAILED,
            problem=HTTP_500,
            attempts=3,
            order=order,
        )
    name = f"picture_{index + 1}.png"
    return ended(each, at, seconds=seconds, billed="0.025", output=name, order=order)


# --- a batch


def batch_plan(items: int = 1_000, *, known: bool = True) -> Plan:
    """A batch whose items are a chain of two tasks: a picture and its clip."""
    times = items if known else None
    picture = task(
        3,
        "shots[].picture",
        label="picture",
        model="flux_dev",
        price=priced("0.025"),
        times=times,
    )
    clip = task(
        4,
        "shots[].clip",
        label="clip",
        model="hailuo",
        type_="image_to_video",
        price=priced("0.27"),
        times=times,
    )
    body = chain(2, "", "shots[]", [picture, clip])
    found = [Item(f"row{index + 1}", f"text {index + 1}") for index in range(items)]
    return plan_of(batch(1, "shots", body, found if known else None), name="storyboard")


def batch_story(plan: Plan, items: int = 1_000, window: int = 8) -> Iterator[RunEvent]:
    """Every item, the later ones of a window first."""
    picture, clip = plan.tasks
    known = all(each.times is not None for each in plan.tasks)
    yield RunStarted(at=0.0, run="b47c", tasks=2 * items if known else None)
    yield BatchExpanded(at=0.0, task="shots", template=1, items=items)
    for start in range(0, items, window):
        numbers = range(start, min(start + window, items))
        for number in numbers:
            yield _item_began(picture, number, 0)
        for number in reversed(numbers):
            yield _item_ended(picture, number, 0, f"picture-row{number + 1}.png", "0.025")
            yield _item_began(clip, number, 1)
            yield _item_ended(clip, number, 1, f"clip-row{number + 1}.mp4", "0.27")
    yield RunEnded(
        at=items * 1.0,
        run="b47c",
        status=RunStatus.DONE,
        exit_code=0,
        seconds=items * 1.0,
        billed=items * 295_000_000,
    )


def _item_began(each: Task, number: int, index: int) -> StepStarted:
    return StepStarted(
        at=float(number),
        task=each.path.replace("[]", f"[row{number + 1}]"),
        template=each.number,
        label=f"row{number + 1} {each.label}",
        order=(0, number, index),
    )


def _item_ended(each: Task, number: int, index: int, output: str, billed: str) -> StepEnded:
    return ended(
        each,
        float(number + 1),
        seconds=2.0 + number % 3,
        billed=billed,
        output=output,
        order=(0, number, index),
        path=each.path.replace("[]", f"[row{number + 1}]"),
        label=f"row{number + 1} {each.label}",
    )


# --- all local, a failure upstream, several sections


def local_plan(*, mock: bool) -> Plan:
    """Two plain steps, free; with `mock` they stand in for models that cost."""
    provider, model = ("fal", "flux_dev") if mock else ("local", "local")
    picture = task(
        1, "text_to_image_1", label="text_to_image_1", model=model, provider=provider, mock=mock
    )
    clip = task(
        2,
        "image_to_video_1",
        label="image_to_video_1",
        model="hailuo" if mock else "local",
        provider=provider,
        type_="image_to_video",
        mock=mock,
    )
    return plan_of(picture, clip, name="still_to_clip", mock=mock)


def local_story(plan: Plan) -> list[RunEvent]:
    """Both are done."""
    picture, clip = plan.tasks
    return [
        RunStarted(at=0.0, run="l0ca", tasks=2),
        began(picture, 0.0, order=(0,)),
        ended(picture, 0.4, seconds=0.4, output="text_to_image_1.png", order=(0,)),
        began(clip, 0.4, order=(1,)),
        ended(clip, 2.1, seconds=1.7, output="image_to_video_1.mp4", order=(1,)),
        RunEnded(
            at=2.2,
            run="l0ca",
            status=RunStatus.DONE,
            exit_code=0,
            seconds=2.2,
            billed=0,
            outputs=("image_to_video_1.mp4",),
        ),
    ]


def film_plan() -> Plan:
    """A picture, two clips of it in a group, and their merge: three sections."""
    hero = task(1, "hero", label="hero", model="nano_banana_2", price=priced("0.08"))
    clips = [
        task(
            3 + index,
            f"clips.{index + 1}",
            label=model,
            model=model,
            type_="image_to_video",
            price=priced(usd),
        )
        for index, (model, usd) in enumerate((("hailuo", "0.27"), ("kling", None)))
    ]
    merge = task(
        5,
        "merge_outputs_1",
        label="merge_outputs_1",
        model="combine_images",
        provider="local",
        type_="merge_outputs",
    )
    return plan_of(hero, group(2, "clips", clips), merge, name="film")


NEEDS_HERO = Problem(code="skipped", message="needs hero")


def film_story(plan: Plan) -> list[RunEvent]:
    """The picture is refused by its provider, so all else is skipped."""
    hero, hailuo, kling, merge = plan.tasks
    refused = Problem(code="fal.moderated", message="the prompt was refused", hint="reword it")
    return [
        RunStarted(at=0.0, run="f1lm", tasks=4),
        began(hero, 0.0, order=(0,)),
        ended(hero, 2.0, seconds=2.0, status=Status.FAILED, problem=refused, order=(0,)),
        *(
            ended(
                each,
                2.0,
                seconds=0.0,
                status=Status.SKIPPED,
                problem=NEEDS_HERO,
                attempts=0,
                order=order,
            )
            for each, order in ((hailuo, (1, 0)), (kling, (1, 1)), (merge, (2,)))
        ),
        RunEnded(at=2.0, run="f1lm", status=RunStatus.FAILED, exit_code=1, seconds=2.0, billed=0),
    ]


def summary_of(plan: Plan, story: Iterable[RunEvent], *, kept: int = 500) -> Summary:
    """What a run has come to after these events."""
    fold = SummaryFold(plan, kept=kept)
    for event in story:
        fold.add(event)
    return fold.summary()

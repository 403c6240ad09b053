"""What a kept answer of OpenAI's is worth to another process, and which files are sent at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.fakes.openai import OpenAI
from support.sinks import FolderSink
from support.till.server import served

from aipipe.catalog.catalogue import load
from aipipe.catalog.wiring import wire
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Job, OutputRequest, Provenance, Receipt
from aipipe.contracts.outcome import Failed, FetchOutcome, Finished, Lost, Made, SubmitOutcome
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http.dialect import forms
from aipipe.providers.openai import PROVIDER


@dataclass(frozen=True)
class Kept:
    """Keeps answers in a folder, and the job as it was before its answer was read."""

    folder: Path
    jobs: list[Job]

    def answered(self, job: Job, receipt: Receipt | None, body: Iterable[bytes]) -> Job:
        assert receipt is None
        path = self.folder / "answer"
        path.write_bytes(b"".join(body))
        data = {**job.data, "answer": str(path)}
        self.jobs.append(Job(provider=job.provider, id=job.id, data=data))
        return self.jobs[-1]


def call_of(name: str, medium: str, *, rebuilt: bool) -> Call:
    model = load().models[name]
    said = Provenance(pipeline="p", step="s", model=name, provider="openai", mock=False)
    return Call(
        task="s",
        plugin="provider:openai",
        type=model.types[0],
        model=name,
        endpoint=model.endpoint,
        wire=None if rebuilt else wire(model, {}, None, {}),
        inputs={} if rebuilt else {"prompt": "a fox"},
        output=OutputRequest(medium=medium, extension=None),
        provenance=said,
        rebuilt=rebuilt,
    )


def both_ways(
    fake: OpenAI, name: str, medium: str, folder: Path
) -> tuple[SubmitOutcome, FetchOutcome]:
    """What a call came to, and what a process makes of its answer that knows nothing else."""
    jobs: list[Job] = []
    assert PROVIDER.submit is not None
    assert PROVIDER.fetch is not None
    with served(fake) as base:
        fake.base = base
        tools = Tools(
            sink=FolderSink(folder=folder),
            report=lambda _share, _word: None,
            cancelled=lambda: False,
            clock=lambda: 0.0,
            secret=fake.environment.get,
            answered=Kept(folder, jobs).answered,
        )
        made = PROVIDER.submit(call_of(name, medium, rebuilt=False), tools)
    return made, PROVIDER.fetch(jobs[0], call_of(name, medium, rebuilt=True), tools)


@pytest.mark.parametrize(
    ("name", "medium", "nano_usd"),
    [("gpt_image_2_openai", "image", 30_060_000), ("gpt_5_4_mini", "text", 51_000)],
)
def test_a_process_that_finds_a_kept_answer_comes_to_the_same_bill(
    name: str, medium: str, nano_usd: int, tmp_path: Path
) -> None:
    fake = OpenAI()
    made, found = both_ways(fake, name, medium, tmp_path)

    assert isinstance(made, Made)
    assert isinstance(found, Finished)
    assert made.receipt is not None
    assert made.receipt.nano_usd == nano_usd
    assert found.produced.receipt == made.receipt
    assert [each.medium for each in found.produced.artefacts] == [medium]
    assert fake.faults == []


def test_a_process_that_finds_a_refusal_takes_no_half_answer_for_the_whole(tmp_path: Path) -> None:
    fake = OpenAI(finish="content_filter", answer_text="half a")
    made, found = both_ways(fake, "gpt_5_4_mini", "text", tmp_path)

    assert isinstance(made, Failed)
    assert isinstance(found, Lost)
    assert found.problem == made.problem
    assert found.receipt is not None
    assert found.receipt.nano_usd == made.billed_nano_usd


def test_a_sound_of_more_than_25_mb_is_not_sent() -> None:
    most = forms.TRANSCRIPTS.most_bytes
    sound = ArtefactRef(sha256="0" * 64, medium="audio", extension="mp3", bytes=most, label="talk")
    forms.check(sound, forms.TRANSCRIPTS)

    longer = ArtefactRef(sha256="0", medium="audio", extension="mp3", bytes=most + 1, label="talk")
    with pytest.raises(StepError) as refused:
        forms.check(longer, forms.TRANSCRIPTS)

    assert refused.value.message == (
        "'talk' has 26,214,401 bytes, and /audio/transcriptions takes 25 MB"
    )

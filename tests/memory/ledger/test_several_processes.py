"""Three processes of 64 threads each spend from one day's cap."""

import subprocess

from memory.ledger.keeping import TESTS, TODAY, kept_totals, program, summed_totals

from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.opening import open_ledger
from aipipe.memory.ledger.reading import reading
from aipipe.memory.ledger.totals import Total

CAP = 1_000


def test_no_race_crosses_the_cap_and_what_would_have_fitted_is_not_refused(place: Place) -> None:
    open_ledger(place).close()
    processes = [
        subprocess.Popen(
            program("spending", place.home, name, CAP),
            cwd=TESTS,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b", "c")
    ]
    highest = watched(place, processes)
    told = [process.communicate()[0].split() for process in processes]

    assert [
        (process.returncode, words[-1]) for process, words in zip(processes, told, strict=True)
    ] == [(0, "end")] * 3
    assert kept_totals(place) == summed_totals(place)
    end = kept_totals(place)[TODAY]
    assert (highest <= CAP, end.held) == (True, 0)
    refused = [int(word) for words in told for word in words[:-1]]
    assert [hold for hold in refused if end.spent + hold <= CAP] == []
    assert refused
    assert end.spent > CAP // 2


def watched(place: Place, processes: list[subprocess.Popen[str]]) -> int:
    """The most that was held and billed at any instant that was looked at."""
    highest = Total()
    with reading(place) as reader:
        assert reader is not None
        while any(process.poll() is None for process in processes):
            now = reader.total(TODAY)
            highest = max(highest, now, key=lambda total: total.held + total.spent)
    return highest.held + highest.spent

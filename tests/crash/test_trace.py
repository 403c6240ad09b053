"""What a run has on disk, and when: seen in its system calls."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from crash import tracing
from crash.laws import calls
from crash.running import pipeline
from support.till.starting import started

SEEN = "trace=pwrite64,fdatasync,fsync,rename,sendto"
LINE = re.compile(r"^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$")


@dataclass
class Disk:
    """What is on disk, by the calls so far."""

    unsynced: list[str] = field(default_factory=list)
    synced: str = ""
    renamed: dict[str, str] = field(default_factory=dict)
    """The folder of each file of the store that is not yet sure to be there."""
    whole: set[str] = field(default_factory=set)
    """Scratch files whose content is on disk."""
    settled: set[str] = field(default_factory=set)
    """Files of the store that are there for good, by name."""
    _begun: dict[str, str] = field(default_factory=dict)

    def see(self, line: str) -> str | None:
        """Take in a line of the trace; gives what is sent, if it sends something."""
        found = LINE.match(line)
        if found is None:
            return None
        thread, resumed, call, rest = found.groups()
        if call is not None and "<unfinished" in rest:
            self._begun[thread] = rest
        name, what = resumed or call, self._begun.pop(thread, "") if resumed else rest
        if name == "pwrite64" and call is not None and "ledger.sqlite3-wal>" in rest:
            self.unsynced.append(rest)
        elif name in {"fdatasync", "fsync"} and "<unfinished" not in rest:
            self._sync(what)
        elif name == "rename" and "/store/" in what and "<unfinished" not in rest:
            source, target = re.findall(r'"([^"]+)"', what)[:2]
            assert source in self.whole, "renamed before its content was on disk"
            self.renamed[Path(target).stem] = str(Path(target).parent)
        return rest if name == "sendto" and call is not None else None

    def _sync(self, what: str) -> None:
        path = re.findall(r"<([^>]+)>", what)[0]
        if path.endswith("ledger.sqlite3-wal"):
            self.synced += "".join(self.unsynced)
            self.unsynced = []
        self.whole.add(path)
        self.settled |= {name for name, folder in self.renamed.items() if folder == path}


@tracing.needed
def test_each_intent_is_on_disk_before_its_call_and_each_result_before_it_is_said_to_be_kept(
    tmp_path: Path,
) -> None:
    (tmp_path / "crash.yaml").write_text(pipeline(3, 2), encoding="utf-8")
    trace = tmp_path / "trace"
    with started(tmp_path / "till") as till:
        how = ("-y", "-s", "5000", "-o", str(trace), "-e", SEEN)
        assert tracing.carried_out(tmp_path, till.environment, *how).returncode == 0

    disk, sent, kept = Disk(), set(), {outputs_of(tmp_path)[0]}
    hashes = set(outputs_of(tmp_path))
    for line in trace.read_text(errors="replace").splitlines():
        before = len(disk.unsynced)
        request = disk.see(line)
        if request is not None and '\\"prompt\\":' in request:
            form, number = re.findall(r"(job|now)(\d)", request)[0]
            task = f"all.{'jobs' if form == 'job' else form}[{int(number) + 1}]"
            assert task in disk.synced, f"{task} was sent before its intent was on disk"
            sent.add(task)
        if len(disk.unsynced) > before:
            told = {each for each in hashes if f'{{\\"sha256\\":\\"{each}' in disk.unsynced[-1]}
            assert told <= disk.settled, "said to be kept before it was on disk"
            kept |= told

    assert len(sent) == 5
    assert kept == hashes


def outputs_of(folder: Path) -> list[str]:
    return [each["sha256"] for call in calls(folder) for each in call.outputs or ()]  # type: ignore[union-attr,call-overload,index,misc]

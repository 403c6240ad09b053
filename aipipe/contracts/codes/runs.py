"""Codes of a run: its cap, its steps, its ledger."""

from typing import Final

from aipipe.contracts.codes.code import Code, Kind, Spent

RUNS: Final = Kind(
    title="runs",
    codes=(
        Code(
            "cap",
            "it could cost more than is left under a cap",
            "--max-cost USD  raises that of the run, budget:  that of the file or of a group, "
            "AIPIPE_MAX_COST_PER_DAY  that of the day; --partial  does what fits",
        ),
        Code(
            "price_exceeded",
            "a call to this model cost more than it could, so none follows in this run",
            "give the step the right  price:, and report the catalogue's if it is wrong; "
            "aipipe models NAME  shows what it has cost",
        ),
        Code(
            "needs",
            "a step that it needs has no result",
            "look at that step; on_error: continue  there lets others go on without it",
        ),
        Code(
            "when",
            "its condition is false, so it was skipped",
            "nothing is wrong;  when:  of the step says when it runs",
        ),
        Code(
            "passed_over",
            "a step that it needs was skipped by a condition",
            "nothing is wrong;  when:  of that step says when it runs",
        ),
        Code(
            "approval",
            "it waits for a person to agree",
            "look at what is there, then go on with  --approve STEP",
        ),
        Code(
            "waits",
            "a step before it waits for a person to agree",
            "look at what is there, then go on with  --approve STEP",
        ),
        Code(
            "step_failed",
            "a step inside it failed",
            "look at that step; on_error: continue, or  min_success  of the group, allows some",
        ),
        Code(
            "items_failed",
            "items of the batch failed",
            "look at those items; max_failures  or  min_success  of the batch allows some",
        ),
        Code(
            "too_many_failures",
            "more failed than the group or batch allows",
            "look at what failed; max_failures  and  min_success  say what is allowed",
        ),
        Code(
            "outrun",
            "another branch of its race was first",
            "nothing: what it had made by then is kept, and reused when it is asked for",
            Spent.PERHAPS,
        ),
        Code(
            "missing_column",
            "a row has no value in a column that a step names",
            "give every row that column, or take another one",
        ),
        Code(
            "same_output",
            "two steps would write the same file",
            "give one of them another  output_file",
            Spent.PERHAPS,
        ),
        Code(
            "output_not_written",
            "a result is kept, and could not be written to the output folder",
            "make room or choose another folder with  --output-dir, and run it again: it is reused",
            Spent.PERHAPS,
        ),
        Code(
            "left",
            "the run was interrupted, and the job goes on at its provider",
            "give the same command again: it collects the result, and pays no more for it",
            Spent.PERHAPS,
        ),
        Code(
            "stopped",
            "the run was stopped before the step began or finished",
            "give the same command again: it goes on from there",
            Spent.PERHAPS,
        ),
        Code(
            "abandoned",
            "the call was given up, and is never fetched",
            "run its step again, which is a new call",
            Spent.PERHAPS,
        ),
        Code(
            "moved",
            "another process has gone on with the call meanwhile",
            "look again: aipipe jobs list",
            Spent.PERHAPS,
        ),
        Code(
            "unknown",
            "it failed, and nothing says why",
            "aipipe runs show RUN  says what is known of it",
            Spent.PERHAPS,
        ),
        Code(
            "disk",
            "this machine can't read or write a file",
            "look at the file that the message names; AIPIPE_HOME  says where results are kept",
            Spent.PERHAPS,
        ),
        Code(
            "disk_full",
            "the disk of the ledger is full, so nothing new is sent",
            "make room, and run it again; aipipe cache prune  removes old results",
        ),
        Code(
            "ledger",
            "the ledger can't be read or written, so nothing is sent",
            "do what the message says; AIPIPE_HOME  says where the ledger is",
        ),
        Code(
            "ledger_full",
            "the disk of the ledger is full",
            "make room, and give the same command again; aipipe cache prune  removes old results",
        ),
        Code(
            "bug",
            "aipipe itself is at fault",
            "please report it with its message; what was paid for is in the ledger",
            Spent.PERHAPS,
        ),
    ),
)

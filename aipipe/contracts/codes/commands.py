"""Codes of commands that could not be carried out."""

from typing import Final

from aipipe.contracts.codes.code import Code, Kind, Spent

COMMANDS: Final = Kind(
    title="commands",
    codes=(
        Code(
            "usage",
            "the command can't be carried out as it was given",
            "do what the message says; --help  of the command has examples",
        ),
        Code(
            "faults",
            "the file has faults, each with a code of its own",
            "correct them; aipipe validate FILE  shows them all",
        ),
        Code(
            "declined",
            "the question was answered with no",
            "give the same command again; --yes  answers yes",
        ),
        Code(
            "price_list",
            "prices come from a provider's own list that was kept, or that list can't be used",
            "aipipe models --refresh  asks anew; without the file the shipped prices count",
        ),
        Code(
            "no_prices",
            "the provider has no list of prices that can be asked for",
            "nothing: the catalogue's price counts",
        ),
        Code(
            "env_file",
            "something in a file of keys is not used, or can't be read",
            "look at the line that is named; --no-env-file  reads no such file",
        ),
        Code(
            "output_in_the_way",
            "a file that aipipe did not write stands where an output would go",
            "move it, or choose another folder with  --output-dir; --overwrite  replaces it",
        ),
        Code(
            "output_outside",
            "a run's ledger names an output outside of the output folder",
            "look at where that ledger comes from: nothing is written outside of the folder",
        ),
        Code(
            "run_taken",
            "another process carries out this run",
            "wait until it has ended, or begin another run with  --new-run",
        ),
        Code(
            "results_lost",
            "the results could not be printed",
            "print to a disk with room; the run's results are in its output folder",
            Spent.PERHAPS,
        ),
    ),
)

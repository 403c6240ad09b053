"""Codes of calls to providers: generic words, the same for all of them."""

from typing import Final

from aipipe.contracts.codes.code import Again, Code, Kind, Spent

_RETRY_REFUSED = "the same call is sent again only with  --retry-refused"
_DOUBT = (
    "aipipe jobs list  shows it, and  aipipe jobs fetch  looks for its job; --unconfirmed retry "
    " sends it again, and may pay twice"
)

PROVIDERS: Final = Kind(
    title="calls to providers",
    codes=(
        Code(
            "missing_key",
            "the provider's key is not set",
            "set the variable that the message names; aipipe doctor  shows which are set",
        ),
        Code(
            "bad_key",
            "the provider does not take the key",
            "copy it again, whole and without line ends; accepted jobs go on, and are collected "
            "with the right key",
        ),
        Code(
            "no_credit",
            "the account has no credit, or its quota is used up",
            "add credit at the provider, and give the same command again: what is done is reused",
        ),
        Code(
            "not_allowed",
            "the account or its key may not do this",
            "look at what its plan and its key allow, or take another model: aipipe models",
        ),
        Code(
            "not_found",
            "the provider has no such model, voice or job",
            "compare the name with  aipipe models NAME  and  aipipe voices",
        ),
        Code(
            "refused.input",
            "moderation refused what was asked for",
            f"change the prompt or the file that was sent; {_RETRY_REFUSED}",
            Spent.PERHAPS,
        ),
        Code(
            "refused.output",
            "moderation keeps back what was made",
            f"change the prompt or the seed; {_RETRY_REFUSED}",
            Spent.PERHAPS,
        ),
        Code(
            "bad_parameter",
            "the provider does not take one of the parameters",
            "change the one that the message names; aipipe models NAME  shows what it can be",
            Spent.PERHAPS,
        ),
        Code(
            "rate_limit",
            "more calls in a time than the account may make",
            "nothing: the provider is left alone for as long as it asks; --max-workers N  sends "
            "fewer at once",
            again=Again.FREELY,
        ),
        Code(
            "too_many_at_once",
            "more calls at the same time than the account may make",
            "nothing: it waits for the others to end; --max-workers N  sends fewer at once",
            again=Again.FREELY,
        ),
        Code(
            "overloaded",
            "the provider has too much to do, and has taken nothing",
            "run it again later; retry:  of the step allows more attempts",
            again=Again.ATTEMPTS,
        ),
        Code(
            "job_failed",
            "the provider took the job and could not finish it",
            "run it again, which is a new call, or take another model",
            Spent.PERHAPS,
        ),
        Code(
            "result.expired",
            "it was made and paid for, and the provider has it no longer",
            "--rebuy  buys it again; aipipe jobs fetch  collects results in time",
            Spent.YES,
        ),
        Code(
            "result.lost",
            "it was made and paid for, and broke off on its way here",
            "--rebuy  buys it again",
            Spent.YES,
        ),
        Code(
            "download_broken",
            "the result did not come whole",
            "run it again: it is made and paid for, and is only downloaded",
            Spent.YES,
            Again.FREELY,
        ),
        Code(
            "answer_unreadable",
            "an answer is not what was promised: a web page, another type, too large",
            "run it again: what was accepted is not paid for twice; please report it if that "
            "does not help",
            Spent.PERHAPS,
        ),
        Code(
            "no_answer",
            "nothing says whether the provider has taken the call",
            _DOUBT,
            Spent.PERHAPS,
        ),
        Code(
            "unconfirmed",
            "an earlier run sent the call, and nothing says whether it was taken",
            _DOUBT,
            Spent.PERHAPS,
        ),
        Code(
            "not_sent",
            "the provider could not be reached, so nothing was sent",
            "look at the network and the proxy, and run it again",
            again=Again.ATTEMPTS,
        ),
        Code(
            "unreached",
            "a job or a result could not be asked for",
            "run it again: the job goes on, and is only asked for",
            Spent.PERHAPS,
            Again.FREELY,
        ),
        Code(
            "bad_address",
            "the provider's address can't be called",
            "correct the variable that says where it is, or unset it",
        ),
        Code(
            "not_connected",
            "the provider is known, and can't be called from here",
            "take another model, or  model: local; a provider of a plug-in needs it installed",
        ),
        Code(
            "timed_out",
            "the step took longer than its timeout",
            "give the same command again: a job that goes on is collected; timeout: 10m  gives "
            "it more time",
            Spent.PERHAPS,
        ),
        Code(
            "cancelled",
            "the call was stopped before it finished",
            "run it again, which is a new call",
            Spent.PERHAPS,
        ),
    ),
)

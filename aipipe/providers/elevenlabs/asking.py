"""Questions to ElevenLabs that cost nothing, with its own words for a no."""

from collections.abc import Mapping
from time import time
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.outcome import Rejected, problem_of
from aipipe.errors import StepError
from aipipe.providers.elevenlabs.refusals import RULES
from aipipe.providers.http import json_text, verdicts
from aipipe.providers.http.asking import BUSY, NOT_OK, OK, SERVER_FAULT, reply
from aipipe.providers.http.errors import UnreachedError
from aipipe.providers.http.site import Site

MOST_PAGES: Final = 20
"""Pages of a list that are read."""


def asked(site: Site, path: str) -> Mapping[str, Json]:
    """The JSON object that is at a path.

    Raises:
        UnreachedError: it did not get through, or can't be answered now: ask again.
        StepError: it is refused, with a code of `verdicts.CODES`.
        HttpError: the answer can't be used.
    """
    answer = reply(site, path)
    if OK <= answer.status < NOT_OK:
        return json_text.parsed_object(answer.body)
    if answer.status in BUSY or answer.status >= SERVER_FAULT:
        raise UnreachedError(f"{answer.status}: '{path.partition('?')[0]}' can't be answered now")
    said = verdicts.Reply(status=answer.status, headers=answer.headers, body=answer.body)
    problem = verdicts.verdict(said, RULES, site, time()).problem
    raise StepError(problem.code, problem.message)


def rejected(error: StepError) -> Rejected:
    """What a refusal before the call means for the call."""
    known = verdicts.CODES.get(error.code)
    return Rejected(problem=problem_of(error), closes_provider=known is not None and known.closes)

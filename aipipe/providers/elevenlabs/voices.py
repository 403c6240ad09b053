"""A voice of the account's own, by its name.

Wire facts: ElevenLabs' OpenAPI document, 2026-08, and its SDK 2.78.0.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final
from urllib.parse import urlencode

from aipipe.contracts.artefact import Json
from aipipe.errors import StepError
from aipipe.providers.elevenlabs.asking import MOST_PAGES, asked
from aipipe.providers.http import json_text, uploads
from aipipe.providers.http.site import Site

_ID: Final = re.compile(r"[A-Za-z0-9]{20}")
_MOST_NAMED: Final = 8
"""Names that a message lists."""
HINT: Final = "give the voice's id, or a name of 'aipipe voices'"


def id_of(voice: str, site: Site) -> str:
    """The id of a voice; a name is looked up once by a process and key.

    Raises:
        UnreachedError: the account can't be asked now.
        StepError: none or several are called so.
    """
    if _ID.fullmatch(voice):
        return voice
    key = ("elevenlabs voice", site.base, site.account, voice)
    return uploads.once(key, partial(_looked_up, voice, site))


def _looked_up(voice: str, site: Site) -> str:
    found = list(_voices(voice, site))
    ids = [each for name, each in found if name.casefold() == voice.casefold()]
    ids = ids or [each for name, each in found if _short(name) == voice.casefold()]
    match ids:
        case [only]:
            return only
        case []:
            names = ", ".join(f"'{name}'" for name, _ in found[:_MOST_NAMED])
            like = f"; similar: {names}" if names else ""
            message = f"no voice of the account is called '{voice}'{like}"
            raise StepError("not_found", message, hint=HINT)
        case _:
            listed = ", ".join(f"'{each}'" for each in ids[:_MOST_NAMED])
            message = f"{len(ids)} voices of the account are called '{voice}': {listed}"
            raise StepError("bad_parameter", message, hint="give the id of one")


def _short(name: str) -> str:
    """What is said of a voice follows its name: `Sarah - Mature, Reassuring`."""
    return name.partition(" - ")[0].strip().casefold()


def _voices(voice: str, site: Site) -> Iterator[tuple[str, str]]:
    """Names and ids of the voices that a search finds: it looks at more than names."""
    query: dict[str, str] = {"search": voice, "page_size": "100"}
    for _ in range(MOST_PAGES):
        page = asked(site, f"/v2/voices?{urlencode(query)}")
        yield from map(_named, json_text.objects_in(page, "voices"))
        following = page.get("next_page_token")
        if page.get("has_more") is not True or not isinstance(following, str):
            return
        query["next_page_token"] = following


def _named(found: Mapping[str, Json]) -> tuple[str, str]:
    return json_text.text_in(found, "name"), json_text.text_in(found, "voice_id")

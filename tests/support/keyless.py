"""A world in which no key is set, no address is moved, and no proxy stands in the way."""

import os

import pytest

from aipipe.app.discover import own_registry
from aipipe.app.environment import address_variables, key_variables

_MORE = ("SSL_CERT_FILE", "SSL_CERT_DIR", "AIPIPE_ENV_FILE", "AIPIPE_NO_ENV_FILE")


def keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset all of these."""
    known = {*key_variables(own_registry()), *address_variables(own_registry()), *_MORE}
    for name in [*os.environ]:
        if name in known or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)

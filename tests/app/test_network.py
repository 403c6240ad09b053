"""What the doctor says of proxies and certificates is what the HTTP client goes by."""

import os
from pathlib import Path
from urllib.request import getproxies_environment

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.app.network import Proxy, proxies, trust

NAMES = (
    *("http_proxy", "HTTP_PROXY", "Https_Proxy", "https_proxy", "HTTPS_PROXY"),
    *("all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "REQUEST_METHOD"),
)
VARIABLES = st.dictionaries(
    st.sampled_from(NAMES),
    st.sampled_from(["", "a:1", "http://b:2"]),
)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no small letters in variables")
@given(variables=VARIABLES)
def test_the_variables_that_count_are_those_of_pythons_own_reading(
    variables: dict[str, str],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.delenv(name, raising=False)
        for name, value in variables.items():
            patch.setenv(name, value)
        counting = getproxies_environment()

    found = {each.variable.lower(): variables[each.variable] for each in proxies(variables)}

    wanted = {name: counting[name] for name in ("http", "https", "all", "no") if name in counting}
    assert found == {f"{name}_proxy": value for name, value in wanted.items()}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("proxy:3128", "http://proxy:3128"),
        ("socks5://[::1]:1080/", "socks5://[::1]:1080"),
        ("http://proxy/?token=canary#canary", "http://proxy"),
        ("http://ann:canary@proxy:3128", None),
        ("canary@proxy", None),
        ("http://proxy:canary", None),
        ("http://[canary", None),
        ("http://", None),
    ],
)
def test_a_proxy_is_shown_without_what_may_be_secret(value: str, shown: str | None) -> None:
    assert proxies({"HTTPS_PROXY": value}) == (Proxy(variable="HTTPS_PROXY", value=shown),)


def test_hosts_without_a_proxy_are_shown_as_they_are() -> None:
    assert proxies({"NO_PROXY": "localhost,.example.com"}) == (
        Proxy(variable="NO_PROXY", value="localhost,.example.com"),
    )


def test_a_certificate_file_goes_before_a_folder_of_them(tmp_path: Path) -> None:
    folder, file = {"SSL_CERT_DIR": str(tmp_path)}, {"SSL_CERT_FILE": str(tmp_path / "none")}

    found = [trust(each) for each in ({}, folder, {**folder, **file})]

    assert [each and (each.variable, each.is_there) for each in found] == [
        None,
        ("SSL_CERT_DIR", True),
        ("SSL_CERT_FILE", False),
    ]

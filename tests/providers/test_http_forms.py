"""Forms: what a server reads is what was given."""

from pathlib import Path

import pytest
from support.fakes.fake import Part, form_in
from support.sinks import tools_in
from support.till.service import Request

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.media import AUDIO
from aipipe.providers.http.forms import BLOCK, Form, form_of

SHA = "ab" * 32


def read(form: Form) -> list[Part]:
    """What a server makes of a form."""
    body = b"".join(form.parts())
    assert len(body) == form.length
    headers = {"content-type": form.content_type}
    return form_in(Request(number=1, method="POST", target="/", headers=headers, body=body))


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("a fox\r\n--\r\nand more", ["a fox\r\n--\r\nand more"]),
        ("", [""]),
        (True, ["true"]),
        (0.5, ["0.5"]),
        (None, []),
        ([], []),
        (["fox", "goose"], ["fox", "goose"]),
        ([1, True], ["1", "true"]),
        ({"a": [1]}, ['{"a": [1]}']),
        ([{"a": 1}], ['[{"a": 1}]']),
    ],
)
def test_a_value_is_read_as_it_was_given(value: Json, texts: list[str], tmp_path: Path) -> None:
    found = read(form_of({"word": value}, (), tools_in(tmp_path)))

    assert [(part.name, part.content.decode()) for part in found] == [("word", t) for t in texts]


def test_what_is_named_as_json_is_json(tmp_path: Path) -> None:
    form = form_of({"word": "fox"}, (), tools_in(tmp_path), as_json=frozenset({"word"}))

    assert [part.content for part in read(form)] == [b'"fox"']


def test_no_name_ends_its_own_header(tmp_path: Path) -> None:
    (part,) = read(form_of({'a"\r\nX-Evil: 1': "fox"}, (), tools_in(tmp_path)))

    assert part.name == "a%22%0D%0AX-Evil: 1"


def test_a_file_follows_the_fields_in_blocks(tmp_path: Path) -> None:
    content = b"x" * (BLOCK + 5)
    (tmp_path / f"{SHA}.mp3").write_bytes(content)
    file = ArtefactRef(sha256=SHA, medium=AUDIO, extension="mp3", bytes=len(content))

    form = form_of({"word": "fox"}, [("file", file)], tools_in(tmp_path))

    assert [(part.name, part.filename, part.content) for part in read(form)] == [
        ("word", None, b"fox"),
        ("file", "abababababababab.mp3", content),
    ]
    assert max(map(len, form.parts())) == BLOCK

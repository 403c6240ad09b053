"""Texts fit into their box, keep every word that fits, and show no letter that no font has."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from aipipe.media import letters, palettes, plates, typefaces
from aipipe.media.lettering import Setting, draw, fitted, one_line

LONG = "A wide cinematic establishing shot of an ancient library whose shelves climb the clouds, "
TEXTS = {
    "short": "a lighthouse in fog, 35mm",
    "long": LONG * 30,
    "umlauts": "Grüße aus Köln: süße Äpfel — für 5 €",
    "cyrillic": "Маяк в тумане, плёнка, холодный свет",
    "one word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte",
    "address": "https://example.com/a/long/address?that=has&no=spaces",
    "arabic": "منارة في الضباب",
    "lines": "one\n\ttwo\0three\u200b",
}


def words_of(setting: Setting) -> str:
    return " ".join(setting.lines)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("box", [(400, 120), (120, 400), (40, 12)])
def test_a_text_fits_into_its_box(text: str, box: tuple[float, float]) -> None:
    setting = fitted(text, box, largest=60, smallest=8)

    assert setting.width <= box[0]
    assert setting.height <= max(box[1], setting.face.size * 1.28)
    assert setting.lines


def test_a_short_text_is_as_large_as_may_be_and_whole() -> None:
    setting = fitted(TEXTS["short"], (800, 200), largest=40, smallest=8)

    assert (words_of(setting), setting.face.size) == (TEXTS["short"], 40)


def test_a_text_that_is_too_long_ends_with_an_ellipsis() -> None:
    setting = fitted(TEXTS["long"], (300, 60), largest=40, smallest=10)
    shown = words_of(setting)

    assert shown.endswith("…")
    assert LONG.startswith(shown.removesuffix("…")[:40])


def test_no_word_is_broken_while_it_can_be_set_smaller() -> None:
    setting = fitted("incomprehensibilities abound", (170, 200), largest=20, smallest=6)

    assert words_of(setting) == "incomprehensibilities abound"
    assert 8 <= setting.face.size < 20


def test_a_word_without_end_is_broken_rather_than_set_tiny() -> None:
    setting = fitted(TEXTS["one word"], (300, 200), largest=40, smallest=6)

    assert "".join(setting.lines) == TEXTS["one word"]
    assert setting.face.size >= 12


def test_lines_are_about_equally_long() -> None:
    setting = fitted("one two three four five six seven", (330, 200), largest=30, smallest=8)
    lengths = [setting.face.length(line) for line in setting.lines]

    assert len(lengths) == 2
    assert min(lengths) > 0.6 * max(lengths)


def test_one_line_stays_one_and_is_cut_at_its_width() -> None:
    whole, cut = (one_line(TEXTS["short"], width, 20) for width in (1000, 100))

    assert whole.lines == (TEXTS["short"],)
    assert len(cut.lines) == 1
    assert cut.width <= 100
    assert cut.lines[0].endswith("…")


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_whatever_is_drawn_some_font_has(text: str) -> None:
    plain, choice = letters.drawable(text)

    assert typefaces.choice_for(plain).lacking == frozenset()
    assert all(choice.drawn_by.get(letter, 0) < len(choice.files) for letter in plain)
    assert "\n" not in plain


@pytest.mark.parametrize("letter", "aéßЯΩאع€—")
def test_the_own_font_has_the_letters_of_europe_and_the_near_east(letter: str) -> None:
    choice = typefaces.choice_for(letter)

    assert choice == typefaces.Choice(files=(typefaces.OWN,), drawn_by={}, lacking=frozenset())


@pytest.mark.parametrize("text", ["雾中的灯塔", "霧の中の灯台", "안개 속의 등대"])
def test_other_letters_are_taken_from_the_system_or_told(text: str) -> None:
    choice = typefaces.choice_for(text)
    drawn = {letter: choice.drawn_by.get(letter, 0) for letter in text if letter.strip()}
    plain, _ = letters.drawable(text)

    assert all(drawn[letter] for letter in drawn if letter not in choice.lacking)
    if choice.lacking:
        number = sum(letter in choice.lacking for letter in text)
        assert plain.endswith(f"… [no font here has {number} of its letters]")
    else:
        assert plain == text


def test_signs_that_no_font_has_are_left_out() -> None:
    plain, choice = letters.drawable("a 🚀 b")

    assert plain == ("a b" if "🚀" in choice.lacking else "a 🚀 b")


def test_a_face_of_the_system_draws_what_the_own_one_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A font that is no font is passed over."""
    folder = tmp_path / ".fonts"
    folder.mkdir()
    (folder / "NotoSansCJK-Broken.otf").write_bytes(b"no font")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert folder / "NotoSansCJK-Broken.otf" not in typefaces.choice_for("灯塔").files


@pytest.mark.parametrize("plate", [plates.foot, plates.card, plates.middle, plates.paper])
@pytest.mark.parametrize("size", [(400, 300), (300, 400), (41, 40), (1000, 60)])
def test_a_prompt_stands_on_the_picture_in_every_manner(
    plate: plates.Plate, size: tuple[int, int]
) -> None:
    """The same plate with other words of the same length differs, and with none it does not."""
    palette = palettes.PALETTES[0]
    made = []
    for prompt in ("mmm mmm", "www www", "", ""):
        picture = Image.new("RGB", size, palette.middle)
        plate(picture, prompt, palette)
        made.append(picture.tobytes())

    assert len(set(made)) == 3
    assert made[2] == made[3] == Image.new("RGB", size, palette.middle).tobytes()


def test_a_line_that_is_flush_right_ends_where_its_room_ends() -> None:
    setting = one_line("lll", 100, 20)
    picture = Image.new("L", (100, 40))
    draw(picture, setting, (0, 0), "white", align=1, width=100)
    box = picture.getbbox()

    assert box
    assert 90 <= box[2] <= 100
    assert box[0] > 60

"""A list that is written where a value may stand: files, texts, patterns and references."""

from support.planning import planned, tasks, told

from aipipe.contracts.artefact import InputFile
from aipipe.planning.bindings import Const, FromStep, ListOf, StepRef

FILES = {"p/b.png": "", "p/a.png": "", "x.png": "", "words.txt": "hello"}


def merged(given: str, strategy: str = "collect") -> object:
    """What a merge of a written input takes."""
    text = f"""
        prompt: x
        steps:
          - {{id: one, type: text_to_image, model: local}}
          - {{id: m, type: merge_outputs, merge_strategy: {strategy}, input: {given}}}
        """
    return tasks(planned(text, files=FILES))["m"].inputs["input"]


def picture(path: str) -> InputFile:
    stem = path.rpartition("/")[2].removesuffix(".png")
    return InputFile(path=f"/pipelines/{path}", medium="image", label=stem)


def test_a_pattern_is_the_list_of_its_files_in_order() -> None:
    wanted = Const((picture("p/a.png"), picture("p/b.png")))

    assert merged('"p/*.png"', "combine_images") == wanted


def test_a_list_holds_files_texts_and_what_patterns_name() -> None:
    assert merged('[x.png, words.txt, some words, "p/*.png"]') == Const(
        (picture("x.png"), "hello", "some words", picture("p/a.png"), picture("p/b.png"))
    )


def test_a_list_may_hold_steps_among_files() -> None:
    assert merged('["${{ steps.one }}", x.png]', "combine_images") == ListOf(
        (FromStep(StepRef(0, 0)), Const(picture("x.png")))
    )


def test_what_is_wrong_in_a_list_is_told_at_its_place() -> None:
    text = """
        steps:
          - {type: merge_outputs, merge_strategy: collect, input: [gone.png, "no/*.png", x.png]}
        """

    assert told(text, files=FILES) == [
        "3:60 missing_file: no file 'gone.png'",
        "3:70 missing_file: no file matches 'no/*.png'",
    ]

"""What the parser says that no judge knows."""

import yaml

from aipipe.language.composer import Composer
from aipipe.language.source import Source
from aipipe.language.syntax.diagnosis import diagnose


def test_a_mistake_that_nobody_knows_is_told_in_the_parsers_words() -> None:
    source = Source("a.yaml", "name: fog\nsteps: []\n")
    mark = yaml.Mark("a.yaml", 0, 1, 7, None, 0)
    error = yaml.MarkedYAMLError(problem="a new problem", problem_mark=mark)

    found = diagnose(error, Composer(source), source)

    assert (found.code, found.message, found.line, found.column, found.source) == (
        "yaml",
        "this is no YAML: a new problem",
        2,
        8,
        "steps: []",
    )


def test_a_mistake_without_a_place_stands_at_the_start() -> None:
    source = Source("a.yaml", "name: fog\n")

    found = diagnose(yaml.YAMLError("a new problem\nof two lines"), Composer(source), source)

    assert (found.message, found.line, found.column) == ("this is no YAML: a new problem", 1, 1)

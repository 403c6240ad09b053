"""A step type is added by one file: the one that CONTRIBUTING shows works."""

import re
from pathlib import Path

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import run
from aipipe.app.setting import setting_of
from aipipe.contracts.step import StepType

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
PIPELINE = """\
prompt: how many words are these
steps: [{type: count_words, model: local, params: {output_file: count.txt}}]
"""


def shown() -> StepType:
    """The step type of the first Python block."""
    found = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    names: dict[str, object] = {}
    exec(found[1], names)  # noqa: S102 (our own document)
    step = names["STEP"]
    assert isinstance(step, StepType)
    return step


def test_the_step_type_that_contributing_shows_runs(tmp_path: Path) -> None:
    file = tmp_path / "count.yaml"
    file.write_text(PIPELINE, encoding="utf-8")
    world = setting_of(discover.own_registry().with_plugins([shown()]), discover.catalog())
    options = Options(
        file=str(file),
        output_dir=str(tmp_path / "out"),
        environment={"AIPIPE_HOME": str(tmp_path / "home")},
    )

    run(prepare(options, world))

    assert (tmp_path / "out" / "count.txt").read_text(encoding="utf-8") == "5"

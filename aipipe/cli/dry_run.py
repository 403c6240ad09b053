"""What `run --dry-run` prints: the plan and its price, and nothing is done."""

import json

from aipipe.app.options import Options
from aipipe.cli import estimate_screen, plan_screen
from aipipe.cli.checked import foreseen, output_of
from aipipe.cli.screen import Screen


def told(options: Options, form: str, on: Screen) -> str:
    """Plan and price, which need no key and no room in the output folder."""
    plan, found = foreseen(options, on)
    folder = str(output_of(options, plan))
    if form == "json":
        return json.dumps(plan_screen.as_json(plan, found, folder), indent=2)
    tree = plan_screen.render(plan, found, folder, on.out)
    return f"{tree}\n\n{estimate_screen.render(plan, found, on.out)}"

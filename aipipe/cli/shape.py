"""How Typer's commands look here: options by panel, examples below, one prefix for variables."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

from aipipe.cli.given import taken_as_given

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Command(TyperCommand):
    """A command whose help groups its options by panel, in the order written."""

    def get_params(self, ctx: Any) -> Any:
        """Arguments and options, quick to take."""
        return taken_as_given(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words after the command's name; what must be there stands without brackets."""
        return [
            piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)
        ]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then every panel."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                panels.setdefault(_panel(param), []).append(_plain(param, record))
        for title, records in panels.items():
            with formatter.section(title):
                formatter.write_dl(records)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples as they are."""
        del ctx
        if self.epilog:
            with formatter.section("Examples"):
                for line in self.epilog.splitlines():
                    formatter.write(f"  {line}\n" if line else "\n")


def _plain(param: Any, record: tuple[str, str]) -> tuple[str, str]:
    """An argument is called by its word alone, without a type."""
    if param.param_type_name == "argument":
        return str(param.metavar), str(param.help)
    return record


def _panel(param: Any) -> str:
    if param.param_type_name == "argument":
        return "Arguments"
    return param.rich_help_panel or "Help"


def command_of(name: str, function: Callable[..., Any], examples: str) -> Any:
    """A command from a function and its examples."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=Command, context_settings=CONTEXT, epilog=examples)(function)
    return get_command(app)

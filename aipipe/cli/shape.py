"""How Typer's commands look here: options by panel, examples below, commands within commands."""

import importlib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from keyword import iskeyword
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from aipipe.cli.given import taken_as_given
from aipipe.errors import UsageError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Command(TyperCommand):
    """A command whose help groups its options by panel, in the order written."""

    def get_params(self, ctx: Any) -> Any:
        """Arguments and options, quick to take."""
        return taken_as_given(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words that are left; whatever is wrong with them is told of this command."""
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:  # some of the library's complaints know no command
            vars(error)["ctx"] = vars(error).get("ctx") or ctx
            raise

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


class Commands(TyperGroup):
    """Commands by name, each a module of a package that is imported when it is called."""

    package: str
    summaries: Mapping[str, str]
    """By name, in the order of the help; `group_of` sets both."""

    def get_params(self, ctx: Any) -> Any:
        """Its options, quick to take."""
        return taken_as_given(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words after its name; none at all ask for its help."""
        return super().parse_args(ctx, args if args or ctx.resilient_parsing else ["--help"])

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the help."""
        del ctx
        return list(self.summaries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by its name; None: there is none."""
        del ctx
        return load(self.package, cmd_name) if cmd_name in self.summaries else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word means.

        Raises:
            UsageError: there is no such command.
        """
        word = args[0]
        if word not in self.summaries and not word.startswith("-") and not ctx.resilient_parsing:
            words = [*ctx.command_path.split()[1:], word]
            raise UsageError(f"unknown command '{' '.join(words)}'", hints=self._hints(word))
        return super().resolve_command(ctx, args)

    def _hints(self, word: str) -> tuple[str, ...]:
        if word.endswith((".yaml", ".yml")):
            return (f"to run it: aipipe run {word}",)
        close = get_close_matches(word.replace("_", "-"), self.summaries, 1)
        if close:
            return (f"did you mean '{close[0]}'?",)
        return (f"there are: {', '.join(self.summaries)}",)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write names and summaries without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))

    format_epilog = Command.format_epilog


def load(package: str, name: str) -> Any:
    """A command built from its module; where that has COMMANDS of its own, a group of them."""
    file = f"{name}_" if iskeyword(name) else name.replace("-", "_")
    module = importlib.import_module(f"{package}.{file}")
    inner = vars(module).get("COMMANDS")
    if inner is None:
        return command_of(name, module.command, module.EXAMPLES)
    return group_of(module.command, module.EXAMPLES, module.__name__, inner)


def command_of(name: str, function: Callable[..., Any], examples: str) -> Any:
    """A command from a function and its examples."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=Command, context_settings=CONTEXT, epilog=examples)(function)
    return get_command(app)


def group_of(
    function: Callable[..., Any],
    examples: str,
    package: str,
    summaries: Mapping[str, str],
    *,
    completion: bool = False,
) -> Any:
    """A group of a package's modules; with `completion` it can be installed for the shell."""
    app = typer.Typer(
        cls=Commands,
        add_completion=completion,
        no_args_is_help=False,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=CONTEXT,
        epilog=examples,
    )
    app.callback()(function)
    group = get_command(app)
    group.package, group.summaries = package, summaries  # type: ignore[attr-defined]
    return group

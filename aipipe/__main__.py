"""The command `aipipe`: answers `--version` by itself, leaves all else to `cli.main`."""

import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    arguments = sys.argv[1:]
    if arguments and arguments[0] in {"--version", "-V"}:
        # Before anything heavy is imported: scripts ask this often.
        from aipipe.version import __version__  # noqa: PLC0415

        sys.stdout.write(f"aipipe {__version__}\n")
        return
    from aipipe.cli.main import main as command_line  # noqa: PLC0415 (heavy: Typer)

    sys.exit(command_line(arguments))


if __name__ == "__main__":
    main()

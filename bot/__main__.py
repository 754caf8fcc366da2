"""The `crosslink` command."""

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Annotated, cast

import typer
from typer.core import TyperGroup

from bot import logs
from bot.commands import doctor, history, manifest, posts, preflight, reads, run, storage

GROUP = "crosslink.commands"
"""The entry points by which other rooms add commands; an installation may leave them out."""


def command() -> typer.Typer:
    """Return the command with every subcommand that is installed."""
    app = typer.Typer(
        name="crosslink",
        help="Keeps the TikTok and Instagram accounts of an agency's clients linked, and posts to both, from Slack.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for each in (run, storage, reads, history, posts, preflight, doctor, manifest):
        each.register(app)
    for entry in entry_points(group=GROUP):
        entry.load()(app)

    @app.command("help", hidden=True)
    def help_(context: typer.Context, names: Annotated[list[str] | None, typer.Argument()] = None) -> None:
        """Show this, or what one command can do."""
        typer.echo(_described(cast("typer.Context", context.parent), names or []).get_help())

    return app


def _described(group: typer.Context, names: Sequence[str]) -> typer.Context:
    """Return where the help of a command is to be had, whose names lead there from a group."""
    found = group
    for name in names:
        commands = found.command.commands if isinstance(found.command, TyperGroup) else {}
        if name not in commands:
            raise typer.BadParameter(f"There is no command {name!r}: crosslink help names those there are.")
        found = typer.Context(commands[name], info_name=name, parent=found)
    return found


def main() -> None:
    """Run the command. Until `run` knows the settings, only what needs attention is logged."""
    logs.configure(level="warning")
    command()()


if __name__ == "__main__":
    main()

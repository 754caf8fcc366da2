"""The `crosslink` command."""

from importlib.metadata import entry_points, version
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

from bot.commands.later import Commands, Later

ENTRIES = "crosslink.commands"
"""The entry points by which other rooms add commands; an installation may leave them out."""
RUNNING, LOOKING = "Set up and run", "Look and check"
COMMANDS = tuple(
    Later(name, does, f"bot.commands.{where}", panel=panel)
    for panel, name, where, does in (
        (RUNNING, "doctor", "doctor:doctor", "Check everything that is set up; say what to do."),
        (RUNNING, "run", "run:run", "Run the bot: web, Slack and scheduler."),
        (RUNNING, "migrate", "storage:migrate", "Bring the database's schema to this version."),
        (RUNNING, "keys", "storage:keys", "Make keys that seal tokens; seal everything anew."),
        (RUNNING, "erase", "storage:erase", "Erase everything that is kept about a workspace."),
        (RUNNING, "manifest", "manifest:manifest", "Print the manifest from which Slack makes the app."),
        (LOOKING, "status", "reads:status", "Show whether every link works, what needs people first."),
        (LOOKING, "history", "history:history", "Show what happened, by which evidence; or a post's story."),
        (LOOKING, "posts", "posts:posts", "Show which posts were asked for and what became of them."),
        (LOOKING, "preflight", "preflight:preflight", "Say what is wrong with a file; make one that fits."),
    )
)
ABOUT = "Keeps the TikTok and Instagram accounts of an agency's clients linked, and posts to both."
EPILOG = """crosslink help COMMAND has examples. Settings come from the environment and from .env in this folder.

Exit codes: 0 fine, 1 findings or failed checks, 2 wrong use or settings."""


def command() -> TyperGroup:
    """Return the command with every subcommand that is installed; none of them is loaded yet."""
    app = typer.Typer(
        name="crosslink",
        cls=Commands,
        help=ABOUT,
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(crosslink)
    app.command("help", hidden=True)(help_)
    group = get_group(app)
    for each in COMMANDS:
        group.add_command(each)
    for entry in entry_points(group=ENTRIES):
        entry.load()(group)
    return group


def _show_version(asked: bool) -> None:  # noqa: FBT001  as Typer calls it
    if asked:
        typer.echo(f"crosslink {version('crosslink')}")
        raise typer.Exit


def crosslink(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """What `--version` belongs to."""


def help_(context: typer.Context, names: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Show this, or what one command can do."""
    root = context.find_root()
    root.command.main([*(names or []), "--help"], prog_name=root.info_name)


def main() -> None:
    """Run the command."""
    command().main()


if __name__ == "__main__":
    main()

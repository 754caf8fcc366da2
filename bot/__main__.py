"""The `crosslink` command."""

from importlib.metadata import entry_points

import typer

from bot import logs
from bot.commands import doctor, manifest, posts, preflight, reads, run, storage

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
    for each in (run, storage, reads, posts, preflight, doctor, manifest):
        each.register(app)
    for entry in entry_points(group=GROUP):
        entry.load()(app)

    @app.command("help", hidden=True)
    def help_(context: typer.Context) -> None:
        """Show this."""
        typer.echo(context.parent.get_help() if context.parent else context.get_help())

    return app


def main() -> None:
    """Run the command. Until `run` knows the settings, only what needs attention is logged."""
    logs.configure(level="warning")
    command()()


if __name__ == "__main__":
    main()

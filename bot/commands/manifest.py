"""`crosslink manifest`: what to paste where Slack creates an app "from a manifest"."""

from typing import Annotated

import typer

from bot.commands import console
from bot.slack.manifest import manifest as made
from bot.slack.manifest import to_yaml


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(manifest)


def manifest(
    *,
    socket: Annotated[
        bool | None, typer.Option("--socket/--http", help="Socket mode or HTTP; else as the settings say.")
    ] = None,
) -> None:
    """Print Slack's app manifest for this BASE_URL."""
    settings = console.settings()
    use_socket = settings.uses_socket if socket is None else socket
    typer.echo(to_yaml(made(settings.base_url, socket=use_socket)), nl=False)
